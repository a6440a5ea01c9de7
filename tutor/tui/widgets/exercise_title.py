"""The top line of the exercise screen: which exercise this is, and whether its text is saved."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from tutor.core.course import Exercise
from tutor.tui.glyphs import Glyphs


class ExerciseTitle(Static):
    """Id, title, saved or not."""

    DEFAULT_CSS = """
    ExerciseTitle { height: 1; padding: 0 1; background: $panel; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    def __init__(self, exercise: Exercise, glyphs: Glyphs) -> None:
        super().__init__()
        self._exercise = exercise
        self._glyphs = glyphs

    def on_mount(self) -> None:
        """Nothing was changed yet."""
        self.say(modified=False)

    def say(self, *, modified: bool) -> None:
        """Says whether there is text that is not saved."""
        saved = (f"{self._glyphs.here} not saved", "bold $text-warning") if modified else ("saved", "$text-muted")
        named = (self._exercise.id, "bold $text-accent")
        self.update(Content.assemble(named, "  ", self._exercise.title, "  ", saved), layout=False)
