"""One student's results as Gradescope's results.json: a test for each exercise.

The fields are those of https://gradescope-autograders.readthedocs.io/en/latest/specs/
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from tutor.core.batch import Result
from tutor.core.graded import Graded
from tutor.core.render import Style, clean, result_text
from tutor.core.scoring import Policy


def gradescope(graded: Graded, results: Sequence[Result]) -> str:
    """The document on one student's results."""
    points = graded.policy.total(results)
    document = {
        "score": round(points.earned, 4),
        "execution_time": round(sum(each.report.seconds for each in results if each.report), 3),
        "output": "\n".join(_heading(graded, results)),
        "output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": [_test(number, each, graded.policy) for number, each in enumerate(results, 1)],
        "extra_data": {"tutor": {"policy": graded.policy.to_json(), "seed": graded.settings.seed}},
    }
    return json.dumps(document, indent=2)


def _heading(graded: Graded, results: Sequence[Result]) -> list[str]:
    """What concerns all exercises; a score that lacks something says so."""
    lines = [f"{graded.policy.total(results)} points.", *graded.policy.sentences()]
    lacking = [each.exercise or clean(each.submission) for each in results if each.ours]
    if lacking:
        lines.insert(1, f"The grader itself failed on {', '.join(lacking)}: this score is not the last word.")
    return lines


def _test(number: int, result: Result, policy: Policy) -> dict[str, Any]:
    points = policy.points(result)
    earned = {"score": round(points.earned, 4), "max_score": round(points.possible, 4)} if points else {}
    status = {} if result.ours else {"status": "passed" if result.passed else "failed"}
    word = result.report.verdict.value if result.report else result.outcome
    return {
        **earned,
        **status,
        "name": f"{result.exercise or clean(result.submission)}: {word}",
        "name_format": "text",
        "number": str(number),
        "output": result_text(result, Style(), hint=False),
        "output_format": "text",
        "tags": [word],
        "visibility": "visible",
        "extra_data": {"sha256": result.report.sha256, "seed": result.report.seed} if result.report else {},
    }
