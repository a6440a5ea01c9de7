"""One check of one submission: from the text to the report, telling each verdict as it is known."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from tutor.core.errors import GraderFailed
from tutor.core.events import Checking, Event, Finished, Judged, Recognised
from tutor.core.grading import SANDBOX_LEVELS
from tutor.core.report import Layer, LearnerError, Need, PropertyResult, Report, Verdict, overall
from tutor.grader.aside import Aside
from tutor.grader.contract import forbidden_use, object_to
from tutor.grader.diagnose import Tried, recognise
from tutor.grader.explain import learner_error, result, words_to_lines
from tutor.grader.lanes import Lane, Turn, ended, shares
from tutor.grader.program import Program, shown_path, submitted
from tutor.grader.reference import Reference
from tutor.grader.run import Outcome
from tutor.grader.session import Gone, Session, Stopped
from tutor.grader.shrink import CALLS
from tutor.grader.stopping import CPU_LIMIT_STATUS, REMEMBERS, overtime_sentence, stop_sentence
from tutor.kit.declare import Property
from tutor.kit.learner import LearnerRaised

MORE_FAILURES = 4
"""Failing cases kept of one property, for the diagnosis."""
MORE_PASSES = 5
"""Passing cases kept of one property, for the diagnosis."""
SHRINK_CALLS = 3 * CALLS
"""Cases tried at most to make those of all properties smaller: by number, so that the clock decides last."""
STOPS_ALLOWED = 2
"""After so many timeouts or crashes the remaining properties are skipped."""


@dataclass(frozen=True)
class Opened:
    """An exercise with its cases drawn."""

    exercise: str
    reference: Reference
    stub: str
    solution: str
    turns: dict[str, tuple[Turn, ...]]
    """The cases of each property, as a lane runs them."""
    answer: Program
    """The solution on the solutions of all it needs."""


@dataclass
class Check:
    """The state of one check."""

    opened: Opened
    ticket: int
    submission: dict[str, Any]
    settings: dict[str, Any]
    start: Callable[[Program], Session]
    """A session on a fresh worker, not yet loaded."""
    tell: Callable[[Event], None]
    results: dict[str, PropertyResult] = field(default_factory=dict)
    failures: list[Tried] = field(default_factory=list)
    passes: list[Tried] = field(default_factory=list)
    """Some cases of each property that passed."""
    stops: int = 0
    lanes: list[Lane] = field(default_factory=list)
    layers: tuple[Layer, ...] = ()
    uses: list[tuple[str, int]] = field(default_factory=list)
    """Forbidden names seen used while the code ran, with the line."""
    began: float = field(default_factory=time.perf_counter)

    def run(self) -> Report:
        """Judge every property. Raises Superseded when something newer came, and whatever breaks in the grader."""
        self.tell(Checking(self.ticket, self.opened.exercise, self.submission["sha256"]))
        try:
            report = self._graded()
            self.tell(Finished(self.ticket, report))
        finally:
            self._end_lanes()
            self.aside.end()
        return report

    @property
    def path(self) -> str:
        """The name of the submission's file in tracebacks."""
        return shown_path(self.opened.exercise)

    @cached_property
    def texts(self) -> dict[str, str]:
        """All files of the submission by the path shown in tracebacks."""
        return {path: text for text, path in self.program.sources.values()}

    @cached_property
    def aside(self) -> Aside:
        """Where a failing case is run on its own."""
        return Aside(self.program, self.opened.answer, self.start)

    @cached_property
    def program(self) -> Program:
        """What the worker is to load."""
        reference = self.opened.reference
        return submitted(self.submission, reference.probes, self.opened.stub, reference.forbidden)

    def _graded(self) -> Report:
        objection = object_to(self.submission["text"], self.opened.stub, self.opened.reference.forbidden, self.path)
        if objection is not None:
            return self._report(objection.verdict, objection.message, objection.error)
        try:
            self._open_lanes()
        except LearnerRaised as raised:
            return self._unloaded(raised)
        except Stopped as stopped:
            return self._stopped_loading(stopped)
        self._judge_all()
        if self.uses:
            name, number = self.uses[0]
            objection = forbidden_use(name, number, self.submission["text"], self.path)
            return self._report(objection.verdict, objection.message, objection.error)
        mistake = ""
        if self.failures:
            self._end_lanes()  # their processor time is needed for what follows
            self._shrink_all()
            mistake = self._diagnose()
        return self._report(overall(each.verdict for each in self.results.values()), "", None, mistake)

    def _open_lanes(self) -> None:
        """Load the submission once for each share of the properties. Raises GraderFailed, LearnerRaised, Stopped."""
        for share in shares(self.opened.turns, self.settings["lanes"]):
            turns = [turn for name in share for turn in self.opened.turns[name]]
            self.lanes.append(Lane(self.start(self.program), turns))
        for lane in self.lanes:
            self.layers = tuple(Layer(*each) for each in lane.session.confined())
            demand(self.layers, self.settings["require"])
        for lane in self.lanes:
            lane.session.ask_to_load()
            lane.fill()
        for lane in self.lanes:
            lane.session.loaded()

    def _judge_all(self) -> None:
        for prop in self.opened.reference.properties:
            if self.stops >= STOPS_ALLOWED:
                self._settle_unjudged(prop, Verdict.SKIPPED, "Not run: what came before it had to be stopped.")
                continue
            lane = next(each for each in self.lanes if each.holds(prop))
            running = lane.session
            self._judge(prop, lane)
            self.uses += running.uses
            running.uses = []

    def _end_lanes(self) -> None:
        for lane in self.lanes:
            lane.session.worker.end(dump=False)

    def _settle_unjudged(self, prop: Property, verdict: Verdict, message: str) -> None:
        self._settle(PropertyResult(prop.name, prop.sentence, verdict, message=message))

    def _judge(self, prop: Property, lane: Lane) -> None:
        """Run a property's cases in its lane and settle its verdict."""
        tried, failed, passed = 0, list[Outcome](), list[Outcome]()
        for turn, outcome in lane.outcomes(prop):
            tried += not turn.again
            if ended(outcome):
                self._settle_stopped(prop, outcome, tried, lane.session)
                self._renew(lane)
            elif turn.again and not outcome.passed and not failed:
                self._settle_remembering(prop, outcome, tried)
            elif not turn.again and not outcome.passed:
                failed.append(outcome)
            elif not turn.again:
                passed.append(outcome)
            if prop.name not in self.results and time.perf_counter() - self.began > self.settings["wall_seconds"]:
                self._settle_overtime(prop)
            if prop.name in self.results or len(failed) >= MORE_FAILURES:
                break
        lane.leave(prop)
        if prop.name not in self.results:
            self._settle_judged(prop, failed, tried)
        self.passes += [(prop, each) for each in passed[-MORE_PASSES:]]

    def _settle_judged(self, prop: Property, failed: list[Outcome], tried: int) -> None:
        if not failed:
            self._settle(PropertyResult(prop.name, prop.sentence, Verdict.PASSED, tried))
            return
        first = failed[0]
        if first.verdict is not Verdict.UNWRITTEN:
            alone = self.aside.alone(prop, first.case)
            first = alone if not alone.passed else replace(first, verdict=Verdict.FLAKY)
        if first.broke and first.verdict is not Verdict.FLAKY:
            first = self.aside.blamed(prop, first)
            if first.verdict is Verdict.ERROR:
                self._settle_unjudged(prop, Verdict.ERROR, first.message)
                return
        if first.verdict is not Verdict.FLAKY:
            self.failures += [(prop, each) for each in (first, *failed[1:])]
        self._settle(result(prop, first, tried, self.texts, shrunk=False))

    def _settle_overtime(self, prop: Property) -> None:
        """No call was too long, all together are: nothing more is judged."""
        message = overtime_sentence(self.settings)
        self._settle(PropertyResult(prop.name, prop.sentence, Verdict.TIMEOUT, message=message))
        self.stops = STOPS_ALLOWED
        self._end_lanes()

    def _settle_remembering(self, prop: Property, outcome: Outcome, tried: int) -> None:
        """A case that passed at first and fails after the others."""
        told = result(prop, replace(outcome, verdict=Verdict.FLAKY), tried, self.texts, shrunk=False)
        self._settle(replace(told, message=REMEMBERS))

    def _settle_stopped(self, prop: Property, outcome: Outcome, tried: int, session: Session) -> None:
        """A call that had to be stopped, or that ended its process: told with the learner's line it was on."""
        self.stops += 1
        status, words = session.worker.end(dump=outcome.verdict is Verdict.TIMEOUT)
        lines = words_to_lines(words, self.texts)
        if outcome.verdict is Verdict.CRASHED and not lines:
            lines = words_to_lines(self.aside.last_words(prop, outcome.case), self.texts)
        told = result(prop, outcome, tried, self.texts, shrunk=False)
        message = stop_sentence(outcome, status, self.settings)
        if outcome.verdict is Verdict.CRASHED and status == CPU_LIMIT_STATUS:
            told = replace(told, verdict=Verdict.TIMEOUT)
        kind = "timeout" if told.verdict is Verdict.TIMEOUT else "crash"
        self._settle(replace(told, message=message, error=LearnerError(kind, message, lines)))

    def _renew(self, lane: Lane) -> None:
        """Another worker for a lane whose worker is no more."""
        lane.session.worker.end(dump=False)
        lane.renew(self.start(self.program))
        try:
            lane.session.load()
        except (LearnerRaised, Stopped):  # it could be loaded at first, and can no more: nothing else can be judged
            lane.session.worker.end(dump=False)
            self.stops = STOPS_ALLOWED

    def _shrink_all(self) -> None:
        """Make each first failing case small, within a budget for all; none at all makes nothing smaller."""
        if not self.settings["shrink_seconds"]:
            return
        deadline, calls = time.monotonic() + self.settings["shrink_seconds"], SHRINK_CALLS
        done: set[str] = set()
        for prop, outcome in list(self.failures):
            shrinkable = outcome.verdict in (Verdict.FAILED, Verdict.RAISED)
            if prop.name in done or not shrinkable or not prop.arguments:
                continue
            done.add(prop.name)
            small, used = self.aside.shrunk(prop, outcome, self.settings, min(CALLS, calls), deadline)
            calls -= used
            self.failures.append((prop, small))
            self._settle(result(prop, small, self.results[prop.name].cases, self.texts, shrunk=True))

    def _diagnose(self) -> str:
        mistakes = self.opened.reference.mistakes
        sentence = recognise(self.failures, self.passes, mistakes, self.opened.solution, self.program, self.start)
        if sentence:
            self.tell(Recognised(self.ticket, self.opened.exercise, sentence))
        return sentence

    def _settle(self, settled: PropertyResult) -> None:
        self.results[settled.name] = settled
        self.tell(Judged(self.ticket, self.opened.exercise, settled))

    def _unloaded(self, raised: LearnerRaised) -> Report:
        error = learner_error(raised.error, self.texts)
        unwritten = "NotImplementedError" in raised.error.get("bases", ())
        message = f"Your file cannot be imported: {error.type}: {error.message}"
        return self._report(Verdict.UNWRITTEN if unwritten else Verdict.RAISED, message, error)

    def _stopped_loading(self, stopped: Stopped) -> Report:
        session = next(each.session for each in self.lanes if each.session.stopped is stopped)
        crashed = isinstance(stopped, Gone)
        status, words = session.worker.end(dump=not crashed)
        lines = words_to_lines(words, self.texts)
        verdict = Verdict.CRASHED if crashed and status != CPU_LIMIT_STATUS else Verdict.TIMEOUT
        kind = "crash" if verdict is Verdict.CRASHED else "timeout"
        message = (
            "Importing your file ended the process."
            if crashed
            else "Importing your file took too long and was stopped."
        ) + " Only define functions and classes at the top level of the file."
        return self._report(verdict, message, LearnerError(kind, message, lines))

    def _report(self, verdict: Verdict, message: str, error: LearnerError | None = None, mistake: str = "") -> Report:
        needs = [Need(each["exercise"], each["borrowed"], each["sha256"]) for each in self.submission["needs"]]
        settled = tuple(
            self.results.get(prop.name, PropertyResult(prop.name, prop.sentence, Verdict.SKIPPED))
            for prop in self.opened.reference.properties
        )
        return Report(
            self.opened.exercise, verdict, self.submission["path"], self.submission["sha256"], settled,
            message, error, mistake, tuple(needs), self.settings["seed"], sum(each.cases for each in settled),
            round(time.perf_counter() - self.began, 4), self.layers,
        )  # fmt: skip


def demand(layers: tuple[Layer, ...], level: str) -> None:
    """Raise GraderFailed if a layer of the level is not active."""
    missing = [each for each in layers if each.name in SANDBOX_LEVELS[level] and not each.active]
    if missing:
        told = "; ".join(f"{each.name}: {each.reason}" for each in missing)
        raise GraderFailed(
            f"Nothing was run: --require-sandbox {level} asks for layers that are not active here ({told}). Grade on a "
            "machine that has them, or ask for a lower level; `tutor doctor` shows the layers."
        )
