"""Results as comma-separated values in UTF-8: a row for each submission of an exercise.

A cell that a spreadsheet would take for a formula begins with an apostrophe, and every text is in quotes, so that no
separator of another country ends it. https://owasp.org/www-community/attacks/CSV_Injection
"""

from __future__ import annotations

import csv
import io

from tutor.core.batch import Result
from tutor.core.graded import Graded
from tutor.core.render import held, one_line, trouble
from tutor.core.scoring import Policy

FORMULA = "=+-@＝＋－＠"
"""What a formula begins with, in either width."""

COLUMNS = (
    "student", "submission", "exercise", "verdict", "points", "possible", "properties_held", "properties", "seconds",
    "first_wrong", "recognised", "borrowed", "borrow", "credit", "weights", "seed", "sha256",
)  # fmt: skip


def spreadsheet(graded: Graded) -> str:
    """The heading and the rows; numbers are bare, texts are quoted, each record is one line."""
    file = io.StringIO()
    writer = csv.writer(file, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n")
    writer.writerow(COLUMNS)
    for each in graded.results:
        writer.writerow(_cell(value) for value in _row(each, graded.policy))
    return file.getvalue().removesuffix("\n")


def _row(result: Result, policy: Policy) -> tuple[str | float | None, ...]:
    report, points, count = result.report, policy.points(result), held(result)
    return (
        result.student,
        result.submission,
        result.exercise or "",
        report.verdict.value if report else result.outcome,
        round(points.earned, 4) if points else None,
        round(points.possible, 4) if points else None,
        *count,
        report.seconds if report else None,
        trouble(result),
        report.mistake if report else "",
        " ".join(need.exercise for need in report.needs if need.borrowed) if report else "",
        policy.borrow,
        policy.credit,
        policy.weights_from or "equal",
        report.seed if report else None,
        report.sha256 if report else "",
    )


def _cell(value: str | float | None) -> str | float:
    if value is None:
        return ""
    if not isinstance(value, str):
        return value
    text = one_line(value)
    return f"'{text}" if text.lstrip()[:1] in tuple(FORMULA) else text
