"""In the zygote's place where fork is not safe: graders are fresh interpreters, and their lines are passed on here."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from typing import Any


@dataclass(eq=False)
class Grader:
    """A grader in a fresh interpreter."""

    process: subprocess.Popen[str]
    tickets: set[int] = field(default_factory=set)


class Relay:
    """One grader per course, exercise and settings."""

    def __init__(self, packages: list[str]) -> None:
        self.packages = packages
        self.graders: dict[str, Grader] = {}
        self.writing = threading.Lock()

    def run(self) -> None:
        """Serve until the front end hangs up or says quit."""
        for line in sys.stdin:
            request = json.loads(line)
            if request["do"] == "quit":
                break
            self._request(request)
        for grader in self.graders.values():
            grader.process.terminate()
            grader.process.wait()

    def _request(self, request: dict[str, Any]) -> None:
        if request["do"] == "cancel":
            for grader in self.graders.values():
                if request["ticket"] in grader.tickets:
                    self._send(grader, request)
            return
        key = json.dumps([request["course"], request["exercise"], request["settings"]])
        if key not in self.graders or self.graders[key].process.poll() is not None:
            self.graders[key] = self._start(request)
        self.graders[key].tickets.add(request["ticket"])
        self._send(self.graders[key], request)

    def _start(self, request: dict[str, Any]) -> Grader:
        command = [sys.executable, "-m", "tutor.grader.service", request["course"], request["exercise"],
                   json.dumps(request["settings"]), "--packages", ",".join(self.packages)]  # fmt: skip
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        grader = Grader(process)
        threading.Thread(target=self._pass_on, args=(grader,), daemon=True).start()
        return grader

    def _send(self, grader: Grader, request: dict[str, Any]) -> None:
        assert grader.process.stdin is not None
        grader.process.stdin.write(json.dumps(request) + "\n")
        grader.process.stdin.flush()

    def _pass_on(self, grader: Grader) -> None:
        assert grader.process.stdout is not None
        for line in grader.process.stdout:
            event = json.loads(line)
            if event["event"] in ("opened", "finished", "cancelled", "broken"):
                grader.tickets.discard(event["ticket"])
            self._write(line)
        for ticket in grader.tickets:
            message = (
                "The grader of this exercise ended unexpectedly. Check again; if it happens twice, run `tutor doctor`."
            )
            self._write(json.dumps({"event": "broken", "ticket": ticket, "message": message, "detail": ""}) + "\n")

    def _write(self, line: str) -> None:
        with self.writing:
            sys.stdout.write(line)
            sys.stdout.flush()
