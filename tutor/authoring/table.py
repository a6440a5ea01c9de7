"""What the linter found, as lines and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from tutor.authoring.linter import Finding
from tutor.core.render import Style, clean


def finding_text(finding: Finding, style: Style) -> str:
    """One line for an exercise, and one more for each problem."""
    word = "broken" if finding.broken else "unsound" if finding.problems else "sound"
    killed = f"{finding.killed}/{len(finding.mistakes)} mistakes caught, {finding.named} named"
    told = style.mark(word.ljust(8), word == "sound")
    head = f"{told} {finding.exercise}: {killed}, {len(finding.properties)} properties"
    return "\n".join([head, *(f"    {clean(each)}" for each in finding.problems)])


def summary_text(findings: Sequence[Finding], problems: Sequence[str]) -> str:
    """The totals, after what concerns no single exercise."""
    sound = sum(not each.problems for each in findings)
    killed, named, total = _totals(findings)
    line = f"{sound} of {len(findings)} exercises sound; {killed} of {total} mistakes caught, {named} named."
    return "\n".join([*map(clean, problems), line])


def to_json(findings: Sequence[Finding], problems: Sequence[str]) -> dict[str, Any]:
    """The fields of the document 'course-check'."""
    killed, named, total = _totals(findings)
    exercises = [
        {**asdict(each), "killed": each.killed, "named": each.named, "total": len(each.mistakes)} for each in findings
    ]
    return {"exercises": exercises, "problems": list(problems), "killed": killed, "named": named, "total": total}


def _totals(findings: Sequence[Finding]) -> tuple[int, int, int]:
    """Mistakes caught, named, and there."""
    return (
        sum(each.killed for each in findings),
        sum(each.named for each in findings),
        sum(len(each.mistakes) for each in findings),
    )
