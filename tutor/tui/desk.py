"""What every screen works with: the course, the learner's folder and progress, the grader, the terminal's signs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from textual.screen import Screen

from tutor.core.course import Course, Exercise
from tutor.core.errors import TutorError, WorkspaceError
from tutor.core.grading import Grader
from tutor.core.key_table import KeyTable
from tutor.core.parts import needed_for_training
from tutor.core.progress import DONE_WITH, Progress
from tutor.core.quiz import Question, about, due, read_quiz, shuffled
from tutor.core.report import Report, Verdict
from tutor.core.workspace import Workspace
from tutor.tui.glyphs import Glyphs, clean


@dataclass(frozen=True)
class Desk:
    """One start of the screens."""

    course: Course
    workspace: Workspace
    progress: Progress
    grader: Grader
    glyphs: Glyphs
    own_keys: KeyTable = KeyTable()
    """The keys that the learner chose."""
    warning: str = ""
    """Something the learner must know from the start, such as that progress cannot be saved."""

    @cached_property
    def needed_for_gpt(self) -> frozenset[str]:
        """Ids of the exercises that the learner's GPT is made of."""
        return needed_for_training(self.course)

    def record(self, report: Report) -> bool:
        """Keeps a report as an attempt, unless it only repeats the last one. Raises WorkspaceError.

        Returns whether the exercise has passed for the first time.
        """
        attempts = self.progress.attempts(report.exercise)
        last = attempts[-1:]
        again = any((each.sha256, each.verdict) == (report.sha256, report.verdict) for each in last)
        untouched = report.verdict is Verdict.UNWRITTEN and not last
        if not again and not untouched:
            self.progress.record(report)
        return report.passed and all(each.verdict is not Verdict.PASSED for each in attempts)

    def next_unfinished(self, after: str | None) -> Exercise | None:
        """The first exercise behind that one, else from the start, that is neither passed nor skipped; None if none."""
        ids = [each.id for each in self.course.exercises]
        start = ids.index(after) + 1 if after in ids else 0
        states = self.progress.states()
        behind = [*self.course.exercises[start:], *self.course.exercises[:start]]
        return next((each for each in behind if states.get(each.id) not in DONE_WITH and each.id != after), None)

    def due(self, track: str, exercise: str = "") -> tuple[Question, ...]:
        """The questions of a track, or about one of its exercises, that are new or were answered wrong last, else all.

        Their answers stand in the learner's own order. Raises CourseError, WorkspaceError.
        """
        found = read_quiz(self.course, next(each for each in self.course.tracks if each.id == track))
        wanted = about(found, exercise) if exercise else found
        asked = due(wanted, self.progress.answers()) or wanted
        return shuffled(asked, self.progress.own_number(), self.progress.asked())

    def following(self, id: str) -> Exercise | None:
        """The exercise behind that one in the order of the course, those left out that are skipped."""
        place = self.course.ids.index(id) + 1
        skipped = [each for each, state in self.progress.states().items() if state == "skipped"]
        return next((each for each in self.course.exercises[place:] if each.id not in skipped), None)

    def check_questions(self, exercise: Exercise) -> tuple[Question, ...]:
        """Two or three questions for somebody who has just passed an exercise; one or none where there are no more.

        Its own come first; where it has only one, what the track asks in general follows.
        """
        own = self.due(exercise.track, exercise.id)
        general = [each for each in self.due(exercise.track) if not each.exercise] if own else []
        return (*own, *general)[: max(2, min(3, len(own)))]


def open_progress(workspace: Workspace) -> tuple[Progress, str]:
    """The workspace's progress and ''; where it cannot be used, one that ends with the program, and the reason."""
    try:
        return Progress(workspace.progress_path), ""
    except WorkspaceError as error:
        return Progress(Path(":memory:")), str(error)


def home_as_tilde(path: Path) -> str:
    """The path as people write it."""
    home = Path.home()
    return f"~/{path.relative_to(home).as_posix()}" if path.is_relative_to(home) else str(path)


@contextmanager
def told(screen: Screen[Any]) -> Iterator[None]:
    """Says one of our own errors on the screen, where the block raises it."""
    try:
        yield
    except TutorError as error:
        screen.notify(clean(str(error)), severity="error", timeout=12, markup=False)
