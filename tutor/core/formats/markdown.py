"""One student's results as Markdown that they can read.

Whatever a student wrote or chose stands in a fence that is longer than any in it, or has its marks escaped: it is
shown and never obeyed, as HTML, link or heading.
"""

from __future__ import annotations

import re

from tutor.core.batch import Result
from tutor.core.graded import Graded
from tutor.core.render import Style, clean, property_text, result_text
from tutor.core.report import PropertyResult, Report, Verdict
from tutor.core.students import Student


def markdown(graded: Graded, student: Student) -> str:
    """The feedback to one student."""
    lines = [f"# {_prose(graded.course.title)}: {_prose(student.name)}", "", *_overview(graded, student)]
    for each in student.results:
        lines += ["", *_section(graded, each)]
    return "\n".join(lines)


def _overview(graded: Graded, student: Student) -> list[str]:
    passed = sum(each.passed for each in student.results)
    count = f"{passed} of {len(student.results)} passed, {graded.policy.total(student.results)} points."
    return [f"**{count}**", "", *(f"- {_prose(each)}" for each in graded.policy.sentences())]


def _section(graded: Graded, result: Result) -> list[str]:
    points, report = graded.policy.points(result), result.report
    word = report.verdict.value if report else result.outcome
    title = graded.course.exercise(result.exercise).title if result.exercise else result.submission
    worth = f" ({points} points)" if points else ""
    lines = [f"## {_prose(title)}: {word}{worth}"]
    if report is None:
        return [*lines, "", *_fenced(result_text(result, Style(), hint=False))]
    if report.message or report.error:
        lines += ["", *_whole(report)]
    lines += ["", *(_check(each) for each in report.properties)] if report.properties else []
    for each in report.properties:
        if each.verdict not in (Verdict.PASSED, Verdict.SKIPPED, Verdict.UNWRITTEN):
            lines += ["", *_fenced(property_text(each, Style()))]
    if report.mistake:
        lines += ["", f"**Recognised:** {_prose(report.mistake)}"]
    return [*lines, "", _origin(result, report)]


def _whole(report: Report) -> list[str]:
    """What is wrong with the file as a whole, with its lines."""
    lines = [f"**What is wrong:** {_prose(report.message)}"] if report.message else []
    if report.error:
        places = [f"{each.path}, line {each.number}: {each.text}" for each in report.error.lines]
        lines += ["", *_fenced("\n".join([*places, f"{report.error.type}: {report.error.message}"]))]
        lines += ["", f"**What to do:** {_prose(report.error.advice)}"] if report.error.advice else []
    return lines


def _check(found: PropertyResult) -> str:
    sign = {Verdict.PASSED: "✓", Verdict.SKIPPED: "–"}.get(found.verdict, "✗")
    return f"- {sign} {found.verdict.value}: {_prose(found.sentence or found.name)}"


def _origin(result: Result, report: Report) -> str:
    borrowed = [need.exercise for need in report.needs if need.borrowed]
    lent = f" Borrowed from the solutions: {', '.join(borrowed)}." if borrowed else ""
    facts = f"{report.exercise}, seed {report.seed}, {report.cases} cases, SHA-256 {report.sha256[:12]}."
    return f"Graded: {_prose(result.submission)}, {facts}{_prose(lent)}"


def _fenced(text: str) -> list[str]:
    """A code block that nothing in it can end."""
    text = clean(text)
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
    return [f"{fence}text", *text.split("\n"), fence]


def _prose(text: str) -> str:
    """Text in one line that means nothing to Markdown; it must not begin a line."""
    flat = " ".join(clean(text).split())
    escaped = re.sub(r"([\\`*_\[\]<>&~|$@#!])", r"\\\1", flat)
    return re.sub(r"(?i)(:(?=//)|(?<=www)\.)", r"\\\1", escaped)
