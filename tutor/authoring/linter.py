"""Whether a course is sound: stubs unwritten, solutions right, every mistake caught and every property useful.

Caught     what became of one mistake
Finding    what was found on one exercise
"""

from __future__ import annotations

import queue
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from tutor.core import source
from tutor.core.batch import Result, grade_one
from tutor.core.course import FOLDERS, Course, Exercise
from tutor.core.errors import CourseError
from tutor.core.grading import Grader
from tutor.core.milestones import milestone_problems
from tutor.core.quiz import quiz_problems
from tutor.core.report import PropertyResult, Report, Verdict
from tutor.core.submission import Submission, make_submission, read_source, solution_source

FEWEST_HINTS = 2

_CATCHING = (Verdict.FAILED, Verdict.RAISED, Verdict.TIMEOUT, Verdict.CRASHED, Verdict.FLAKY, Verdict.FORBIDDEN)


@dataclass(frozen=True)
class Caught:
    """What became of one mistake when it was graded."""

    sentence: str
    """The mistake."""
    by: tuple[str, ...]
    """Names of the properties that do not hold for it; () if it lives."""
    named: str
    """The mistake that the report names: this one, another with the same output on all compared cases, or ''."""


@dataclass(frozen=True)
class Finding:
    """What was found on one exercise."""

    exercise: str
    problems: tuple[str, ...]
    """Sentences, each with what to do; () if it is sound."""
    properties: tuple[str, ...]
    """Names, as the solution's report gives them."""
    mistakes: tuple[Caught, ...]
    broken: bool = False
    """True if the grader itself failed, so that nothing is known."""

    @property
    def killed(self) -> int:
        """How many mistakes are caught."""
        return sum(bool(each.by) for each in self.mistakes)

    @property
    def named(self) -> int:
        """How many are named in their report, by their own sentence or that of one with the same output."""
        return sum(bool(each.named) for each in self.mistakes)


@dataclass
class _Notes:
    """What is being found on one exercise."""

    exercise: Exercise
    problems: list[str] = field(default_factory=list)
    properties: tuple[str, ...] = ()
    mistakes: list[Caught] = field(default_factory=list)
    broken: bool = False

    def finding(self) -> Finding:
        return Finding(self.exercise.id, tuple(self.problems), self.properties, tuple(self.mistakes), self.broken)


def lint(course: Course, ids: Iterable[str], *graders: Grader) -> Iterator[Finding]:
    """Looks at each exercise, with each grader at one at a time; findings come in the order of the ids."""
    idle: queue.SimpleQueue[Grader] = queue.SimpleQueue()
    for each in graders:
        idle.put(each)

    def look(id: str) -> Finding:
        grader = idle.get()
        try:
            return _look(course, course.exercise(id), grader)
        finally:
            idle.put(grader)

    with ThreadPoolExecutor(len(graders)) as pool:
        yield from pool.map(look, ids)


def _look(course: Course, exercise: Exercise, grader: Grader) -> Finding:
    notes = _Notes(exercise)
    try:
        _read(course, notes)
        _run(course, notes, grader)
    except CourseError as error:
        notes.problems.append(str(error))
    return notes.finding()


def course_problems(course: Course) -> list[str]:
    """Sentences on what concerns no single exercise: stray files, questions, facts of the manifest."""
    return [*strays(course), *quiz_problems(course), *milestone_problems(course)]


def strays(course: Course) -> list[str]:
    """Sentences on files that no exercise of the manifest owns, and on tracks without an introduction."""
    found = [
        f"exercises/{track.id}/README.md is missing or empty. Write the track's introduction there."
        for track in course.tracks
        if not track.introduction.strip()
    ]
    known = {path for each in course.exercises for path in (each.stub, each.solution, each.reference)}
    for folder in FOLDERS:
        for path in sorted((course.root / folder).rglob("*.py")):
            if path not in known:
                name = path.relative_to(course.root)
                found.append(f"{name} belongs to no exercise of course.toml. Name it there or delete it.")
    return found


def exit_code(findings: Iterable[Finding], problems: Iterable[str]) -> int:
    """0 if the course is sound, 1 if it is not, 3 if the grader failed."""
    findings = list(findings)
    if any(each.broken for each in findings):
        return 3
    return 1 if any(each.problems for each in findings) or any(problems) else 0


def _read(course: Course, notes: _Notes) -> None:
    """What can be seen without running anything."""
    exercise = notes.exercise
    for what, there in (
        ("a title in the first line of the docstring", source.page(source.parse(exercise.stub)).title),
        ("a line `Watch: …`", exercise.watch),
        ("a line `Time: … minutes`", exercise.minutes),
        ("a lesson in its docstring", exercise.lesson),
    ):
        if not there:
            notes.problems.append(f"The stub has no {what.removeprefix('a ')}. Add it.")
    hints = source.sentences(source.parse(exercise.reference), "HINTS")
    if len(hints) < FEWEST_HINTS or not all(each.strip() for each in hints):
        notes.problems.append(f"HINTS has fewer than {FEWEST_HINTS} texts. Write them from nudge to near-answer.")
    _compare_signatures(notes)
    _check_needs(course, notes)


