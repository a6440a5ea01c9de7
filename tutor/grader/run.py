"""Running a property on a case through a session: an outcome comes out, nothing is explained yet."""

from __future__ import annotations

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


def run_sent(session: Session, prop: Property, case: Case) -> Outcome | None:
    """The outcome of a case whose script was sent before; None if the property asked something else."""
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
