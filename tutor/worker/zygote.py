"""The zygote: packages imported, one thread, no course content; graders and workers are forked from it.

    python -m tutor.worker.zygote --packages torch,numpy [--method fork|spawn]

Standard input takes requests, standard output gives events, each a line of JSON; see `tutor.core.grading` for both.
A grader (one per course, exercise and settings) talks to the zygote over a socket in lines of JSON as well. It asks for
workers here because a worker must never be forked from a process that has seen a reference: memory passes through
every sandbox. The texts in a request, which may be solutions, pass through here unread and are wiped (`Requests`).

Where fork is unsafe (macOS, Windows) or switched off by `--method spawn`, graders and workers are fresh
interpreters instead (`tutor.grader.service`, `tutor.worker.spawned`).
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import importlib
import json
import os
import selectors
import signal
import socket
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tutor.clear import clear
from tutor.worker import landlock
from tutor.worker.requests import Requests
from tutor.worker.start import close_descriptors, die_with_parent, serve

GRADERS_KEPT = 6
"""Exercises whose cases stay drawn; the one unused for longest makes room."""
BOX_LIMIT = 1 << 16
"""Bytes read of a dead worker's last words."""


@dataclass(eq=False)
class Grader:
    """A grader process as the zygote sees it."""

    key: str
    """Course, exercise and settings."""
    pid: int
    link: socket.socket
    waiting: bytes = b""
    """The start of a line that has not wholly come."""
    tickets: set[int] = field(default_factory=set)
    """Requests it has not finished."""
    workers: dict[int, Path] = field(default_factory=dict)
    """Its workers' process ids and folders."""


