"""Grading files: a learner's own, or what several students handed in. What cannot be graded is told as well.

Result          what became of a file: graded, refused (not gradable), or broken (the grader failed on it)
grade_handins   the unit of work that threads and clusters are given
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from tutor.core.borrowing import Borrow, lend, skipped
from tutor.core.course import Course
from tutor.core.errors import GraderFailed, SubmissionError
from tutor.core.grading import Grader
from tutor.core.handin import File, Handin
from tutor.core.intake import entries, open_entry
from tutor.core.report import Report, Verdict, report_from_json, to_json
from tutor.core.shape import shape
from tutor.core.submission import Source, Submission, make_submission
from tutor.core.workspace import Passed, Workspace

Outcome = Literal["graded", "refused", "broken"]
Known = Callable[[Submission], "Result | None"]
"""Knows the result of a submission that was graded before."""
REHEARSED = 4
"""From so many files of one exercise on it pays to run the solution once before, which records what will be asked."""


@dataclass(frozen=True)
class Result:
    """What became of one submission."""

    submission: str
    """Its path, as it was given or found."""
    exercise: str | None
    """Id of the exercise; None where nobody knows which one it answers."""
    outcome: Outcome
    report: Report | None = None
    """There if it was graded."""
    problem: str = ""
    """Why it was not graded, with the remedy; else ''."""
    student: str = ""
    """Who handed it in: the folder's or file's name, untouched; '' where nobody was named."""
    shape: str = ""
    """What `core/similar.py` knows it by; '' where there is nothing to compare."""

    @property
    def passed(self) -> bool:
        """Whether it was graded and passed."""
        return self.report is not None and self.report.passed

    @property
    def ours(self) -> bool:
        """Whether the grader is to blame that there is no verdict."""
        return self.outcome == "broken" or (self.report is not None and self.report.verdict is Verdict.ERROR)

    def to_json(self) -> dict[str, Any]:
        """The result as dictionaries, lists, strings and numbers."""
        return {
            "submission": self.submission,
            "exercise": self.exercise,
            "outcome": self.outcome,
            "report": to_json(self.report) if self.report else None,
            "problem": self.problem,
            "student": self.student,
            "shape": self.shape,
        }


def result_from_json(data: Mapping[str, Any]) -> Result:
    """The result that `to_json` wrote. Raises KeyError or TypeError if it was not written by this version."""
    return Result(**{**data, "report": report_from_json(data["report"]) if data["report"] else None})


def same_needs(result: Result, submission: Submission) -> bool:
    """Whether a result is about a submission that builds on the same earlier texts."""
    found = [(each.exercise, each.borrowed, each.sha256) for each in submission.needs]
    graded = result.report.needs if result.report else ()
    return found == [(each.exercise, each.borrowed, each.sha256) for each in graded]


def grade_one(grader: Grader, submission: Submission) -> Result:
    """The result of grading one submission."""
    try:
        report = grader.grade(submission)
    except GraderFailed as error:
        detail = f"\n{error.detail.rstrip()}" if error.detail else ""
        return Result(submission.path, submission.exercise, "broken", problem=f"{error}{detail}")
    return Result(submission.path, submission.exercise, "graded", report, shape=shape(submission.text, report))


def grade_workspace(grader: Grader, workspace: Workspace, ids: Iterable[str], progress: Passed) -> Iterator[Result]:
    """Grades a learner's own exercises in turn; keep a report in `progress` before asking for the next."""
    for id in ids:
        try:
            submission = workspace.submission(id, progress)
        except SubmissionError as error:
            yield Result(str(workspace.file(id)), id, "refused", problem=str(error))
        else:
            yield grade_one(grader, submission)


def grade_handins(
    grader: Grader, course: Course, handins: Sequence[Handin], borrow: Borrow, known: Known = lambda _: None
) -> Iterator[tuple[int, Result]]:
    """Grades what several students handed in; yields the number of the hand-in with each result.

    An exercise is graded for all students before the next one, so that its cases are drawn once. A need is the
    student's own file only where it passes in this very run and `borrow` lets it. `known` may have a result already.
    """
    passed: list[dict[str, Source]] = [{} for _ in handins]
    for id in (None, *course.ids):
        files = [(n, each) for n, handin in enumerate(handins) for each in handin.files if each.exercise == id]
        if id is not None and len(files) >= REHEARSED:
            grader.open(id)
        for number, file in files:
            result = _grade_file(grader, course, file, borrow, passed[number], known)
            if result.passed:
                passed[number][file.exercise or ""] = Source(file.exercise or "", file.path, file.text, file.sha256)
            if file.listed:
                yield number, replace(result, student=handins[number].student)


def _grade_file(
    grader: Grader, course: Course, file: File, borrow: Borrow, passed: Mapping[str, Source], known: Known
) -> Result:
    if file.exercise is None or file.problem:
        return Result(file.path, file.exercise, "refused", problem=file.problem)
    exercise = course.exercise(file.exercise)
    submission = make_submission(course, exercise, file.path, file.text, file.sha256, lend(borrow, passed))
    report = skipped(course, borrow, submission, grader.settings.seed)
    if report:
        return Result(submission.path, submission.exercise, "graded", report)
    return known(submission) or grade_one(grader, submission)


def grade_paths(
    grader: Grader, course: Course, paths: Iterable[Path], ids: Sequence[str], borrow: Borrow = "auto"
) -> Iterator[Result]:
    """Grades what the paths name, one student after the other."""
    for entry in entries(paths, course, ids):
        for _, result in grade_handins(grader, course, [open_entry(entry, course, ids, borrow)], borrow):
            yield result