def _compare_signatures(notes: _Notes) -> None:
    stub = {each.name: each for each in source.signatures(source.parse(notes.exercise.stub))}
    solution = {each.name: each for each in source.signatures(source.parse(notes.exercise.solution))}
    for name in stub.keys() - solution.keys():
        notes.problems.append(f"The solution has no {name}, which the stub has. Write it.")
    for name in solution.keys() - stub.keys():
        notes.problems.append(f"The solution has {name}, which the stub has not. Give it a private name, or add it.")
    for name in stub.keys() & solution.keys():
        if stub[name] != solution[name]:
            notes.problems.append(
                f"{name} is ({stub[name].parameters}) in the stub and ({solution[name].parameters}) in the solution. "
                "Make them agree."
            )


def _check_needs(course: Course, notes: _Notes) -> None:
    exercise = notes.exercise
    order = {each.id: place for place, each in enumerate(course.exercises)}
    for need in exercise.needs:
        if order[need] >= order[exercise.id]:
            notes.problems.append(f"It needs {need}, which does not come earlier. Change the order in course.toml.")
    supplied = {each.id for each in course.all_needs(exercise)}
    for need in source.needs(source.parse(exercise.solution)):
        if need not in supplied:
            notes.problems.append(f"The solution imports {need}, the stub does not. Import it in the stub.")


def _run(course: Course, notes: _Notes, grader: Grader) -> None:
    """Grades stub, solution and each mistake."""
    exercise = notes.exercise
    stub = _graded(notes, grader, _submission(course, exercise, *read_source(exercise.stub)))
    if stub and stub.verdict is not Verdict.UNWRITTEN:
        notes.problems.append(f"The stub is {stub.verdict}, not unwritten. Let its bodies raise NotImplementedError.")
    right = solution_source(exercise)
    solution = _graded(notes, grader, _submission(course, exercise, right.text, right.sha256))
    if solution is None:
        return
    notes.properties = tuple(each.name for each in solution.properties)
    if not solution.passed:
        notes.problems.append(f"The solution is {solution.verdict}, not passed. {_why(solution)}")
        return
    wrong = _wrong_solutions(notes, right.text)
    for mistake, text in wrong:
        _try_mistake(course, notes, grader, mistake, text)
    if wrong:
        _check_properties(notes)
        _check_names(notes)


def _wrong_solutions(notes: _Notes, right: str) -> list[tuple[source.Mistake, str]]:
    """Each mistake with the solution in which it is made; none at all if one of them cannot be made."""
    mistakes = source.mistakes(source.parse(notes.exercise.reference))
    if not mistakes:
        notes.problems.append("MISTAKES is empty. Write at least one that each property catches.")
    wrong = []
    for mistake in mistakes:
        try:
            wrong.append((mistake, mistake.apply(right)))
        except CourseError as error:
            notes.problems.append(f"{_quoted(mistake)} cannot be made. {error}")
    return wrong if len(wrong) == len(mistakes) else []


def _try_mistake(course: Course, notes: _Notes, grader: Grader, mistake: source.Mistake, wrong: str) -> None:
    report = _graded(notes, grader, _submission(course, notes.exercise, wrong, ""))
    if report is None:
        return
    by = tuple(each.name for each in report.properties if each.verdict in _CATCHING)
    notes.mistakes.append(Caught(mistake.sentence, by, report.mistake))
    if not by:
        notes.problems.append(f"{_quoted(mistake)} is caught by no property ({report.verdict}). {_why(report)}")


def _check_properties(notes: _Notes) -> None:
    useful = {name for each in notes.mistakes for name in each.by}
    for name in notes.properties:
        if name not in useful:
            notes.problems.append(f"{name} catches no mistake. Write the mistake that it is there for.")


def _check_names(notes: _Notes) -> None:
    """A mistake may go by the name of another only where both are caught by the same properties."""
    by = {each.sentence: each.by for each in notes.mistakes}
    for each in notes.mistakes:
        if each.named and by[each.named] != each.by:
            notes.problems.append(
                f"“{each.sentence[:60]}…” is named as “{each.named[:60]}…”, which other properties catch. Give a "
                "property a case that tells them apart."
            )


def _graded(notes: _Notes, grader: Grader, submission: Submission) -> Report | None:
    result: Result = grade_one(grader, submission)
    report = result.report
    if report is None or report.verdict is Verdict.ERROR:
        notes.broken = True
        notes.problems.append(f"The grader failed. {_why(report) if report else result.problem}")
        return None
    return report


def _submission(course: Course, exercise: Exercise, text: str, sha256: str) -> Submission:
    """A text of ours as a submission whose needs are the solutions."""
    return make_submission(course, exercise, str(Path(exercise.track) / exercise.name), text, sha256, lambda _: None)


def _why(report: Report) -> str:
    """The first thing that a report has to say."""
    wrong: PropertyResult | None = next((each for each in report.properties if each.verdict != "passed"), None)
    told = report.message or (report.error.message if report.error else "")
    if wrong and not told:
        error = f" {wrong.error.type}: {wrong.error.message}" if wrong.error else ""
        told = f"{wrong.name}: {wrong.message or wrong.sentence}{error}"
    return told


def _quoted(mistake: source.Mistake) -> str:
    sentence = mistake.sentence if len(mistake.sentence) <= 60 else mistake.sentence[:59] + "…"
    return f"The mistake “{sentence}”"
