"""The keys of a screen in its lowest line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, runtime_checkable

from textual import events
from textual.app import ComposeResult
from textual.binding import ActiveBinding
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Footer
from textual.widgets._footer import FooterKey

from tutor.tui.keys import in_order

_AROUND = 3
"""Cells around a key and its name."""
_BORDER = 1
"""Cells around the palette's key beyond those around the others."""
_PALETTE = "app.palette"


@runtime_checkable
class KnowsTheMoment(Protocol):
    """A screen on which not always the same keys matter."""

    @property
    def of_the_moment(self) -> Mapping[str, bool]:
        """Id of an action → whether it stands in the line, where that is not as declared."""


class KeyLine(Footer):
    """The keys; where they need the whole line, that of the command palette gives way. The help page has it too."""

    _drawn: tuple[tuple[str, ...], ...] = ()

    def compose(self) -> ComposeResult:
        """The keys, each action once and always in its place, and the palette's where it covers none of them."""
        self.set_reactive(Footer.show_command_palette, self._palette_fits(self.app.size.width))
        self._drawn = self._words
        yield from (self._key(each).data_bind(compact=Footer.compact) for each in self._shown)
        if self.show_command_palette and self._palette:
            yield self._key(self._palette, classes="-command-palette")

    def bindings_changed(self, screen: Screen[Any]) -> None:
        """Draws the line anew where other keys hold, which a change of focus alone seldom brings about."""
        if screen.app.app_focus and self.is_attached and screen is self.screen and self._words != self._drawn:
            self.call_after_refresh(self.recompose)

    async def on_resize(self, event: events.Resize) -> None:
        """Another width has room for more, or for less."""
        if self.show_command_palette != self._palette_fits(event.size.width):
            await self.recompose()

    @property
    def _shown(self) -> list[ActiveBinding]:
        """What stands in the line: the first key of each action, in the order in which the actions were declared."""
        now = self.screen.of_the_moment if isinstance(self.screen, KnowsTheMoment) else {}
        shown: dict[str, ActiveBinding] = {}
        for each in self._active:
            if now.get(each.binding.id or "", each.binding.show):
                shown.setdefault(each.binding.action, each)
        return list(shown.values())

    @property
    def _words(self) -> tuple[tuple[str, ...], ...]:
        """What tells two lines apart."""
        active = [*self._shown, *([self._palette] if self._palette else [])]
        return tuple((each.binding.key, each.binding.description, str(each.enabled), each.tooltip) for each in active)

    @property
    def _active(self) -> list[ActiveBinding]:
        return in_order(self.screen.active_bindings.values())

    @property
    def _palette(self) -> ActiveBinding | None:
        return next((each for each in self._active if each.binding.id == _PALETTE), None)

    def _key(self, active: ActiveBinding, classes: str = "") -> FooterKey:
        binding = active.binding
        return FooterKey(
            binding.key,
            self.app.get_key_display(binding),
            binding.description,
            binding.action,
            disabled=not active.enabled,
            tooltip=active.tooltip,
            classes=classes,
        )

    def _palette_fits(self, width: int) -> bool:
        palette = self._cells(self._palette) + _BORDER if self._palette else 0
        return sum(map(self._cells, self._shown)) + palette <= width

    def _cells(self, active: ActiveBinding) -> int:
        return Content(f"{self.app.get_key_display(active.binding)}{active.binding.description}").cell_length + _AROUND
