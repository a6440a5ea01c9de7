"""The hints of one exercise: those the learner has asked for, and how many are left."""

from __future__ import annotations

from functools import cached_property

from tutor.core import course
from tutor.core.course import Exercise
from tutor.core.progress import Progress


class Hints:
    """Hints are counted in the progress: what was asked for once stays in view. Methods raise WorkspaceError."""

    def __init__(self, exercise: Exercise, progress: Progress) -> None:
        self._exercise = exercise
        self._progress = progress

    @cached_property
    def every(self) -> tuple[str, ...]:
        """All of them, from a nudge to nearly the answer. Raises CourseError."""
        return course.hints(self._exercise)

    @property
    def shown(self) -> tuple[str, ...]:
        """Those that were asked for."""
        return self.every[: self._progress.hints_shown(self._exercise.id)]

    @property
    def left(self) -> int:
        """How many were not."""
        return len(self.every) - len(self.shown)

    def ask(self) -> bool:
        """Takes one more; False if there is none."""
        if not self.left:
            return False
        self._progress.show_hint(self._exercise.id)
        return True
