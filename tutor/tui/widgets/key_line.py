"""The keys of a screen in its lowest line."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Footer

_AROUND = 3
"""Cells around a key and its name."""
_PALETTE = 13
"""Cells of the palette's key at the right edge."""


class KeyLine(Footer):
    """The keys; where they need the whole line, that of the command palette gives way. The help page has it too."""

    def compose(self) -> ComposeResult:
        """The keys, and the palette's where it covers none of them."""
        self.set_reactive(Footer.show_command_palette, self._needed + _PALETTE <= self.app.size.width)
        yield from super().compose()

    async def on_resize(self, event: events.Resize) -> None:
        """Another width has room for more, or for less."""
        if self.show_command_palette != (self._needed + _PALETTE <= event.size.width):
            await self.recompose()

    @property
    def _needed(self) -> int:
        """Cells of all keys with their names, each action once."""
        shown = {
            each.binding.action: each.binding for each in self.screen.active_bindings.values() if each.binding.show
        }
        texts = (f"{self.app.get_key_display(each)}{each.description}" for each in shown.values())
        return sum(Content(text).cell_length + _AROUND for text in texts)
