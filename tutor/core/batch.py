"""Grading what lies in files: finds the submissions, grades one after another, keeps what could not be graded.

Item      a submission that was found, or the sentence why it is none
Result    what became of it: graded, refused (not gradable), or broken (the grader failed on it)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from tutor.core.borrowing import Borrow, lend, skipped
from tutor.core.course import Course, Exercise
from tutor.core.errors import GraderFailed, SubmissionError, UnknownExercise
from tutor.core.grading import Grader
from tutor.core.report import Report, Verdict, to_json
from tutor.core.shape import shape
from tutor.core.submission import Source, Submission, make_submission, read_source
from tutor.core.workspace import Passed, Workspace

Outcome = Literal["graded", "refused", "broken"]


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


def grade_paths(
    grader: Grader, course: Course, paths: Iterable[Path], ids: Sequence[str], borrow: Borrow = "auto"
) -> Iterator[Result]:
    """Grades files and workspace folders in turn; `ids` names the exercises, else each file's place does.

    Nothing that lies in a submission is believed: a need is the folder's own file only where it passes in this very
    run and `borrow` lets it, and links inside a folder are refused.
    """
    for path in paths:
        folder = path.is_dir()
        student = path.resolve().name if folder else path.stem
        try:
            if folder:
                found = _grade_folder(grader, course, path, ids, borrow)
            else:
                found = iter([_grade_file(grader, course, path, ids, borrow)])
            yield from (replace(each, student=student) for each in found)
        except SubmissionError as error:
            yield Result(str(path), None, "refused", problem=str(error), student=student)


def _grade_file(grader: Grader, course: Course, path: Path, ids: Sequence[str], borrow: Borrow) -> Result:
    exercise = _exercise_of(course, path, ids)
    try:
        text, sha256 = read_source(path)
    except SubmissionError as error:
        return Result(str(path), exercise.id, "refused", problem=str(error))
    submission = make_submission(course, exercise, str(path), text, sha256, lend(borrow, {}))
    return _grade_or_skip(grader, course, submission, borrow)


def _grade_or_skip(grader: Grader, course: Course, submission: Submission, borrow: Borrow) -> Result:
    report = skipped(course, borrow, submission, grader.settings.seed)
    return Result(submission.path, submission.exercise, "graded", report) if report else grade_one(grader, submission)


def _exercise_of(course: Course, path: Path, ids: Sequence[str]) -> Exercise:
    if len(ids) == 1:
        return course.exercise(ids[0])
    if ids:
        raise SubmissionError(f"{path} is one file, but {len(ids)} exercises were named. Name one with --exercise.")
    try:
        return course.exercise("/".join(path.absolute().with_suffix("").parts[-2:]))
    except UnknownExercise as error:
        raise SubmissionError(f"Which exercise does {path} answer? {error} Name it with --exercise.") from error


def _grade_folder(grader: Grader, course: Course, folder: Path, ids: Sequence[str], borrow: Borrow) -> Iterator[Result]:
    root = folder / "exercises" if (folder / "exercises").is_dir() else folder
    files = {each.id: root / each.track / f"{each.name}.py" for each in course.exercises}
    wanted = [id for id in files if id in ids] if ids else [id for id in files if _present(files[id])]
    if not wanted:
        raise SubmissionError(
            f"{folder} holds no exercise of this course. Give a workspace, or a file with --exercise."
        )
    passed: dict[str, Source] = {}
    own = _with_needs(course, wanted, files) if borrow == "none" else wanted
    for id in own:
        result = _grade_member(grader, course, course.exercise(id), folder, files[id], passed, borrow)
        if id in wanted:
            yield result


def _with_needs(course: Course, wanted: Sequence[str], files: Mapping[str, Path]) -> list[str]:
    """What is wanted and, where it was handed in, all that it builds on, in the order of the course."""
    needs = {need.id for id in wanted for need in course.all_needs(course.exercise(id))}
    return [id for id in files if id in wanted or (id in needs and _present(files[id]))]


def _grade_member(
    grader: Grader,
    course: Course,
    exercise: Exercise,
    folder: Path,
    path: Path,
    passed: dict[str, Source],
    borrow: Borrow,
) -> Result:
    try:
        _refuse_links(folder, path)
        text, sha256 = read_source(path)
    except SubmissionError as error:
        return Result(str(path), exercise.id, "refused", problem=str(error))
    submission = make_submission(course, exercise, str(path), text, sha256, lend(borrow, passed))
    result = _grade_or_skip(grader, course, submission, borrow)
    if result.passed:
        passed[exercise.id] = Source(exercise.id, str(path), text, sha256)
    return result


def _present(path: Path) -> bool:
    return path.is_symlink() or path.exists()


def _refuse_links(folder: Path, path: Path) -> None:
    """A link could name any file of the machine, a solution too."""
    for each in (path, *path.parents):
        if each == folder:
            return
        if each.is_symlink():
            raise SubmissionError(f"{each} is a link, and links are not followed. Put the file itself there.")
