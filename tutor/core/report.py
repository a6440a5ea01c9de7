"""What grading says: a report of verdicts, each failure as data that someone else renders.

    Report            all verdicts on one submission
    PropertyResult    the verdict on one property
    Counterexample    the smallest failing case found, with expected and actual
    Shown             one value, cut and rounded for reading
    LearnerError      an exception out of the learner's code, with their own lines only
    Need              an earlier exercise that the submission imports
    Layer             one layer of the sandbox: active, or absent with the reason

Every class is plain data: `to_json` makes dictionaries that `json` can write, and `report_from_json` reads them back.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

FORMAT_VERSION = 1
"""Version of the JSON form of a report; raised when a field changes its meaning or disappears."""


class Verdict(StrEnum):
    """The words a report may use, from the vocabulary of the design page."""

    PASSED = "passed"
    FAILED = "failed"
    RAISED = "raised"
    UNWRITTEN = "unwritten"
    FORBIDDEN = "forbidden"
    TIMEOUT = "timeout"
    CRASHED = "crashed"
    FLAKY = "flaky"
    SKIPPED = "skipped"
    ERROR = "error"
    """The grader broke; never the learner's fault."""


ORDER = (
    Verdict.ERROR, Verdict.CRASHED, Verdict.TIMEOUT, Verdict.RAISED, Verdict.FAILED, Verdict.FLAKY, Verdict.FORBIDDEN,
    Verdict.UNWRITTEN, Verdict.SKIPPED,
)  # fmt: skip
"""The first of these that any property has is the submission's."""


def overall(verdicts: Iterable[Verdict]) -> Verdict:
    """The verdict on a submission whose properties have these."""
    there = set(verdicts)
    if there == {Verdict.UNWRITTEN}:
        return Verdict.UNWRITTEN
    return next((each for each in ORDER if each in there), Verdict.PASSED)


@dataclass(frozen=True)
class Shown:
    """One value as a reader sees it."""

    kind: str
    """'tensor', or the name of the Python type ('float', 'tuple', …)."""
    text: str
    """The value in one or several lines, rounded and cut to what fits a pane."""
    dtype: str = ""
    """Of a tensor: 'float64', 'int64', …"""
    shape: tuple[int, ...] = ()
    """Of a tensor; () also for a 0-d one."""
    marks: tuple[int, ...] = ()
    """Positions in `values` of the entries that differ between expected and actual; empty if nothing to mark."""
    values: tuple[float | int | bool | str, ...] = ()
    """Of a tensor: the entries shown, flat, row-major (non-finite ones as 'nan', 'inf', '-inf'); else empty."""
    axes: tuple[str, ...] = ()
    """Of a drawn tensor: the letters of its axes ('B', 'T', '4*C'); else empty."""
    window: tuple[tuple[int, int], ...] = ()
    """Of a large tensor: first index and end of each axis that `values` cover; empty where they are all of it."""
    digits: int = 4
    """Significant digits that tell numbers apart here."""


@dataclass(frozen=True)
class Counterexample:
    """The smallest case found on which a property does not hold."""

    arguments: dict[str, Shown]
    """The drawn values by name, in the order of the property's parameters."""
    call: str = ""
    """The call on the learner's code that went wrong, as they would type it."""
    what: str = ""
    """What was compared: 'the result', 'the gradient of x', …"""
    expected: Shown | None = None
    """The oracle's value; None where the property compares nothing."""
    actual: Shown | None = None
    """The learner's value."""
    difference: str = ""
    """One sentence: 'shape (2, 3) where (2, 1) was expected', 'largest difference 0.5 at [0, 2]', …"""
    shrunk: bool = False
    """False while it is the first failing case found, True once the grader has tried to make it smaller."""
    cut: bool = False
    """Whether that was cut off by its limits, so that a smaller case may exist."""
    script: str = ""
    """The case as Python text over `you`, the learner's module, exact to the last bit; '' where there is none."""


@dataclass(frozen=True)
class Line:
    """One line of the learner's own file in a traceback."""

    path: str
    """The file as tracebacks name it: 'exercises/gpt/block.py'."""
    number: int
    """From 1."""
    function: str
    """Name of the function or '<module>'."""
    text: str
    """The source line without its indentation."""


