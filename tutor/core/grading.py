"""The front end's side of the grader process: requests go out, events come back, one JSON object a line.

    GradingSettings   seed, number of cases and limits
    Grader            the process `python -m tutor.worker.zygote`, started again if it died

A front end that draws as it goes reads `events()` in a thread; a command line calls `grade()`. Do not mix the two on
one Grader: each event is delivered once.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any, Literal

from tutor.core.course import Course
from tutor.core.errors import GraderFailed
from tutor.core.events import Broken, Cancelled, Event, Finished, Opened, event_from_json
from tutor.core.report import Report
from tutor.core.submission import Submission

Method = Literal["auto", "fork", "spawn"]
SANDBOX_LEVELS = {
    "none": (),
    "process": ("process", "environment"),
    "rlimits": ("process", "environment", "rlimits"),
    "landlock": ("process", "environment", "rlimits", "landlock"),
    "full": ("process", "environment", "rlimits", "landlock", "seccomp"),
}  # fmt: skip
"""Level of --require-sandbox → the layers that must be active."""


@dataclass(frozen=True)
class GradingSettings:
    """What a grading depends on beside the submission."""

    seed: int = 0
    """Of every drawn case; shown in every report."""
    cases: int = 100
    """Cases of each property, where the property does not say its own number."""
    call_seconds: float = 2.0
    """Longest time for one call of the learner's code."""
    cpu_seconds: float = 30.0
    """Processor time for one submission."""
    wall_seconds: float = 60.0
    """Time by the clock for judging one submission: calls that sleep use no processor."""
    memory_mb: int = 2048
    """What the learner's code may allocate."""
    shrink_seconds: float = 3.0
    """Spent at most on making failing cases small; 0 shows them as they were drawn."""
    lanes: int = 2
    """Workers among which the properties of a submission are dealt; where workers cannot be forked there is one."""
    require: str = "none"
    """Level of the sandbox (`SANDBOX_LEVELS`) without which nothing is run."""


_SILENT_SECONDS = 60.0
"""Without a word though something is asked: longer than importing torch from a slow disk takes, or any one property."""


@dataclass
class _Process:
    """One life of the grader process."""

    child: subprocess.Popen[str]
    pending: set[int] = field(default_factory=set)
    """Tickets that it has not answered yet."""
    heard: float = field(default_factory=time.monotonic)
    """When it last said something, or was asked something while nothing was pending."""
    ended: bool = False
    """True once its pending tickets were answered for it: it must get no more."""
    reader: threading.Thread | None = None