class Zygote:
    """Forks graders for the front end and workers for the graders, and passes their lines on."""

    def __init__(self) -> None:
        self.readable = landlock.readable_paths()
        self.graders: dict[str, Grader] = {}
        self.selector = selectors.DefaultSelector()
        self.requests = Requests()
        self.folder = Path(tempfile.mkdtemp(prefix="tutor-"))

    def run(self) -> None:
        """Serve until the front end hangs up or says quit."""
        self.selector.register(0, selectors.EVENT_READ, None)
        wake, self.child_ended = os.pipe()
        os.set_blocking(self.child_ended, False)
        os.set_blocking(wake, False)
        signal.set_wakeup_fd(self.child_ended, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        self.selector.register(wake, selectors.EVENT_READ, wake)
        try:
            while self._serve_once():
                pass
        finally:
            self._end()

    def _serve_once(self) -> bool:
        for key, _ in self.selector.select():
            if key.data is None:
                if not self._read_requests():
                    return False
            elif isinstance(key.data, Grader):
                self._read_grader(key.data)
            else:
                os.read(key.data, 4096)
                self._reap()
        return True

    def _read_requests(self) -> bool:
        return self.requests.read(0) and all(self._request(head, line) for head, line in self.requests.lines())

    def _request(self, request: dict[str, Any], line: memoryview) -> bool:
        match request["do"]:
            case "quit":
                return False
            case "cancel":
                for grader in self.graders.values():
                    if request["ticket"] in grader.tickets:
                        self._send_line(grader, line)
            case _:
                grader = self._grader(request)
                grader.tickets.add(request["ticket"])
                self._send_line(grader, line)
        return True

    def _grader(self, request: dict[str, Any]) -> Grader:
        """The grader of the request's exercise, forked now if there is none."""
        key = json.dumps([request["course"], request["exercise"], request["settings"]])
        grader = self.graders.pop(key, None) or self._fork_grader(key, request)
        self.graders[key] = grader
        idle = [each for each in self.graders.values() if not each.tickets and each is not grader]
        for old in idle[: max(0, len(self.graders) - GRADERS_KEPT)]:
            self._drop(old)
        return grader

    def _fork_grader(self, key: str, request: dict[str, Any]) -> Grader:
        ours, theirs = socket.socketpair()
        pid = os.fork()
        if pid == 0:
            self._become_grader(theirs, request)
        theirs.close()
        grader = Grader(key, pid, ours)
        self.selector.register(ours, selectors.EVENT_READ, grader)
        return grader

    def _become_grader(self, link: socket.socket, request: dict[str, Any]) -> None:
        """In the child: load the grader, which the zygote itself must never import."""
        status = 1
        try:
            _forget_signals()
            die_with_parent()
            close_descriptors({2, link.fileno()})
            service = importlib.import_module("tutor.grader.service")
            service.serve_socket(link, request["course"], request["exercise"], request["settings"])
            status = 0
        except BaseException:  # noqa: BLE001  a forked child must never return into the parent's loop
            import traceback

            traceback.print_exc()
        finally:
            os._exit(status)

    def _send(self, grader: Grader, message: dict[str, Any]) -> None:
        self._send_line(grader, json.dumps(message).encode() + b"\n")

    def _send_line(self, grader: Grader, line: bytes | memoryview) -> None:
        with contextlib.suppress(OSError):
            grader.link.sendall(line)

    def _read_grader(self, grader: Grader) -> None:
        try:
            piece = grader.link.recv(1 << 16)
        except OSError:
            piece = b""
        if not piece:
            self._drop(grader)
            return
        *lines, grader.waiting = (grader.waiting + piece).split(b"\n")
        for line in lines:
            self._from_grader(grader, json.loads(line))

    def _from_grader(self, grader: Grader, message: dict[str, Any]) -> None:
        match message.get("do"):
            case "worker":
                self._fork_worker(grader, message)
            case "dump" if message["pid"] in grader.workers:
                os.kill(message["pid"], signal.SIGUSR1)
            case "kill" if message["pid"] in grader.workers:
                _kill(message["pid"])
            case None:
                if message["event"] in ("opened", "finished", "cancelled", "broken"):
                    grader.tickets.discard(message["ticket"])
                emit(message)

    def _fork_worker(self, grader: Grader, wanted: dict[str, Any]) -> None:
        folder = Path(tempfile.mkdtemp(dir=self.folder))
        ours, theirs = socket.socketpair()
        box = os.open(folder.with_suffix(".box"), os.O_RDWR | os.O_CREAT, 0o600)
        pid = os.fork()
        if pid == 0:
            self._become_worker(theirs, box, folder, wanted)
        grader.workers[pid] = folder
        os.close(box)
        theirs.close()
        line = json.dumps({"worker": pid}).encode() + b"\n"
        with contextlib.suppress(OSError):
            socket.send_fds(grader.link, [line], [ours.fileno()])
        ours.close()

    def _become_worker(self, link: socket.socket, box: int, folder: Path, wanted: dict[str, Any]) -> None:
        """In the child: give up everything, then answer calls until the grader hangs up."""
        try:
            _forget_signals()
            self.requests.wipe()
            os.setsid()
            descriptor = link.detach()
            serve(descriptor, descriptor, box, folder, self.readable, wanted["cpu_seconds"], wanted["memory_mb"])
        finally:
            os._exit(0)

    def _reap(self) -> None:
        """Tell each grader which of its workers ended, how, and what its last words were."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            for grader in list(self.graders.values()):
                if pid in grader.workers:
                    folder = grader.workers.pop(pid)
                    words = _last_words(folder)
                    self._send(grader, {"ended": pid, "status": os.waitstatus_to_exitcode(status), "words": words})

    def _drop(self, grader: Grader) -> None:
        """Forget a grader and end all that is its own; what it owed becomes an error of ours."""
        self.graders = {key: each for key, each in self.graders.items() if each is not grader}
        self.selector.unregister(grader.link)
        grader.link.close()
        for pid, folder in grader.workers.items():
            _kill(pid)
            _last_words(folder)
        _kill(grader.pid, group=False)
        for ticket in grader.tickets:
            emit({"event": "broken", "ticket": ticket, "detail": "",
                  "message": "The grader of this exercise ended unexpectedly. Check again; if it happens twice, "
                             "run `tutor doctor`."})  # fmt: skip

    def _end(self) -> None:
        for grader in list(self.graders.values()):
            grader.tickets.clear()
            self._drop(grader)
        clear(self.folder)


def emit(event: dict[str, Any]) -> None:
    """One event as a line on standard output."""
    line = json.dumps(event).encode() + b"\n"
    while line:
        line = line[os.write(1, line) :]


def _forget_signals() -> None:
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _kill(pid: int, group: bool = True) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, signal.SIGKILL)
        if group:
            os.killpg(pid, signal.SIGKILL)


def _last_words(folder: Path) -> str:
    """What the black box of a dead worker holds; its folder is removed."""
    box = folder.with_suffix(".box")
    words = ""
    with contextlib.suppress(OSError):
        with box.open("rb") as file:
            words = file.read(BOX_LIMIT).decode("utf-8", "replace")
        box.unlink()
    clear(folder)
    return words


def warm(packages: list[str]) -> None:
    """Import what every grader and worker needs, and run what torch loads on first use."""
    importlib.import_module("hypothesis")
    for name in packages:
        importlib.import_module(name)
    if "torch" in packages:
        import torch

        torch.set_num_threads(1)
        importlib.import_module("torch._dynamo")
        importlib.import_module("torch.utils._python_dispatch")
        weight = torch.ones(2, 2, dtype=torch.float64, requires_grad=True)
        torch.autograd.grad((weight @ weight).softmax(-1).sum(), weight)
        torch.optim.AdamW([weight])
    gc.collect()
    gc.freeze()


def main() -> None:
    """Parse the command line, warm up, serve."""
    started = time.perf_counter()
    parser = argparse.ArgumentParser(prog="tutor.worker.zygote")
    parser.add_argument("--packages", default="")
    parser.add_argument("--method", choices=("auto", "fork", "spawn"), default="auto")
    given = parser.parse_args()
    packages = [name for name in given.packages.split(",") if name]
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    fork = given.method == "fork" or (given.method == "auto" and sys.platform.startswith("linux"))
    if not fork:
        from tutor.worker.relay import Relay

        emit({"event": "ready", "seconds": time.perf_counter() - started})
        Relay(packages).run()
        return
    warm(packages)
    zygote = Zygote()
    emit({"event": "ready", "seconds": time.perf_counter() - started})
    zygote.run()


if __name__ == "__main__":
    main()
