"""A second worker beside the lanes, where a failing case is run on its own, made small, and blamed on who broke it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from tutor.core.report import Verdict
from tutor.grader.explain import unusable
from tutor.grader.program import Program
from tutor.grader.run import Outcome, run_case
from tutor.grader.session import Session, Stopped
from tutor.grader.shrink import smallest
from tutor.kit.declare import Property
from tutor.kit.draw import Case
from tutor.kit.learner import LearnerRaised


@dataclass
class Aside:
    """It is started when first needed, and again after a case that stopped it."""

    program: Program
    """The submission."""
    answer: Program
    """The solution, to tell whether a property can hold at all."""
    start: Callable[[Program], Session]
    """A session on a fresh worker, not yet loaded."""
    session: Session | None = None

    def alone(self, prop: Property, case: Case) -> Outcome:
        """The case in a worker that has not run the cases before it."""
        try:
            return self._run(prop, case)
        except LearnerRaised as raised:
            return Outcome(case, Verdict.RAISED, error=raised.error)
        except Stopped as stopped:
            return Outcome(case, Verdict.CRASHED, message=str(stopped))

    def _run(self, prop: Property, case: Case) -> Outcome:
        """Raises LearnerRaised and Stopped if the submission cannot be loaded any more."""
        if self.session is None:
            self.session = self.start(self.program)
            try:
                self.session.load()
            except (LearnerRaised, Stopped):
                self.end()
                raise
        outcome = run_case(self.session, prop, case)
        if outcome.verdict in (Verdict.TIMEOUT, Verdict.CRASHED):
            self.end()
        return outcome

    def end(self) -> None:
        """End the worker, if there is one."""
        if self.session is not None:
            self.session.worker.end(dump=False)
        self.session = None

    def blamed(self, prop: Property, outcome: Outcome) -> Outcome:
        """A property raised: the reference is at fault if it does so on the solution too, else what was answered is."""
        session = self.start(self.answer)
        try:
            session.load()
            right = run_case(session, prop, outcome.case)
        except (LearnerRaised, Stopped):
            right = outcome
        finally:
            session.worker.end(dump=False)
        if right.passed:
            return replace(outcome, message=unusable(outcome, right))
        message = f"This property broke; that is our fault, not yours. ({prop.name} raised {outcome.broke})"
        return replace(outcome, verdict=Verdict.ERROR, message=message)

    def last_words(self, prop: Property, case: Case) -> str:
        """What a worker says whose process this case ends; it records the learner's last line outside the process."""
        session = self.start(self.program)
        try:
            session.load(trace=True)
            run_case(session, prop, case)
        except (Stopped, LearnerRaised):
            pass
        return session.worker.end(dump=False)[1]

    def shrunk(
        self, prop: Property, outcome: Outcome, settings: dict[str, Any], calls: int, deadline: float
    ) -> tuple[Outcome, int]:
        """The outcome on the smallest case found, and how many cases were tried for it."""
        now = time.monotonic()
        if calls <= 0 or now > deadline:
            return replace(outcome, cut=True), 0
        kept = {outcome.case.key(): outcome}
        tried = 0

        def fails(case: Case) -> bool:
            nonlocal tried
            tried += 1
            found = self._run(prop, case)
            if found.verdict is outcome.verdict:
                kept[case.key()] = found
            return found.verdict is outcome.verdict

        try:
            share = min(deadline, now + settings["shrink_seconds"] / 3)
            case, cut = smallest(prop, settings["cases"], settings["seed"], outcome.case, fails, calls, share)
            small = replace(kept[case.key()], cut=cut)
            return (self.blamed(prop, small) if small.broke else small), tried
        except (Stopped, LearnerRaised):
            return outcome, tried
