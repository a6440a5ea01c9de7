"""What the grader tells a front end while it works: one JSON object a line, read here into dataclasses.

    Ready       the grader process is up
    Opened      an exercise's cases are drawn, its properties known
    Checking    a submission was taken up
    Judged      one property has its verdict (sent again when the counterexample was shrunk)
    Recognised  the learner's output is that of a named mistake
    Finished    the whole report
    Cancelled   a newer check took this one's place
    Broken      the grader itself failed on this request

`ticket` is the number the front end gave its request.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from tutor.core.report import PropertyResult, Report, property_from_json, report_from_json


@dataclass(frozen=True)
class Ready:
    """The grader process is up and warm."""

    seconds: float
    """From its start."""


@dataclass(frozen=True)
class PropertyName:
    """A property before it has a verdict."""

    name: str
    sentence: str


@dataclass(frozen=True)
class Opened:
    """An exercise's reference is loaded and its cases are drawn."""

    ticket: int
    exercise: str
    properties: tuple[PropertyName, ...]
    cases: int
    seconds: float


@dataclass(frozen=True)
class Checking:
    """A submission was taken up."""

    ticket: int
    exercise: str
    sha256: str


@dataclass(frozen=True)
class Judged:
    """One property has its verdict."""

    ticket: int
    exercise: str
    result: PropertyResult


@dataclass(frozen=True)
class Recognised:
    """The learner's output equals that of a named mistake on every failing case."""

    ticket: int
    exercise: str
    sentence: str


@dataclass(frozen=True)
class Finished:
    """The whole report."""

    ticket: int
    report: Report


@dataclass(frozen=True)
class Cancelled:
    """A newer check of the same exercise, or a request, took this one's place."""

    ticket: int


@dataclass(frozen=True)
class Broken:
    """The grader itself failed on this request; the submission is not judged."""

    ticket: int
    message: str
    """One sentence; for the author of a course, the traceback follows in `detail`."""
    detail: str = ""


Event = Ready | Opened | Checking | Judged | Recognised | Finished | Cancelled | Broken

_KINDS: dict[str, type[Any]] = {
    "ready": Ready,
    "opened": Opened,
    "checking": Checking,
    "judged": Judged,
    "recognised": Recognised,
    "finished": Finished,
    "cancelled": Cancelled,
    "broken": Broken,
}
_NAMES = {kind: name for name, kind in _KINDS.items()}


def event_to_json(event: Event) -> dict[str, Any]:
    """The event as one JSON object; its kind is under 'event'."""
    return {"event": _NAMES[type(event)], **asdict(event)}


def event_from_json(data: dict[str, Any]) -> Event:
    """The event that `event_to_json` wrote. Raises KeyError or TypeError on anything else."""
    fields = {name: value for name, value in data.items() if name != "event"}
    match data["event"]:
        case "opened":
            fields["properties"] = tuple(PropertyName(**each) for each in fields["properties"])
        case "judged":
            fields["result"] = property_from_json(fields["result"])
        case "finished":
            fields["report"] = report_from_json(fields["report"])
    event: Event = _KINDS[data["event"]](**fields)
    return event
