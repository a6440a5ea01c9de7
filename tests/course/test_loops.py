"""Where an exercise asks for no loop, a loop is refused by its line, whether it computes with tensors or not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tutor.core.course import default_course_root, load_course
from tutor.core.grading import Grader, GradingSettings
from tutor.core.report import Report
from tutor.core.submission import make_submission

COURSE = load_course(default_course_root())
PROBS = """\
import torch
from torch import Tensor


def row_probs(counts: Tensor, smoothing: float = 0.0) -> Tensor:
    {body}
"""
LOOPS = {
    "over_tensors": (
        "rows = []\n    for row in counts.double():\n        rows.append((row + smoothing) / (row + smoothing).sum())\n"
        "    return torch.stack(rows)",
        (7, 8),
    ),
    "in_a_comprehension": (
        "return torch.stack([(row + smoothing) / (row + smoothing).sum() for row in counts.double()])",
        (6,),
    ),
    "over_numbers": (
        "rows = []\n    for row in counts.tolist():\n        total = sum(row) + smoothing * len(row)\n"
        "        rows.append([(n + smoothing) / total for n in row])\n"
        "    return torch.tensor(rows, dtype=torch.float64)",
        (7, 8, 9),
    ),
}


@pytest.fixture(scope="module")
def grader() -> Iterator[Grader]:
    with Grader(COURSE, settings=GradingSettings(cases=10, shrink_seconds=0)) as started:
        yield started


def check(grader: Grader, body: str) -> Report:
    exercise = COURSE.exercise("bigram/probs")
    text = PROBS.format(body=body)
    return grader.grade(make_submission(COURSE, exercise, "mine.py", text, "0" * 64, lambda _: None))


@pytest.mark.parametrize("name", LOOPS)
def test_the_looping_line_is_named(grader: Grader, name: str) -> None:
    body, lines = LOOPS[name]
    report = check(grader, body)
    told = next(each for each in report.properties if each.name == "needs_no_loop")
    assert told.verdict == "failed", report.message
    assert any(f"line {line} of exercises/bigram/probs.py" in told.message for line in lines), told.message
