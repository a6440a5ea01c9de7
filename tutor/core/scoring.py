"""Points for what was graded, and the policy they were given by.

Policy   how points are given and whose earlier exercises are used; every format shows it
Points   earned and possible
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from tutor.core.batch import Result
from tutor.core.borrowing import SENTENCES, Borrow
from tutor.core.course import Course
from tutor.core.report import Verdict

Credit = Literal["property", "exercise"]
CREDIT: tuple[Credit, ...] = get_args(Credit)
"""What earns points, the default first."""


@dataclass(frozen=True)
class Points:
    """What something is worth."""

    earned: float
    possible: float

    def __str__(self) -> str:
        """'1.5/2'."""
        return f"{shown(self.earned)}/{shown(self.possible)}"

    def to_json(self) -> dict[str, float]:
        """The points, rounded to four places."""
        return {"earned": round(self.earned, 4), "possible": round(self.possible, 4)}


@dataclass(frozen=True)
class Policy:
    """How a class is graded."""

    borrow: Borrow = "auto"
    """Whose earlier exercises are used."""
    credit: Credit = "property"
    """'property': an exercise earns the share of its properties that hold. 'exercise': all of its points or none."""
    weights: Mapping[str, float] = field(default_factory=dict)
    """Points by exercise; an exercise that is not there is worth 1."""
    weights_from: str = ""
    """Where they were read: 'course.toml' or a file's name; '' where every exercise is worth 1."""

    def points(self, result: Result) -> Points | None:
        """The points of one submission; None where the grader failed or nobody knows the exercise."""
        if result.ours or result.exercise is None:
            return None
        weight = self.weights.get(result.exercise, 1.0)
        return Points(weight * self._share(result), weight)

    def total(self, results: Iterable[Result]) -> Points:
        """The points of several submissions together; where the grader failed, nothing is counted."""
        points = [each for each in map(self.points, results) if each]
        return Points(sum(each.earned for each in points), sum(each.possible for each in points))

    def sentences(self) -> tuple[str, ...]:
        """The policy for people: on points, weights, and earlier exercises."""
        weights = f"Weights are from {self.weights_from}." if self.weights_from else "Every exercise weighs 1."
        return (
            f"{_CREDIT[self.credit]} (--credit {self.credit}). {weights}",
            f"{SENTENCES[self.borrow]} (--borrow {self.borrow}).",
        )

    def to_json(self) -> dict[str, Any]:
        """The policy as dictionaries, strings and numbers."""
        return {
            "borrow": self.borrow,
            "credit": self.credit,
            "weights": dict(self.weights),
            "weights_from": self.weights_from,
            "sentences": list(self.sentences()),
        }

    def _share(self, result: Result) -> float:
        """From 0 to 1. A forbidden shortcut earns nothing, for what holds then is not the student's own work.

        Of a file that cannot be read or is not written, no property holds; of one that is half written, some do.
        """
        report = result.report
        if report is None or report.verdict is Verdict.FORBIDDEN:
            return 0.0
        if report.passed:
            return 1.0
        if self.credit == "exercise" or not report.properties:
            return 0.0
        return sum(each.verdict is Verdict.PASSED for each in report.properties) / len(report.properties)


def course_policy(course: Course, borrow: Borrow = "auto", credit: Credit = "property") -> Policy:
    """The policy with the weights that the course gives."""
    weights = {each.id: each.weight for each in course.exercises}
    equal = set(weights.values()) == {1.0}
    return Policy(borrow, credit, {} if equal else weights, "" if equal else "course.toml")


def shown(number: float) -> str:
    """A number of points: '2', '0.5', '0.3333'."""
    return f"{number:.4f}".rstrip("0").rstrip(".")


_CREDIT: dict[Credit, str] = {
    "property": "An exercise earns the share of its properties that hold, and nothing with a forbidden shortcut",
    "exercise": "An exercise earns its points if it passes, else nothing",
}
