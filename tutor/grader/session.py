"""One submission in one worker: requests go out as frames, answers come back in order, limits are watched here.

A script is the list of frames that a property sends for a case. It is the same for every submission that behaves, so
the scripts of the next cases are sent ahead, and worker and grader work at the same time. A submission that makes a
property ask something else has diverged: its case is run again, one request at a time.
"""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path
from typing import Any, NoReturn, Protocol, cast

from tutor import wire
from tutor.grader.program import Program
from tutor.kit.draw import Case
from tutor.kit.judge import Mismatch
from tutor.kit.learner import LearnerRaised, Proxy
from tutor.promises import called

PATIENCE = 3
"""A call may take so many times its limit by the clock while it uses less than half of it on the processor."""

GRACE = 0.05
"""Seconds before the processor time of a call is looked at: most answers come sooner."""


class Stopped(Exception):
    """The worker can answer no more."""


class TimedOut(Stopped):
    """A call went over its limit; the worker was killed."""


class Gone(Stopped):
    """The worker ended by itself."""


class Superseded(Exception):
    """The front end wants something newer than this check."""


class Diverged(Exception):
    """The property asked something else than its script says."""


class Worker(Protocol):
    """A process that runs learner code, and the way to it."""

    pid: int

    def send(self, data: bytes) -> None:
        """Queue frames; never blocks for long."""

    def receive(self, seconds: float) -> bytes | None:
        """The next frame, or None after so many seconds. Raises Gone at its end and Superseded at a newer request."""

    def end(self, dump: bool) -> tuple[int, str]:
        """Kill it (asking for its traceback first, if `dump`) and return exit status and last words."""


class Session:
    """A loaded program in a worker."""

    def __init__(self, worker: Worker, program: Program, call_seconds: float) -> None:
        self.worker, self.program, self.limit = worker, program, call_seconds
        self.layers: list[tuple[str, bool, str]] = []
        self.expected = 0
        """Answers still to come."""
        self.stopped: Stopped | None = None
        """Why no more will come."""
        self.uses: list[tuple[str, int]] = []
        """Forbidden names that the worker saw used, with the line."""

    def confined(self) -> list[tuple[str, bool, str]]:
        """The sandbox's layers (name, active, reason), told before any code of the learner's runs. Raises Stopped."""
        self.write(wire.encode({"do": "layers"}))
        self.layers = [(str(name), bool(active), str(reason)) for name, active, reason in self.answer()["v"]]
        return self.layers

    def load(self, trace: bool = False) -> None:
        """Run the learner's module. Raises LearnerRaised, Stopped."""
        self.ask_to_load(trace)
        self.loaded()

    def ask_to_load(self, trace: bool = False) -> None:
        """Have the learner's module run; what is sent after it waits for it."""
        sources = {name: (text.encode(), path) for name, (text, path) in self.program.sources.items()}
        message = {
            "do": "load", "main": self.program.main, "sources": sources, "probes": self.program.probes.encode(),
            "returns": self.program.returns, "forbidden": list(self.program.forbidden), "trace": trace,
        }  # fmt: skip
        self.write(wire.encode(message))

    def loaded(self) -> None:
        """Wait until it has run. Raises LearnerRaised, Stopped."""
        answer = self.answer(self.limit * 2)
        self.note(answer)
        if "e" in answer:
            raise LearnerRaised(answer["e"])

    def write(self, frame: bytes, answers: int = 1) -> None:
        """Send frames that so many answers are due for."""
        self.expected += answers
        self.worker.send(frame)

    def begin(self, case: Case, watch: bool = False) -> None:
        """Start a case: its seed, no objects; `watch` has the worker look for forbidden names."""
        watch = watch and bool(self.program.forbidden)
        self.worker.send(wire.encode({"do": "case", "seed": case.seed(), "watch": watch}))

    def note(self, answer: dict[str, Any]) -> None:
        """Keep what an answer tells of forbidden names, if it can be true."""
        for use in answer["w"] if type(answer.get("w")) is list else ():
            match use:
                case [str(name), int(line)] if name in self.program.forbidden and 0 < line <= self.program.lines:
                    self.uses.append((name, line))

    def answer(self, limit: float | None = None) -> dict[str, Any]:
        """The next answer as the worker sent it. Raises Stopped, and from then on the same again."""
        if self.stopped is not None:
            raise self.stopped
        try:
            return self._taken(limit or self.limit)
        except Stopped as stopped:
            self.stopped = stopped
            raise

    def _taken(self, limit: float) -> dict[str, Any]:
        frame = self._within(limit)
        self.expected -= 1
        try:
            answer = wire.decode(frame)
        except wire.WireError as error:
            self._refuse(f": {error}")
        if not _is_answer(answer):
            self._refuse()
        return cast("dict[str, Any]", answer)

    def _refuse(self, why: str = "") -> NoReturn:
        """End a worker that says what a worker never says."""
        self.worker.end(dump=False)
        raise Gone(f"the worker sent something that is no answer{why}.")

    def _within(self, limit: float) -> bytes:
        frame = self.worker.receive(min(limit, GRACE))
        if frame is not None:
            return frame
        started, used = time.monotonic(), processor_seconds(self.worker.pid)
        while True:
            frame = self.worker.receive(limit)
            if frame is not None:
                return frame
            busy = processor_seconds(self.worker.pid) - used
            if busy > limit / 2 or time.monotonic() - started > PATIENCE * limit:
                raise TimedOut

    def drain(self) -> bool:
        """Take and drop every answer that is still to come; False if the worker stops: whoever asks next is told."""
        try:
            while self.expected:
                self.answer()
        except Stopped:
            return False
        return True