@dataclass(frozen=True)
class LearnerError:
    """What stopped the learner's code, told with their own lines only."""

    type: str
    """'ValueError', or 'timeout', 'crash'."""
    message: str
    """The exception's text, control characters removed, at most 2000 characters."""
    lines: tuple[Line, ...] = ()
    """Innermost last."""
    advice: str = ""
    """One sentence in plain words, or ''."""
    names: tuple[str, ...] = ()
    """What the innermost line worked with: 'q [2, 3, 8]', 'k [2, 5, 8] int64', 'n = 3'."""


@dataclass(frozen=True)
class PropertyResult:
    """The verdict on one property."""

    name: str
    """The property's function name."""
    sentence: str
    """What must hold, as the learner reads it."""
    verdict: Verdict
    cases: int = 0
    """How many cases were tried."""
    message: str = ""
    """Why it is not 'passed', in a sentence."""
    counterexample: Counterexample | None = None
    error: LearnerError | None = None
    printed: str = ""
    """What the learner's code printed on the failing case; capped."""


@dataclass(frozen=True)
class Need:
    """An earlier exercise whose code the submission imports."""

    exercise: str
    """Its id."""
    borrowed: bool
    """True if it comes from the course's solutions because the learner's own has not passed."""
    sha256: str = ""
    """Of the text that was used."""


@dataclass(frozen=True)
class Layer:
    """One layer of the sandbox around the worker."""

    name: str
    """'process', 'environment', 'rlimits', 'no_new_privs', 'landlock', 'seccomp'."""
    active: bool
    reason: str = ""
    """Why it is absent, or what it does not stop."""


@dataclass(frozen=True)
class Report:
    """All verdicts on one submission."""

    exercise: str
    verdict: Verdict
    """'passed' only if every property passed."""
    path: str
    """The file as it was named by who asked."""
    sha256: str
    """Of the bytes that were graded."""
    properties: tuple[PropertyResult, ...] = ()
    message: str = ""
    """Why the submission as a whole was not graded or not passed (syntax error, missing name …), else ''."""
    error: LearnerError | None = None
    """Set if the file could not be loaded."""
    mistake: str = ""
    """The recognised mistake's sentence, or ''."""
    needs: tuple[Need, ...] = ()
    seed: int = 0
    cases: int = 0
    """Cases tried in all."""
    seconds: float = 0.0
    """Wall time from request to report."""
    layers: tuple[Layer, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether every property passed."""
        return self.verdict is Verdict.PASSED


def to_json(record: Any) -> dict[str, Any]:
    """A dataclass of this module as dictionaries, lists, strings and numbers."""
    return asdict(record)


def report_from_json(data: dict[str, Any]) -> Report:
    """The report that `to_json` wrote. Raises KeyError or TypeError if it was not written by this version."""
    return Report(
        **{
            **data,
            "verdict": Verdict(data["verdict"]),
            "properties": tuple(property_from_json(each) for each in data["properties"]),
            "error": _error(data["error"]),
            "needs": tuple(Need(**each) for each in data["needs"]),
            "layers": tuple(Layer(**each) for each in data["layers"]),
        }
    )


def property_from_json(data: dict[str, Any]) -> PropertyResult:
    """The property result that `to_json` wrote."""
    return PropertyResult(
        **{
            **data,
            "verdict": Verdict(data["verdict"]),
            "counterexample": _counterexample(data["counterexample"]),
            "error": _error(data["error"]),
        }
    )


def _counterexample(data: dict[str, Any] | None) -> Counterexample | None:
    if data is None:
        return None
    shown = {
        "arguments": {name: _shown(each) for name, each in data["arguments"].items()},
        "expected": _shown(data["expected"]),
        "actual": _shown(data["actual"]),
    }
    return Counterexample(**{**data, **shown})


def _shown(data: dict[str, Any] | None) -> Shown | None:
    if data is None:
        return None
    tuples: dict[str, Any] = {name: tuple(data[name]) for name in ("shape", "marks", "values", "axes") if name in data}
    window = tuple((start, end) for start, end in data.get("window", ()))
    return Shown(**{**data, **tuples, "window": window})


def _error(data: dict[str, Any] | None) -> LearnerError | None:
    if data is None:
        return None
    lines = tuple(Line(**each) for each in data["lines"])
    return LearnerError(**{**data, "lines": lines, "names": tuple(data.get("names", ()))})
