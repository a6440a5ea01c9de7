"""A line to search in: it says what is looked for and knows nothing of where."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Static

from tutor.tui.keys import key
from tutor.tui.widgets.one_line import MOST, OneLine


class FindBar(Horizontal):
    """The text to find, and how many places have it."""

    DEFAULT_CSS = """
    FindBar {
        display: none;
        height: 1;
        background: $panel;
        &.-open { display: block; }
        Input { width: 1fr; height: 1; border: none; padding: 0 1; background: $panel; }
        Static { width: auto; padding: 0 1; color: $text-muted; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        key("find.next", "enter,down", "step(1)", "Next", "Go to the next place", show=True),
        key("find.previous", "up", "step(-1)", "Previous", "Go to the place before", show=True),
        key("find.close", "escape", "close", "Close", "Back to the code", show=True),
    ]

    class Sought(Message):
        """The learner looks for a text: from where they are (0), or the next (1) or previous (-1) place."""

        def __init__(self, text: str, step: int) -> None:
            super().__init__()
            self.text = text
            self.step = step

    class Closed(Message):
        """The learner is done with finding."""

    def compose(self) -> ComposeResult:
        """The line to type in, then the count."""
        yield OneLine(placeholder="Find: small letters match both", compact=True)
        yield Static()

    def open(self, text: str = "") -> None:
        """Shows the line, with a text to start from."""
        self.add_class("-open")
        line = self.query_one(Input)
        line.value = text[:MOST] or line.value
        line.select_all()
        self.screen.set_focus(line)

    def say(self, place: int, count: int) -> None:
        """Shows which of how many places this is."""
        sought = self.query_one(Input).value
        self.query_one(Static).update(f"{place} of {count}" if count else "not found" if sought else "")

    @on(Input.Changed)
    def _changed(self, message: Input.Changed) -> None:
        message.stop()
        self.post_message(self.Sought(message.value, 0))

    @on(Input.Submitted)
    def _submitted(self, message: Input.Submitted) -> None:
        message.stop()
        self.action_step(1)

    def action_step(self, step: int) -> None:
        """Asks for another place."""
        self.post_message(self.Sought(self.query_one(Input).value, step))

    def action_close(self) -> None:
        """Hides the line."""
        self.remove_class("-open")
        self.post_message(self.Closed())
