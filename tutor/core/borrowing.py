"""Whose earlier exercises a submission is graded with: the student's own, the solutions, or one where the other fails.

auto        the student's own where it passed in this grading, else the solution
none        the student's own only: an exercise whose earlier one has not passed is skipped
solutions   the solutions in place of all that the student handed in earlier, so that each exercise stands alone
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal, get_args

from tutor.core.course import Course, Exercise
from tutor.core.report import Report, Verdict
from tutor.core.submission import Source, Submission

Borrow = Literal["auto", "none", "solutions"]
BORROW: tuple[Borrow, ...] = get_args(Borrow)
"""The policies, the default first."""

SENTENCES: dict[Borrow, str] = {
    "auto": "Earlier exercises are the student's own where they passed in this grading, else the solutions",
    "none": "Earlier exercises are the student's own; where one has not passed, what builds on it is skipped",
    "solutions": "Earlier exercises are the solutions, whatever the student handed in",
}
"""What each policy means, for people."""


def lend(borrow: Borrow, passed: Mapping[str, Source]) -> Callable[[Exercise], Source | None]:
    """What `make_submission` asks: the student's own file of an exercise, None where the solution takes its place.

    `passed` holds the student's own files that passed in this grading, by exercise.
    """
    return (lambda _: None) if borrow == "solutions" else (lambda need: passed.get(need.id))


def skipped(course: Course, borrow: Borrow, submission: Submission, seed: int) -> Report | None:
    """Under `none`, the report on a submission that needs what has not passed; else None, and it can be graded."""
    lacking = [need.exercise for need in submission.needs if need.borrowed]
    if borrow != "none" or not lacking:
        return None
    first = course.exercise(lacking[0])
    message = (
        f"Not run: it builds on {first.id}, which was not handed in with it or has not passed, and no solution is lent "
        f"(--borrow none). Get {first.id} to pass first."
    )
    return Report(submission.exercise, Verdict.SKIPPED, submission.path, submission.sha256, message=message, seed=seed)
