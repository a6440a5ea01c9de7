"""Grading on the toy course: one grader for all tests of a module."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tutor.core.course import Course, load_course
from tutor.core.grading import Grader, GradingSettings
from tutor.core.report import Report
from tutor.core.submission import Source, Submission

TOY = Path(__file__).parents[1] / "toy"
SETTINGS = GradingSettings(cases=30, call_seconds=0.5)

Submit = Callable[[Course, str, str], Submission]
Check = Callable[..., Report]


@pytest.fixture(scope="session")
def submit() -> Submit:
    """Makes a submission of a text, with the solutions of what it needs."""

    def build(course: Course, exercise: str, text: str) -> Submission:
        needs, todo = dict[str, Source](), list(course.exercise(exercise).needs)
        while todo:
            found = course.exercise(todo.pop())
            needs[found.id] = Source(found.id, str(found.solution), found.solution.read_text(), "0" * 64, True)
            todo += found.needs
        return Submission(exercise, "mine.py", text, hashlib.sha256(text.encode()).hexdigest(), tuple(needs.values()))

    return build


@pytest.fixture(scope="session")
def toy_grader() -> Iterator[Grader]:
    with Grader(load_course(TOY), settings=SETTINGS) as grader:
        yield grader


@pytest.fixture(scope="session")
def total(toy_grader: Grader, submit: Submit) -> Check:
    """Grades a body of `def total(numbers)`."""

    def check(body: str, before: str = "") -> Report:
        lines = "".join(f"    {line}\n" for line in body.splitlines())
        text = f"{before}def total(numbers: list[float]) -> float:\n{lines}"
        return toy_grader.grade(submit(toy_grader.course, "sums/total", text))

    return check


@pytest.fixture(scope="session")
def grade_toy(toy_grader: Grader, submit: Submit) -> Check:
    """Grades a whole text as an exercise of the toy course."""
    return lambda exercise, text: toy_grader.grade(submit(toy_grader.course, exercise, text))
