"""The names of the panes in one line: which are shown, which key goes there; a click does too."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Static


class PaneName(Static):
    """One pane's name with its key."""

    DEFAULT_CSS = """
    PaneName {
        width: auto;
        padding: 0 2;
        color: $text-muted;
        &.-shown { color: $foreground; background: $surface; text-style: bold underline; }
    }
    """

    def __init__(self, pane: str, label: str) -> None:
        super().__init__(Content(label), id=f"name-{pane}")
        self.pane = pane
        self._label = label
        self._status = Content()

    def say(self, status: Content) -> None:
        """Adds a word on the pane's state behind its name."""
        if not status.is_same(self._status):
            self._status = status
            shown = isinstance(self.parent, PaneBar) and self.parent.display  # else it is laid out when it is shown
            self.update(Content.assemble(self._label, " " if status.plain else "", status), layout=shown)

    def on_click(self) -> None:
        """Asks for the pane."""
        self.post_message(PaneBar.Chosen(self.pane))


class PaneBar(Horizontal):
    """A line of pane names."""

    DEFAULT_CSS = """
    PaneBar { height: 1; background: $panel; }
    """

    PANES: ClassVar[dict[str, str]] = {"lesson": "Lesson", "code": "Code", "checks": "Checks"}
    """Id and name of each pane."""
    ACTION: ClassVar[str] = "pane"
    """What a key does that leads to a pane, with the pane's id."""

    class Chosen(Message):
        """The learner wants to see a pane."""

        def __init__(self, pane: str) -> None:
            super().__init__()
            self.pane = pane

    def compose(self) -> ComposeResult:
        """One name for each pane."""
        for pane, label in self.labels().items():
            yield PaneName(pane, label)

    def labels(self) -> dict[str, str]:
        """Id and name of each pane, with the key that leads there: the learner may have chosen another."""
        keys: dict[str, str] = {}
        active_ones = sorted(self.screen.active_bindings.values(), key=lambda each: not each.binding.priority)
        for active in active_ones:
            keys.setdefault(active.binding.action, self.app.get_key_display(active.binding))
        return {pane: f"{keys.get(f'{self.ACTION}({pane!r})', '')} {name}".strip() for pane, name in self.PANES.items()}

    def show(self, pane: str) -> None:
        """Marks the pane that has the learner's attention."""
        for name in self.query(PaneName):
            name.set_class(name.pane == pane, "-shown")

    def say(self, pane: str, status: Content) -> None:
        """Adds a word on a pane's state, for when the pane itself is not in view."""
        self.query_one(f"#name-{pane}", PaneName).say(status)
