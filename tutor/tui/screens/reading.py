"""A page of text over the screen: help, the course's solution."""

from __future__ import annotations

from typing import Any, ClassVar

from rich.table import Table
from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen, Screen
from textual.visual import VisualType
from textual.widgets import Static

from tutor.tui.keys import in_order, key, named
from tutor.tui.screens.once import Once


class ReadingScreen(ModalScreen[None], Once[None]):
    """Text to scroll through; the lines of code are not broken."""

    DEFAULT_CSS = """
    ReadingScreen {
        align: center middle;
        & > Vertical {
            width: 92;
            max-width: 100%;
            height: auto;
            max-height: 100%;
            background: $panel;
            border: round $primary;
            border-title-color: $text-accent;
            border-subtitle-color: $text-muted;
        }
        VerticalScroll { height: auto; max-height: 100%; padding: 0 1; scrollbar-size-vertical: 1; }
        Static { height: auto; padding-right: 1; }
        &.-code > Vertical { width: 126; }
        &.-code VerticalScroll { overflow-x: auto; scrollbar-size-horizontal: 1; }
        &.-code Static { width: auto; text-wrap: nowrap; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        key("reading.close", "escape,q,f1,question_mark", "close", "Close", "Back to the screen below", show=True),
        key("reading.down", "j", "scroll(1)", "Scroll down", "Scroll down"),
        key("reading.up", "k", "scroll(-1)", "Scroll up", "Scroll up"),
        key("reading.top", "g", "scroll(-10000)", "Top", "Scroll to the top"),
        key("reading.end", "G", "scroll(10000)", "End", "Scroll to the end"),
    ]

    def __init__(self, title: str, *parts: VisualType, code: bool = False) -> None:
        super().__init__(classes="-code" if code else "")
        self._title = title
        self._parts = parts

    def compose(self) -> ComposeResult:
        """The text in a frame."""
        with Vertical() as frame:
            frame.border_title = Content(self._title)
            frame.border_subtitle = named(self, "<reading.close> closes, arrows scroll")
            with VerticalScroll():
                yield from (Static(part) for part in self._parts)

    def on_click(self, event: events.Click) -> None:
        """A click beside the page closes it, and so does one on its frame, where there is nothing beside it."""
        if not self.query_one(VerticalScroll).region.contains(*event.screen_offset):
            self.dismiss()

    def action_close(self) -> None:
        """Closes the page."""
        self.dismiss()

    def action_scroll(self, lines: int) -> None:
        """Scrolls the page."""
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)


def help_screen(screen: Screen[Any], about: str) -> ReadingScreen:
    """Help for a screen: what it is for, then every key that works on it."""
    head = Content.assemble(named(screen, about), "\n\n", ("Keys", "bold $text-accent"))
    table = Table.grid(padding=(0, 2, 0, 0))
    for keys, description, tooltip in keys_of(screen):
        table.add_row(Text(keys, "bold"), Text(description), Text(tooltip, screen.app.theme_variables["text-muted"]))
    return ReadingScreen("Help", head, table)


def keys_of(screen: Screen[Any]) -> list[tuple[str, str, str]]:
    """Keys, description and tooltip of what can be done on a screen now, each once: what has an id."""
    found: dict[str, tuple[list[str], str, str]] = {}
    for active in in_order(screen.active_bindings.values()):
        binding = active.binding
        if binding.description and binding.id:
            keys = found.setdefault(binding.action, ([], binding.description, active.tooltip))[0]
            keys.append(screen.app.get_key_display(binding))
    return [(" or ".join(keys), description, tooltip) for keys, description, tooltip in found.values()]
