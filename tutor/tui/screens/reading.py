"""A page of text over the screen: help, the course's solution."""

from __future__ import annotations

from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen, Screen
from textual.widgets import Static

from tutor.tui.keys import key, named


class ReadingScreen(ModalScreen[None]):
    """Text to scroll through; escape closes it."""

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
        Static { height: auto; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        key("reading.close", "escape,q,f1,question_mark", "close", "Close", "Back to the screen below", show=True),
        key("reading.down", "j", "scroll(1)", "Scroll down", "Scroll down"),
        key("reading.up", "k", "scroll(-1)", "Scroll up", "Scroll up"),
        key("reading.top", "g", "scroll(-10000)", "Top", "Scroll to the top"),
        key("reading.end", "G", "scroll(10000)", "End", "Scroll to the end"),
    ]

    def __init__(self, title: str, text: Content) -> None:
        super().__init__()
        self._title = title
        self._text = text

    def compose(self) -> ComposeResult:
        """The text in a frame."""
        with Vertical() as frame:
            frame.border_title = Content(self._title)
            frame.border_subtitle = named(self, "<reading.close> closes, arrows scroll")
            with VerticalScroll():
                yield Static(self._text)

    def action_close(self) -> None:
        """Closes the page."""
        self.dismiss()

    def action_scroll(self, lines: int) -> None:
        """Scrolls the page."""
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)


def help_screen(screen: Screen[Any], about: str) -> ReadingScreen:
    """Help for a screen: what it is for, then every key that works on it."""
    lines = [Content(named(screen, about)), Content(), Content.styled("Keys", "bold $text-accent")]
    for keys, description, tooltip in keys_of(screen):
        lines.append(Content.assemble((f"{keys:12} ", "bold"), f"{description:17} ", (tooltip, "$text-muted")))
    return ReadingScreen("Help", Content("\n").join(lines))


def keys_of(screen: Screen[Any]) -> list[tuple[str, str, str]]:
    """Keys, description and tooltip of what can be done on a screen now: bindings that have an id, each once."""
    found: dict[str, tuple[list[str], str, str]] = {}
    for active in screen.active_bindings.values():
        binding = active.binding
        if binding.id and binding.description:
            keys = found.setdefault(binding.action, ([], binding.description, active.tooltip))[0]
            keys.append(screen.app.get_key_display(binding))
    return [(" or ".join(keys), description, tooltip) for keys, description, tooltip in found.values()]
