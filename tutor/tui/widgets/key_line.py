"""The keys of a screen in its lowest line, one widget: with one for each key a change would lay out the screen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Protocol, runtime_checkable

from textual import events
from textual.binding import ActiveBinding
from textual.content import Content
from textual.screen import Screen
from textual.style import Style
from textual.widget import Widget

from tutor.tui.keys import in_order

_PALETTE = "app.palette"
_EDGE = "▏"
"""Before the palette's key, which stands at the right edge."""


@runtime_checkable
class KnowsTheMoment(Protocol):
    """A screen on which not always the same keys matter."""

    @property
    def of_the_moment(self) -> Mapping[str, bool]:
        """Id of an action → whether it stands in the line, where that is not as declared."""


@dataclass(frozen=True)
class _Key:
    """One key in the line."""

    active: ActiveBinding
    display: str
    at: int
    """The column in which it begins."""

    @property
    def name(self) -> str:
        """What it does, in a word or two."""
        return self.active.binding.description

    @property
    def end(self) -> int:
        """The column behind it."""
        return self.at + Content(f" {self.display} {self.name} ").cell_length

    @property
    def stays(self) -> bool:
        """Whether it is among the last to give way."""
        return (self.active.binding.id or "").endswith((".help", ".back", ".leave", ".quit"))

    def is_same(self, other: _Key) -> bool:
        """Whether the other one looks the same; a tooltip is asked for when it is shown."""
        return (self.display, self.name, self.at, self.active.enabled) == (
            other.display, other.name, other.at, other.active.enabled,
        )  # fmt: skip


class KeyLine(Widget, can_focus=False):
    """The keys; where they need the whole line, that of the command palette gives way. The help page has it too."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {"key-line--key", "key-line--name", "key-line--hover", "key-line--edge"}
    DEFAULT_CSS = """
    KeyLine {
        dock: bottom;
        height: 1;
        color: $footer-foreground;
        background: $footer-background;
        text-wrap: nowrap;
        & > .key-line--key { color: $footer-key-foreground; text-style: bold; }
        & > .key-line--name { color: $footer-description-foreground; }
        & > .key-line--hover { color: $footer-key-foreground; background: $block-hover-background; }
        & > .key-line--edge { color: $foreground 20%; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._keys: list[_Key] = []
        self._under_mouse: _Key | None = None

    def on_mount(self) -> None:
        """Keys come and go with what has the focus."""
        self.screen.bindings_updated_signal.subscribe(self, self._heed)
        self._keys = self._found(self.app.size.width)

    def on_resize(self, event: events.Resize) -> None:
        """Another width has room for more, or for less."""
        self._keys = self._found(event.size.width)
        self.refresh()

    @property
    def shown(self) -> list[str]:
        """Each key with its name, from left to right."""
        return [f"{each.display} {each.name}" for each in self._keys]

    def _heed(self, screen: Screen[Any]) -> None:
        """Draws the line anew where other keys hold, which a change of focus alone seldom brings about."""
        if screen.app.app_focus and self.is_attached and screen is self.screen:
            before, self._keys = self._keys, self._found(self.app.size.width)
            if len(before) != len(self._keys) or not all(map(_Key.is_same, before, self._keys)):
                self.refresh()

    def _found(self, width: int) -> list[_Key]:
        """Each action once and always in its place, and the palette's where it covers none of them.

        Where not all have room, the last ones give way, but not those that lead out and to the help.
        """
        active = in_order(self.screen.active_bindings.values())
        now = self.screen.of_the_moment if isinstance(self.screen, KnowsTheMoment) else {}
        shown: dict[str, ActiveBinding] = {}
        for each in active:
            if now.get(each.binding.id or "", each.binding.show):
                shown.setdefault(each.binding.action, each)
        keys = self._placed(shown.values())
        while keys and keys[-1].end > width and (spare := [each for each in keys if not each.stays]):
            keys = self._placed(each.active for each in keys if each is not spare[-1])
        for each in active:
            if each.binding.id == _PALETTE:
                palette = self._placed([each])[0]
                at = width - palette.end
                if at > (keys[-1].end if keys else 0):
                    keys.append(replace(palette, at=at))
        return keys

    def _placed(self, active: Iterable[ActiveBinding]) -> list[_Key]:
        """One behind the other."""
        keys: list[_Key] = []
        for each in active:
            keys.append(_Key(each, self.app.get_key_display(each.binding), keys[-1].end if keys else 0))
        return keys

    def render(self) -> Content:
        """The line."""
        pieces: list[tuple[str, Style]] = []
        at, edge = 0, self.get_visual_style("key-line--edge")
        for each in self._keys:
            if each.at > at:
                pieces.append((_EDGE.rjust(each.at - at), edge))
            dim = Style(dim=not each.active.enabled)
            if each is self._under_mouse:
                hover = self.get_visual_style("key-line--hover")
                key, name = hover + Style(bold=True), hover
            else:
                key, name = self.get_visual_style("key-line--key"), self.get_visual_style("key-line--name")
            pieces += [(f" {each.display} ", key + dim), (f"{each.name} ", name + dim)]
            at = each.end
        return Content.assemble(*pieces)

    # The mouse

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Lights up a key, and says what it does."""
        self._light(self._at(event.x))

    def on_leave(self) -> None:
        """The mouse is elsewhere."""
        self._light(None)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Does what the key would do."""
        found = self._at(event.x)
        if found and found.active.enabled:
            self.app.simulate_key(found.active.binding.key)
        elif found:
            self.app.bell()

    def _at(self, x: int) -> _Key | None:
        return next((each for each in self._keys if each.at <= x < each.end), None)

    def _light(self, key: _Key | None) -> None:
        if key is not self._under_mouse:
            self._under_mouse = key
            self.tooltip = (key.active.tooltip or key.name) if key else None
            self.refresh()