class Grader:
    """Owns the grader process; safe to use from several threads.

    `method` is how workers are made: 'fork', 'spawn', or 'auto', which takes fork where it is safe.
    `log` is the file that gets the process's narration; without it the narration is dropped.
    """

    def __init__(
        self,
        course: Course,
        *,
        method: Method = "auto",
        settings: GradingSettings | None = None,
        log: Path | None = None,
    ) -> None:
        self.course = course
        self.settings = settings or GradingSettings()
        self._method = method
        self._log = log
        self._events: queue.Queue[Event | None] = queue.Queue()
        self._tickets = itertools.count(1)
        self._checks: dict[str, int] = {}
        self._lock = threading.RLock()
        self._process: _Process | None = None
        self._closed = False

    def start(self) -> None:
        """Starts the process and returns at once; it warms up in the background and then sends Ready."""
        with self._lock:
            self._alive()

    def open(self, exercise: str) -> int:
        """Asks for an exercise's cases to be drawn ahead; returns the ticket of the request."""
        with self._lock:
            return self._ask("open", exercise)

    def check(self, submission: Submission) -> int:
        """Asks for a submission to be graded; an unfinished check of the same exercise is cancelled."""
        with self._lock:
            older = self._checks.pop(submission.exercise, None)
            if older is not None:
                self.cancel(older)
            self._end_if_silent()
            ticket = self._ask("check", submission.exercise, submission=asdict(submission))
            self._checks[submission.exercise] = ticket
            return ticket

    def _end_if_silent(self) -> None:
        """Kills a process that has owed answers for long without a word: stopped, or stuck. The next one is fresh."""
        process = self._process
        if process and process.pending and time.monotonic() - process.heard > _SILENT_SECONDS:
            process.child.kill()
            process.child.wait()

    def cancel(self, ticket: int) -> None:
        """Gives up a request that has not been answered; one that has is left alone."""
        with self._lock:
            process = self._process
            if process and ticket in process.pending:
                self._send(process, {"do": "cancel", "ticket": ticket})

    def events(self) -> Iterator[Event]:
        """What the process says, as it says it, until `close`. Blocks between events."""
        while (event := self._events.get()) is not None:
            yield event
        self._events.put(None)  # for another reader

    def grade(self, submission: Submission, *, wall_seconds: float | None = None) -> Report:
        """Grades one submission and waits for its report. Raises GraderFailed if the grader broke or fell silent."""
        ticket = self.check(submission)
        deadline = time.monotonic() + (wall_seconds or 120 + 4 * self.settings.cpu_seconds)
        while True:
            try:
                event = self._events.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                self._stop()
                raise GraderFailed(f"The grader did not answer on {submission.path}. Try again.") from None
            match event:
                case Finished(ticket=found, report=report) if found == ticket:
                    return report
                case Broken(ticket=found, message=message, detail=detail) if found == ticket:
                    raise GraderFailed(message, detail)
                case Cancelled(ticket=found) if found == ticket:
                    raise GraderFailed(f"Grading {submission.path} was cancelled. Try again.")
                case None:
                    raise GraderFailed("The grader was closed while it graded. Try again.")

    def close(self) -> None:
        """Ends the process and `events()`."""
        with self._lock:
            self._closed = True
        self._stop()
        self._events.put(None)

    def __enter__(self) -> Grader:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _ask(self, do: str, exercise: str, **more: Any) -> int:
        ticket = next(self._tickets)
        process = self._alive()
        if not process.pending:
            process.heard = time.monotonic()
        process.pending.add(ticket)
        request = {"do": do, "ticket": ticket, "course": str(self.course.root), "exercise": exercise}
        self._send(process, {**request, "settings": asdict(self.settings), **more})
        return ticket

    def _send(self, process: _Process, request: Mapping[str, Any]) -> None:
        assert process.child.stdin is not None
        with contextlib.suppress(OSError, ValueError):  # it died: its reader answers every pending ticket
            process.child.stdin.write(json.dumps(request) + "\n")
            process.child.stdin.flush()

    def _alive(self) -> _Process:
        if self._closed:
            raise GraderFailed("The grader is closed. Start the program again.")
        if self._process is None or self._process.ended or self._process.child.poll() is not None:
            process = _Process(self._launch())
            process.reader = threading.Thread(target=self._read, args=(process,), name="grader events", daemon=True)
            process.reader.start()
            self._process = process
        return self._process

    def _launch(self) -> subprocess.Popen[str]:
        command = [sys.executable, "-P", "-m", "tutor.worker.zygote", "--packages", ",".join(self.course.packages)]
        if self._method != "auto":
            command += ["--method", self._method]
        with _narration(self._log) as log:
            return subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env=_environment(),
                encoding="utf-8",
                start_new_session=True,  # Ctrl-C in the terminal is the front end's, not the grader's
            )

    def _read(self, process: _Process) -> None:
        assert process.child.stdout is not None and process.child.stdin is not None
        with process.child.stdout as lines:
            for line in lines:
                process.heard = time.monotonic()
                event = _event(line)
                if event is not None:
                    self._answered(process, event)
                    self._events.put(event)
        process.child.wait()
        with self._lock:
            process.ended = True
            with contextlib.suppress(OSError):  # what was not sent can no longer be
                process.child.stdin.close()
            for ticket in () if self._closed else sorted(process.pending):
                self._events.put(Broken(ticket, f"The grader process ended ({_ending(process)}). Try again."))

    def _answered(self, process: _Process, event: Event) -> None:
        if isinstance(event, Opened | Finished | Cancelled | Broken):
            with self._lock:
                process.pending.discard(event.ticket)
                self._checks = {id: ticket for id, ticket in self._checks.items() if ticket != event.ticket}

    def _stop(self) -> None:
        with self._lock:
            process, self._process = self._process, None
            if process is None:
                return
            self._send(process, {"do": "quit"})
        try:
            process.child.wait(timeout=2)
        except subprocess.TimeoutExpired:
            process.child.kill()
            process.child.wait()
        assert process.reader is not None
        process.reader.join()


def _event(line: str) -> Event | None:
    """The event in a line; None for a line that is none, which can only be stray output of an imported package."""
    try:
        return event_from_json(json.loads(line))
    except (ValueError, KeyError, TypeError):
        return None


def _ending(process: _Process) -> str:
    code = process.child.returncode
    return f"signal {-code}" if code < 0 else f"exit code {code}"


def _environment() -> dict[str, str]:
    """The environment of the grader: one thread for numbers, and no modules from the folder the user stands in."""
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return {**os.environ, **threads, "PYTHONSAFEPATH": "1", "PYTHONHASHSEED": "0"}  # sets come in the same order


@contextlib.contextmanager
def _narration(log: Path | None) -> Iterator[int | IO[bytes]]:
    try:
        file = log.open("ab") if log else None
    except OSError:  # a read-only workspace can still be graded
        file = None
    if file is None:
        yield subprocess.DEVNULL
    else:
        with file:
            yield file
