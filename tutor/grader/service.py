"""A grader process: one exercise, opened once, any number of checks.

`serve_socket` runs in a child of the zygote; `main` does the same in a fresh interpreter, where fork is not safe.
"""

from __future__ import annotations

import argparse
import json
import socket
import time
import traceback
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tutor.core.course import load_course
from tutor.core.errors import GraderFailed
from tutor.core.events import Broken, Cancelled, Event, Opened, PropertyName, event_to_json
from tutor.grader import check as checking
from tutor.grader.check import Check
from tutor.grader.forked import SocketUpstream
from tutor.grader.lanes import Lane, turns
from tutor.grader.program import Program, solved
from tutor.grader.reference import load_reference
from tutor.grader.session import Session, Stopped, Superseded
from tutor.grader.shrink import draw_cases, quiet_hypothesis
from tutor.grader.spawned import PipeUpstream
from tutor.grader.upstream import Upstream
from tutor.kit.learner import LearnerRaised


@dataclass
class Service:
    """Requests in, events out."""

    upstream: Upstream
    course_root: str
    exercise: str
    settings: dict[str, Any]
    opened: checking.Opened | None = None
    seconds: float = 0.0
    """Taken by opening."""

    def run(self) -> None:
        """Serve until the zygote hangs up."""
        self.settings = {**self.settings, "lanes": min(self.settings["lanes"], self.upstream.most_lanes)}
        quiet_hypothesis()
        while True:
            request = self.upstream.next_request()
            if request is None:
                return
            try:
                self._answer(request)
            except Superseded:
                self._tell(Cancelled(request["ticket"]))
            except ConnectionError:
                return
            except GraderFailed as failed:
                self._tell(Broken(request["ticket"], str(failed), ""))
            except Exception as error:  # noqa: BLE001  whatever breaks here is ours and must be told, not shown as the learner's
                self._tell(Broken(request["ticket"], _apology(self.exercise, error), traceback.format_exc()))

    def _answer(self, request: dict[str, Any]) -> None:
        match request["do"]:
            case "open":
                self._tell(self._described(request["ticket"], self.opened or self._open()))
                self._rehearse()
            case "check":
                opened = self.opened or self._open()
                Check(opened, request["ticket"], request["submission"], self.settings, self._start, self._tell).run()
                self.upstream.prepare(self.settings["lanes"])

    def _open(self) -> checking.Opened:
        """Load the reference and draw the cases."""
        started = time.perf_counter()
        course = load_course(Path(self.course_root))
        exercise = course.exercise(self.exercise)
        reference = load_reference(exercise.reference)
        most, number = self.settings["cases"], self.settings["seed"]
        cases = {prop.name: turns(prop, draw_cases(prop, most, number)) for prop in reference.properties}
        stub, solution = (path.read_text(encoding="utf-8") for path in (exercise.stub, exercise.solution))
        answer = solved(course, self.exercise, reference.probes)
        self.opened = checking.Opened(self.exercise, reference, stub, solution, cases, answer)
        self.seconds = time.perf_counter() - started
        return self.opened

    def _described(self, ticket: int, opened: checking.Opened) -> Opened:
        names = tuple(PropertyName(prop.name, prop.sentence) for prop in opened.reference.properties)
        cases = sum(not turn.again for each in opened.turns.values() for turn in each)
        return Opened(ticket, self.exercise, names, cases, self.seconds)

    def _rehearse(self) -> None:
        """Run the solution once, unseen: every oracle is computed and every script recorded before the first save."""
        assert self.opened is not None
        session = self._start(self.opened.answer)
        try:
            session.load()
            every = [turn for each in self.opened.turns.values() for turn in each]
            lane = Lane(session, [turn for turn in every if not turn.again])
            for prop in self.opened.reference.properties:
                deque(lane.outcomes(prop), maxlen=0)
        except (Stopped, LearnerRaised, Superseded):
            return
        finally:
            session.worker.end(dump=False)
        self.upstream.prepare(self.settings["lanes"])

    def _start(self, program: Program) -> Session:
        worker = self.upstream.worker(self.settings["cpu_seconds"], self.settings["memory_mb"])
        return Session(worker, program, self.settings["call_seconds"])

    def _tell(self, event: Event) -> None:
        self.upstream.emit(event_to_json(event))


def _apology(exercise: str, error: Exception) -> str:
    return (
        f"The grader broke on {exercise} ({type(error).__name__}: {error}). This is our error, not yours; "
        "your file was not judged. Check again, and if it stays, report it with the log."
    )


def serve_socket(link: socket.socket, course: str, exercise: str, settings: dict[str, Any]) -> None:
    """Serve over a socket to the zygote, which forks the workers."""
    Service(SocketUpstream(link), course, exercise, settings).run()


def main() -> None:
    """Serve over standard input and output, starting workers as fresh interpreters."""
    parser = argparse.ArgumentParser(prog="tutor.grader.service")
    parser.add_argument("course")
    parser.add_argument("exercise")
    parser.add_argument("settings", type=json.loads)
    parser.add_argument("--packages", default="")
    given = parser.parse_args()
    upstream = PipeUpstream([name for name in given.packages.split(",") if name])
    try:
        Service(upstream, given.course, given.exercise, given.settings).run()
    finally:
        upstream.close()


if __name__ == "__main__":
    main()
