"""The fall-back for platforms without a safe fork, switched on by a setting: the same verdicts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tutor.core.course import load_course
from tutor.core.grading import Grader, GradingSettings
from tutor.core.report import Report, Verdict

Check = Callable[[str], Report]


@pytest.fixture(scope="module")
def spawned(submit: Callable[..., object]) -> Iterator[Check]:
    course = load_course(Path(__file__).parents[1] / "toy")
    with Grader(course, method="spawn", settings=GradingSettings(cases=20, call_seconds=0.5)) as grader:

        def check(body: str) -> Report:
            text = f"def total(numbers):\n    {body}\n"
            return grader.grade(submit(course, "sums/total", text))  # type: ignore[arg-type]

        yield check


def test_a_right_answer_passes(spawned: Check) -> None:
    report = spawned("return float(sum(numbers))")
    assert report.passed
    assert {layer.name for layer in report.layers if layer.active} >= {"process", "environment", "rlimits", "landlock"}


def test_a_wrong_answer_fails_small_and_is_recognised(spawned: Check) -> None:
    report = spawned("return float(sum(map(abs, numbers)))")
    assert report.verdict == Verdict.FAILED
    assert report.mistake == "Negative numbers are added as positive ones."
    failed = next(each for each in report.properties if each.verdict == Verdict.FAILED)
    assert failed.counterexample is not None
    assert failed.counterexample.arguments["numbers"].text == "[-0.5]"


@pytest.mark.parametrize(
    ("body", "verdict"),
    [
        ("while True: pass", Verdict.TIMEOUT),
        ("import os; os._exit(0)", Verdict.CRASHED),
        ("import sys; sys.exit(0)", Verdict.RAISED),
        ("raise NotImplementedError", Verdict.UNWRITTEN),
    ],
)
def test_other_ends_have_their_verdicts_and_lines(spawned: Check, body: str, verdict: Verdict) -> None:
    report = spawned(body)
    assert report.verdict == verdict
    failed = next(each for each in report.properties if each.verdict == verdict)
    if verdict != Verdict.UNWRITTEN:
        assert failed.error is not None
        assert failed.error.lines[-1].text == body


def test_answers_cannot_be_read(spawned: Check) -> None:
    path = Path(__file__).parents[1] / "toy" / "solutions" / "sums" / "total.py"
    assert spawned(f"return float(len(open({str(path)!r}).read()))").verdict == Verdict.RAISED