def _is_answer(answer: Any) -> bool:
    """Whether it has the shape of an answer: learner code can send what it likes."""
    if type(answer) is not dict or not ({"v", "e"} & set(answer)):
        return False
    return "e" not in answer or _is_error(answer["e"])


def _is_error(error: Any) -> bool:
    return (
        type(error) is dict
        and all(type(error.get(name)) is str for name in ("type", "message"))
        and type(error.get("bases")) is list
        and all(type(each) is str for each in error["bases"])
        and type(error.get("frames")) is list
        and all(_is_frame(each) for each in error["frames"])
    )


def _is_frame(frame: Any) -> bool:
    """Whether it is a line of a traceback: file, number, function."""
    return type(frame) is list and [type(each) for each in frame] == [str, int, str]


def processor_seconds(pid: int) -> float:
    """Processor time the process has used; infinite where the system does not say, so that the clock decides."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return float("inf")
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Talk:
    """The requests and answers of one case, kept for diagnosis."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.answers: list[dict[str, Any]] = []
        self.last: dict[str, Any] = {}
        """The last request."""
        self.kinds: dict[int, str] = {}
        """The types of the objects that stayed in the worker, as it says."""

    def admit(self, function: wire.Path, value: Any) -> None:
        """Raise Mismatch if a function or method returned another type than its stub promises."""
        if type(value) is wire.Handle:
            self.kinds[value.number] = value.type
        promises, kind = self.session.program.promises, self.kinds.get(function.number, "")
        names = called(kind, function.path) if function.number else (function.path,)
        promise = next((promises[name] for name in names if name in promises), None)
        objection = promise.objection(value) if promise else ""
        if objection:
            raise Mismatch(objection)

    def _take(self) -> Any:
        answer = self.session.answer()
        self.session.note(answer)
        self.answers.append(answer)
        if "e" in answer:
            raise LearnerRaised(answer["e"])
        return answer["v"]


class Live(Talk):
    """One request at a time; records the script."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.script: list[bytes] = []

    def request(self, message: dict[str, Any]) -> Any:
        """Send, wait, decode."""
        self.last = message
        frame = wire.encode(message)
        self.script.append(frame)
        self.session.write(frame)
        return self._take()


class Scripted(Talk):
    """The case's script was sent ahead; answers are taken as long as the property keeps to it."""

    def __init__(self, session: Session, script: list[bytes]) -> None:
        super().__init__(session)
        self.script, self.position = script, 0

    def request(self, message: dict[str, Any]) -> Any:
        """Take the answer that was asked for ahead. Raises Diverged if this is not what was asked."""
        self.last = message
        if self.position >= len(self.script) or self.script[self.position] != wire.encode(message):
            raise Diverged
        self.position += 1
        return self._take()

    def finish(self) -> None:
        """Drop the answers that the property did not ask for; if the worker stops, whoever asks next is told why."""
        with contextlib.suppress(Stopped):
            for _ in self.script[self.position :]:
                self.session.answer()


def learner_module(talk: Any) -> Proxy:
    """`you`."""
    return Proxy(talk, wire.Path(0), "module")
