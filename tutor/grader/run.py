"""Running properties on a submission: cases through a session, outcomes out, nothing explained yet."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tutor import wire
from tutor.core.report import Verdict
from tutor.grader.session import (
    Diverged,
    Gone,
    Live,
    Scripted,
    Session,
    Stopped,
    Superseded,
    Talk,
    TimedOut,
    learner_module,
)
from tutor.kit.declare import Property
from tutor.kit.draw import Case
from tutor.kit.judge import Mismatch
from tutor.kit.learner import LearnerRaised

AHEAD_CASES = 24
AHEAD_BYTES = 1 << 17
"""How far scripts are sent ahead of the answers."""
WATCHED = 1
"""Cases of each property on which the worker looks for forbidden names: it costs as much as the call."""


@dataclass(eq=False)
class Outcome:
    """What became of one case."""

    case: Case
    verdict: Verdict
    mismatch: Mismatch | None = None
    error: dict[str, Any] | None = None
    """What the worker told of an exception."""
    answers: list[dict[str, Any]] = field(default_factory=list)
    last: dict[str, Any] = field(default_factory=dict)
    """The last request that was made."""
    message: str = ""
    cut: bool = False
    """Whether the search for a smaller case like it was cut off."""
    broke: str = ""
    """What was raised in the property itself: by what the submission answered, unless the solution has it too."""

    @property
    def passed(self) -> bool:
        """Whether the property held."""
        return self.verdict is Verdict.PASSED

    @property
    def printed(self) -> str:
        """What the learner's code printed during the case."""
        texts = [answer.get("o") for answer in self.answers]
        return "".join(text for text in texts if isinstance(text, str))[:4000]


def run_case(session: Session, prop: Property, case: Case, watch: bool = False) -> Outcome:
    """One case, one request at a time; the script is recorded when the property held."""
    session.begin(case, watch)
    talk = Live(session)
    outcome = _judge(prop, case, talk)
    if outcome.passed:
        case.script = talk.script
    return outcome


def run_cases(session: Session, prop: Property, cases: list[Case]) -> Iterator[Outcome]:
    """All cases in order, scripts sent ahead. After an outcome that ended the worker, nothing more comes."""
    flight: deque[Case] = deque()
    todo = deque(cases)
    ahead = True
    for case in cases:
        while ahead and todo and _room(flight, todo[0]):
            flight.append(todo.popleft())
            _send_script(session, flight[-1], watch=flight[-1] in cases[:WATCHED])
        if flight and flight[0] is case:
            flight.popleft()
            outcome = _run_sent(session, prop, case)
            if outcome is None:
                session.drain()
                flight.clear()
                ahead = False
                outcome = run_case(session, prop, case, watch=case in cases[:WATCHED])
        else:
            if todo and todo[0] is case:
                todo.popleft()
            outcome = run_case(session, prop, case, watch=case in cases[:WATCHED])
        yield outcome
        if outcome.verdict in (Verdict.TIMEOUT, Verdict.CRASHED):
            return


def _room(flight: deque[Case], following: Case) -> bool:
    """Whether the next case may be sent ahead: it has a script, and not too much is under way."""
    if following.script is None or len(flight) >= AHEAD_CASES:
        return False
    return not flight or sum(len(f) for case in (*flight, following) for f in case.script or ()) < AHEAD_BYTES


def _send_script(session: Session, case: Case, watch: bool) -> None:
    script = case.script or []
    session.begin(case, watch)
    session.write(b"".join(script), len(script))


def _run_sent(session: Session, prop: Property, case: Case) -> Outcome | None:
    """The outcome of a case whose script was sent; None if the property asked something else."""
    talk = Scripted(session, case.script or [])
    try:
        outcome = _judge(prop, case, talk)
        if outcome.verdict not in (Verdict.TIMEOUT, Verdict.CRASHED):
            talk.finish()
        return outcome
    except Diverged:
        talk.finish()
        return None


def _judge(prop: Property, case: Case, talk: Talk) -> Outcome:
    """Call the property and sort what happens."""
    outcome = Outcome(case, Verdict.PASSED, answers=talk.answers)
    try:
        prop.call(learner_module(talk), case)
    except Mismatch as mismatch:
        outcome.verdict, outcome.mismatch = Verdict.FAILED, mismatch
    except LearnerRaised as raised:
        outcome.verdict, outcome.error = _raised(raised.error), raised.error
    except TimedOut:
        outcome.verdict = Verdict.TIMEOUT
    except Gone as gone:
        outcome.verdict, outcome.message = Verdict.CRASHED, str(gone)
    except AssertionError as wrong:
        outcome.verdict, outcome.mismatch = Verdict.FAILED, Mismatch(str(wrong) or prop.sentence)
    except (Diverged, Superseded, Stopped):
        raise
    except Exception as error:  # noqa: BLE001  a property computes with what the submission answered: whatever that is
        outcome.verdict, outcome.broke = Verdict.FAILED, f"{type(error).__name__}: {error}"
    outcome.last = talk.last
    return outcome


def _raised(error: dict[str, Any]) -> Verdict:
    if "NotImplementedError" in error.get("bases", ()):
        return Verdict.UNWRITTEN
    return Verdict.FAILED if error.get("unusable") is True else Verdict.RAISED


def agree(mine: Any, other: Any) -> bool:
    """Whether two answers are the same value, up to the last digits."""
    if wire.is_tensor(mine):
        return _tensors_agree(mine, other)
    if type(mine) is not type(other):
        return False
    if type(mine) in (list, tuple):
        return len(mine) == len(other) and all(map(agree, mine, other))
    if type(mine) is dict:
        return list(mine) == list(other) and all(agree(mine[name], other[name]) for name in mine)
    if type(mine) is float:
        return bool(mine == other or (mine != mine and other != other) or abs(mine - other) <= 1e-9 + 1e-6 * abs(mine))
    if type(mine) is wire.Handle:
        return bool(mine.type == other.type)
    return bool(mine == other)


def _tensors_agree(mine: Any, other: Any) -> bool:
    import torch

    if not isinstance(other, torch.Tensor) or mine.shape != other.shape or mine.dtype != other.dtype:
        return False
    return bool(torch.allclose(mine.double(), other.double(), rtol=1e-6, atol=1e-9, equal_nan=True))
