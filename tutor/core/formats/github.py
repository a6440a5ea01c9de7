"""Results as workflow commands of GitHub Actions: an annotation at the learner's line for what did not pass.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from tutor.core.batch import Result
from tutor.core.graded import Graded
from tutor.core.render import clean, held, trouble
from tutor.core.report import LearnerError, Verdict
from tutor.core.scoring import Policy
from tutor.core.stats import first_failing

QUIET = (Verdict.UNWRITTEN, Verdict.SKIPPED)
"""Warnings and not errors, because GitHub shows ten of each kind: what is to do must not hide what is wrong."""


def github(graded: Graded, root: Path, read: Callable[[str], str]) -> str:
    """A line for each annotation and one that sums up.

    `root` is the folder that GitHub names files from, and `read` gives a submission's text by its path, '' if it is
    gone.
    """
    lines = [_annotation(each, graded.policy, root, read) for each in graded.results if not each.passed]
    return "\n".join([*lines, _command("notice", {"title": "tutor"}, graded.closing())])


def _annotation(result: Result, policy: Policy, root: Path, read: Callable[[str], str]) -> str:
    report = result.report
    kind = "warning" if report and report.verdict in QUIET else "error"
    word = "the grader failed" if result.ours else report.verdict.value if report else result.outcome
    place = {"file": _from(root, result.submission), "line": str(line_of(result, read(result.submission)))}
    return _command(kind, {**place, "title": f"{result.exercise or 'tutor'}: {word}"}, _message(result, policy))


def _message(result: Result, policy: Policy) -> str:
    report, points = result.report, policy.points(result)
    parts = [trouble(result)]
    if report and report.mistake:
        parts.append(f"Recognised: {report.mistake}")
    failing = first_failing(report) if report else None
    if failing and failing.counterexample and failing.counterexample.call:
        parts.append(f"For example: {failing.counterexample.call}")
    if report and report.properties and points:
        parts.append("{} of {} properties hold, {} points.".format(*held(result), points))
    return "\n".join(parts)


def line_of(result: Result, text: str) -> int:
    """The line where it went wrong: the innermost that raised, else the head of the function that was called.

    Where neither is known, the first function or class of the file, else line 1.
    """
    report = result.report
    failing = first_failing(report) if report else None
    own = f"exercises/{result.exercise}.py"
    for error in (report and report.error, failing and failing.error):
        if isinstance(error, LearnerError):
            for line in reversed(error.lines):
                if line.path == own:
                    return line.number
    call = failing.counterexample.call if failing and failing.counterexample else ""
    called = re.findall(r"([^\W\d]\w*)\(", call)
    names = [*reversed(called), (result.exercise or "").partition("/")[2]]
    heads = [*(rf"[ \t]*{_DEFINES}{re.escape(name)}\b" for name in names if name), _DEFINES]
    return next((found for each in heads if (found := _head(each, text))), 1)


_DEFINES = r"(?:async[ \t]+)?(?:def|class)[ \t]+"


def _head(pattern: str, text: str) -> int:
    """The first line that begins so, 0 if none does."""
    found = re.search(f"^{pattern}", text, re.MULTILINE)
    return text.count("\n", 0, found.start()) + 1 if found else 0


def _from(root: Path, path: str) -> str:
    absolute = root / path
    return absolute.relative_to(root).as_posix() if absolute.is_relative_to(root) else path


def _command(name: str, properties: dict[str, str], message: str) -> str:
    told = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{name} {told}::{_data(clean(message))}"


def _property(value: str) -> str:
    """A property ends at a comma or a colon, so these are escaped beside what ends a line."""
    return _data(clean(value)).replace(":", "%3A").replace(",", "%2C")


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
