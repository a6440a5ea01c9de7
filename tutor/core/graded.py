"""A grading that has ended, as every format gets it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tutor.core.batch import Result
from tutor.core.course import Course
from tutor.core.grading import GradingSettings
from tutor.core.render import summary
from tutor.core.scoring import Policy


@dataclass(frozen=True)
class Graded:
    """What was graded, and how."""

    course: Course
    settings: GradingSettings
    policy: Policy
    results: Sequence[Result]

    def closing(self) -> str:
        """How many passed, the points of all, and the policy: the lines below any list of results."""
        total = f"{self.policy.total(self.results)} points."
        return "\n".join([summary(self.results), total, *self.policy.sentences()])
