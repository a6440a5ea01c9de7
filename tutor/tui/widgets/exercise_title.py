"""The top line of the exercise screen: which exercise this is, and whether its text is saved."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from tutor.core.course import Exercise
from tutor.tui.glyphs import Glyphs


class ExerciseTitle(Horizontal):
    """Id and title, of which only what fits is shown; saved or not, which is always shown."""

    DEFAULT_CSS = """
    ExerciseTitle {
        height: 1;
        padding: 0 1;
        background: $panel;
        #exercise { width: 1fr; text-wrap: nowrap; text-overflow: ellipsis; }
        #saved { width: 13; text-align: right; }
    }
    """

    def __init__(self, exercise: Exercise, glyphs: Glyphs) -> None:
        super().__init__()
        self._exercise = exercise
        self._glyphs = glyphs

    def compose(self) -> ComposeResult:
        """The two parts."""
        named = (self._exercise.id, "bold $text-accent")
        yield Static(Content.assemble(named, "  ", self._exercise.title), id="exercise")
        yield Static(id="saved")

    def on_mount(self) -> None:
        """Nothing was changed yet."""
        self.say(modified=False)

    def say(self, *, modified: bool) -> None:
        """Says whether there is text that is not saved."""
        saved = (f"{self._glyphs.here} not saved", "bold $text-warning") if modified else ("saved", "$text-muted")
        self.query_one("#saved", Static).update(Content.assemble(saved), layout=False)
