"""What is worth knowing of the exercise under the cursor before it is opened."""

from __future__ import annotations

import re
from collections.abc import Mapping

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tutor.core.course import Exercise, Track
from tutor.tui.glyphs import Glyphs
from tutor.tui.widgets.telling import verdict_style


class ExerciseCard(VerticalScroll, can_focus=False):
    """Title, lecture, minutes, needs with their states, and the introduction of the track."""

    DEFAULT_CSS = """
    ExerciseCard { padding: 0 1; background: $background; scrollbar-size-vertical: 1; }
    """

    def __init__(self, glyphs: Glyphs, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._glyphs = glyphs
        self._text = Static()

    def compose(self) -> ComposeResult:
        """One text."""
        yield self._text

    def show(self, exercise: Exercise, track: Track, states: Mapping[str, str], attempts: int) -> None:
        """Shows an exercise."""
        state = states.get(exercise.id, "new")
        tried = "" if not attempts else "  1 attempt" if attempts == 1 else f"  {attempts} attempts"
        lines = [
            Content.styled(exercise.title, "bold $text-accent"),
            Content.styled(exercise.id, "$text-muted"),
            Content.assemble((f"{self._glyphs.verdict(state)} {state}", verdict_style(state)), tried),
        ]
        lines += [Content(f"{name:6} {text}") for name, text in _facts(exercise) if text]
        lines += [self._need(id, states) for id in exercise.needs]
        lines += [Content(), Content.styled(track.title, "bold"), Content(_plain(track.introduction))]
        self._text.update(Content("\n").join(lines))
        self.scroll_home(animate=False)

    def clear(self) -> None:
        """Shows that there is nothing to show."""
        self._text.update(Content.styled("No exercise matches. Escape clears the search.", "$text-muted"))

    def _need(self, id: str, states: Mapping[str, str]) -> Content:
        state = states.get(id, "new")
        return Content.assemble("Needs  ", id, "  ", (f"{self._glyphs.verdict(state)} {state}", verdict_style(state)))


def _facts(exercise: Exercise) -> list[tuple[str, str]]:
    return [("Watch", exercise.watch), ("Time", f"{exercise.minutes} minutes" if exercise.minutes else "")]


def _plain(markdown: str) -> str:
    """The introduction without its heading and marks: paragraphs as single lines, list items on lines of their own."""
    paragraphs = [each for each in markdown.strip().split("\n\n") if not each.startswith("# ")]
    joined = "\n\n".join(_SOFT_BREAK.sub(" ", each) for each in paragraphs)
    return _MARKS.sub("", _LINK.sub(r"\1", joined)).replace("## ", "")


_SOFT_BREAK = re.compile(r"\n\s*(?![-*|\s]|\d+\. )")
"""The end of a line inside a paragraph."""
_LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)")
_MARKS = re.compile(r"\*\*|`|(?<!\w)\*(?=\w)|(?<=\w)\*(?!\w)")
"""Bold, code and emphasis."""
