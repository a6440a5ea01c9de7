"""What is worth knowing of the exercise under the cursor before it is opened."""

from __future__ import annotations

from collections.abc import Mapping

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tutor.core.course import Exercise
from tutor.tui.desk import Desk
from tutor.tui.keys import named
from tutor.tui.widgets.telling import verdict_style
from tutor.tui.widgets.track_facts import plain, track_lines


class ExerciseCard(VerticalScroll, can_focus=False):
    """Title, lecture, minutes, needs with their states; then the track: its facts and its introduction."""

    DEFAULT_CSS = """
    ExerciseCard { padding: 0 1; background: $background; scrollbar-size-vertical: 1; }
    """

    def __init__(self, desk: Desk, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._desk = desk
        self._text = Static()

    def compose(self) -> ComposeResult:
        """One text."""
        yield self._text

    def show(self, exercise: Exercise, states: Mapping[str, str], best: Mapping[str, float]) -> None:
        """Shows an exercise. Raises CourseError, WorkspaceError."""
        track = next(each for each in self._desk.course.tracks if each.id == exercise.track)
        attempts = len(self._desk.progress.attempts(exercise.id))
        tried = "" if not attempts else "  1 attempt" if attempts == 1 else f"  {attempts} attempts"
        time = f"  {exercise.minutes} minutes" if exercise.minutes else ""
        lines = [
            Content.styled(exercise.title, "bold $text-accent"),
            Content.assemble(self._state(exercise.id, states), tried, time, (f"  {exercise.id}", "$text-muted")),
        ]
        lines += [Content(f"{name:6} {text}") for name, text in self._facts(exercise) if text]
        lines += [Content.assemble("Needs  ", id, "  ", self._state(id, states)) for id in exercise.needs]
        lines += [Content(), Content.styled(track.title, "bold"), *track_lines(self, self._desk, track, best)]
        self._text.update(Content("\n").join([*lines, Content(), Content(plain(track.introduction))]))
        self.scroll_home(animate=False)

    def clear(self) -> None:
        """Shows that there is nothing to show."""
        self._text.update(
            Content.styled(named(self, "No exercise matches. <map.clear> clears the search."), "$text-muted")
        )

    def _state(self, id: str, states: Mapping[str, str]) -> Content:
        state = states.get(id, "new")
        return Content.styled(f"{self._desk.glyphs.verdict(state)} {state}", verdict_style(state))

    def _facts(self, exercise: Exercise) -> list[tuple[str, str]]:
        following = ", ".join(each.id for each in self._desk.course.exercises if exercise.id in each.needs)
        gpt = "your GPT" if exercise.id in self._desk.needed_for_gpt else ""
        return [
            ("Watch", exercise.watch),
            ("For", ", ".join(part for part in (gpt, following) if part)),
        ]
