"""How a grader gets its requests and its workers: from the zygote over a socket, or as processes of its own.

Workers are asked for ahead, so that a save finds them already running and confined.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from pathlib import Path
from typing import Any, Protocol

from tutor.clear import clear
from tutor.grader.session import Gone, Superseded, Worker
from tutor.wire import PREFIX, WireError, frame_size

DUMP_SECONDS = 0.15
"""A worker asked for its traceback gets so long before it is killed."""
END_SECONDS = 5.0


class Upstream(Protocol):
    """The zygote as a grader sees it."""

    most_lanes: int
    """So many workers may share a submission."""

    def next_request(self) -> dict[str, Any] | None:
        """The next thing to do; of several checks only the last. None when the zygote hangs up."""

    def emit(self, event: dict[str, Any]) -> None:
        """Tell the front end."""

    def worker(self, cpu_seconds: float, memory_mb: int) -> Worker:
        """A fresh, confined worker."""

    def prepare(self, workers: int) -> None:
        """Have the next workers started while nobody waits."""


class Frames:
    """Cuts a stream of bytes into whole frames."""

    def __init__(self) -> None:
        self.waiting = bytearray()

    def take(self) -> bytes | None:
        """The next whole frame, or None. Raises Gone on what is no frame."""
        if len(self.waiting) < PREFIX.size:
            return None
        try:
            size = PREFIX.size + frame_size(bytes(self.waiting[: PREFIX.size]))
        except WireError as error:
            raise Gone(str(error)) from error
        if len(self.waiting) < size:
            return None
        frame = bytes(self.waiting[:size])
        del self.waiting[:size]
        return frame


class Inbox:
    """Requests that have come and are not yet served."""

    def __init__(self) -> None:
        self.requests: deque[dict[str, Any]] = deque()
        self.current: int | None = None
        """The ticket being served."""

    def add(self, request: dict[str, Any]) -> None:
        """Put it last."""
        self.requests.append(request)

    def supersedes(self) -> bool:
        """Whether the request being served should stop: it was cancelled, or a check waits."""
        cancelled = [each for each in self.requests if each["do"] == "cancel"]
        if any(each["ticket"] == self.current for each in cancelled):
            return True
        return any(each["do"] == "check" for each in self.requests)

    def take(self, emit: Any) -> dict[str, Any] | None:
        """The next to serve: checks that a newer check or a cancel made pointless are answered as cancelled."""
        while self.requests:
            request = self.requests.popleft()
            if request["do"] == "cancel":
                continue
            later = [each for each in self.requests if each["do"] == "check" or each["ticket"] == request["ticket"]]
            if request["do"] == "check" and later:
                emit({"event": "cancelled", "ticket": request["ticket"]})
                continue
            self.current = request["ticket"]
            return request
        return None


class SocketUpstream:
    """The zygote at the other end of a socket: lines of JSON, and descriptors of workers."""

    most_lanes = 16

    def __init__(self, link: socket.socket) -> None:
        self.link, self.inbox = link, Inbox()
        self.partial = b""
        self.descriptors: deque[int] = deque()
        self.arrived: deque[tuple[int, int]] = deque()
        """Process id and descriptor of workers that nobody uses yet."""
        self.asked: tuple[float, int] = (0.0, 0)
        self.waiting = 0
        """Workers asked for that have not come."""
        self.ended: dict[int, tuple[int, str]] = {}
        self.closed = False

    def fileno(self) -> int:
        """For select."""
        return self.link.fileno()

    def read(self, seconds: float | None) -> None:
        """Take in what the zygote says within so many seconds."""
        if not select.select([self.link], [], [], seconds)[0]:
            return
        piece, fds, _, _ = socket.recv_fds(self.link, 1 << 16, 8)
        self.descriptors += fds
        self.closed = self.closed or not piece
        *lines, self.partial = (self.partial + piece).split(b"\n")
        for line in lines:
            self._message(json.loads(line))

    def _message(self, message: dict[str, Any]) -> None:
        if "worker" in message:
            self.waiting -= 1
            self.arrived.append((message["worker"], self.descriptors.popleft()))
        elif "ended" in message:
            self.ended[message["ended"]] = (message["status"], message["words"])
        else:
            self.inbox.add(message)

    def _say(self, message: dict[str, Any]) -> None:
        self.link.sendall(json.dumps(message).encode() + b"\n")

    def next_request(self) -> dict[str, Any] | None:
        """The next thing to do."""
        self.inbox.current = None
        while True:
            request = self.inbox.take(self.emit)
            if request is not None:
                return request
            if self.closed:
                return None
            self.read(None)

    def emit(self, event: dict[str, Any]) -> None:
        """Pass an event on."""
        self._say(event)

    def prepare(self, workers: int) -> None:
        """Ask for the next workers."""
        while self.asked[1] and self.waiting + len(self.arrived) < workers:
            self._ask()

    def _ask(self) -> None:
        self.waiting += 1
        self._say({"do": "worker", "cpu_seconds": self.asked[0], "memory_mb": self.asked[1]})

    def worker(self, cpu_seconds: float, memory_mb: int) -> SocketWorker:
        """The worker that was prepared, or a new one."""
        self.asked = (cpu_seconds, memory_mb)
        if not self.arrived and not self.waiting:
            self._ask()
        while not self.arrived:
            if self.closed:
                raise ConnectionError("the zygote is gone")
            self.read(None)
        pid, descriptor = self.arrived.popleft()
        return SocketWorker(self, pid, socket.socket(fileno=descriptor))

    def end(self, pid: int, dump: bool) -> tuple[int, str]:
        """Have a worker killed and wait for the zygote's word on it."""
        if dump and pid not in self.ended:
            self._say({"do": "dump", "pid": pid})
            self._until_ended(pid, DUMP_SECONDS)
        if pid not in self.ended:
            self._say({"do": "kill", "pid": pid})
        self._until_ended(pid, END_SECONDS)
        return self.ended.pop(pid, (0, ""))

    def _until_ended(self, pid: int, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while pid not in self.ended and not self.closed and time.monotonic() < deadline:
            self.read(max(0.0, deadline - time.monotonic()))


class SocketWorker:
    """A worker forked by the zygote."""

    def __init__(self, upstream: SocketUpstream, pid: int, link: socket.socket) -> None:
        self.upstream, self.pid, self.link = upstream, pid, link
        self.frames, self.outgoing = Frames(), bytearray()
        self.last: tuple[int, str] | None = None
        link.setblocking(False)

    def send(self, data: bytes) -> None:
        """Queue frames and send what the socket takes."""
        self.outgoing += data
        self._flush()

    def _flush(self) -> None:
        try:
            while self.outgoing:
                del self.outgoing[: self.link.send(self.outgoing)]
        except BlockingIOError:
            return
        except OSError:
            self.outgoing.clear()

    def receive(self, seconds: float) -> bytes | None:
        """The next frame, or None after so many seconds."""
        deadline = time.monotonic() + seconds
        while True:
            frame = self.frames.take()
            if frame is not None:
                return frame
            if self.last is not None:
                raise Gone("")
            left = deadline - time.monotonic()
            if left <= 0:
                return None
            self._wait(left)

    def _wait(self, seconds: float) -> None:
        self._stop_if_superseded()  # what came while the worker was being started
        writing = [self.link] if self.outgoing else []
        sources: list[socket.socket | SocketUpstream] = [self.link, self.upstream]
        readable, writable, _ = select.select(sources, writing, [], seconds)
        if self.upstream in readable:
            self.upstream.read(0)
            self._stop_if_superseded()
        if writable:
            self._flush()
        if self.link in readable:
            self._read()

    def _stop_if_superseded(self) -> None:
        if self.upstream.closed or self.upstream.inbox.supersedes():
            self.end(dump=False)
            raise Superseded

    def _read(self) -> None:
        try:
            piece = self.link.recv(1 << 18)
        except BlockingIOError:
            return
        except OSError:
            piece = b""
        if not piece:
            raise Gone("")
        self.frames.waiting += piece

    def end(self, dump: bool) -> tuple[int, str]:
        """Kill it; asking twice gives the same answer. A worker that is ending by itself is given a moment."""
        if self.last is None:
            if not dump and not self.frames.waiting:
                self.upstream.read(0)
            self.last = self.upstream.end(self.pid, dump)
            self.link.close()
        return self.last


class PipeUpstream:
    """The relay at the other end of standard input and output; workers are fresh interpreters started here."""

    most_lanes = 1

    def __init__(self, packages: list[str]) -> None:
        self.packages, self.inbox = packages, Inbox()
        self.lines: queue.Queue[bytes] = queue.Queue()
        self.folder = Path(tempfile.mkdtemp(prefix="tutor-"))
        self.spare: PipeWorker | None = None
        self.asked: tuple[float, int] = (0.0, 0)
        self.closed = False
        threading.Thread(target=self._pump, daemon=True).start()

    def _pump(self) -> None:
        for line in sys.stdin.buffer:
            self.lines.put(line)
        self.lines.put(b"")

    def read(self, seconds: float | None) -> None:
        """Take in the lines that come within so many seconds."""
        with contextlib.suppress(queue.Empty):
            line = self.lines.get(seconds != 0, seconds)
            if line:
                self.inbox.add(json.loads(line))
            self.closed = not line

    def next_request(self) -> dict[str, Any] | None:
        """The next thing to do."""
        self.inbox.current = None
        while True:
            request = self.inbox.take(self.emit)
            if request is not None or self.closed:
                return request
            self.read(None)

    def emit(self, event: dict[str, Any]) -> None:
        """One event as a line on standard output."""
        sys.stdout.write(json.dumps(event) + "\n")
        sys.stdout.flush()

    def prepare(self, workers: int = 1) -> None:
        """Start the spare; more of them would take the processor from the check that is on."""
        if self.spare is None and self.asked[1]:
            self.spare = self._spawn()

    def worker(self, cpu_seconds: float, memory_mb: int) -> PipeWorker:
        """The spare, or a new one; the next spare is started at once, since a start takes seconds."""
        self.asked = (cpu_seconds, memory_mb)
        worker, self.spare = self.spare or self._spawn(), None
        self.prepare()
        return worker

    def _spawn(self) -> PipeWorker:
        folder = Path(tempfile.mkdtemp(dir=self.folder))
        command = [sys.executable, "-m", "tutor.worker.spawned", str(folder), str(folder.with_suffix(".box")),
                   str(self.asked[0]), str(self.asked[1]), ",".join(self.packages)]  # fmt: skip
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        return PipeWorker(self, process, folder)

    def close(self) -> None:
        """End the spare and remove every folder."""
        if self.spare is not None:
            self.spare.end(dump=False)
        clear(self.folder)


class PipeWorker:
    """A worker in a fresh interpreter, spoken to over pipes."""

    def __init__(self, upstream: PipeUpstream, process: subprocess.Popen[bytes], folder: Path) -> None:
        self.upstream, self.process, self.folder, self.pid = upstream, process, folder, process.pid
        self.frames = Frames()
        self.pieces: queue.Queue[bytes] = queue.Queue()
        self.started = False
        threading.Thread(target=self._pump, daemon=True).start()

    def _pump(self) -> None:
        """Read on a thread: on Windows there is no waiting for several pipes at once."""
        assert self.process.stdout is not None
        descriptor = self.process.stdout.fileno()
        piece = b"-"
        while piece:
            piece = os.read(descriptor, 1 << 18)
            self.pieces.put(piece)

    def send(self, data: bytes) -> None:
        """Send frames."""
        assert self.process.stdin is not None
        with contextlib.suppress(OSError):
            self.process.stdin.write(data)
            self.process.stdin.flush()

    def receive(self, seconds: float) -> bytes | None:
        """The next frame, or None after so many seconds; a start is not counted."""
        deadline = time.monotonic() + seconds + (0 if self.started else 60)
        while True:
            frame = self.frames.take()
            if frame is not None:
                return frame
            left = deadline - time.monotonic()
            if left <= 0:
                return None
            self._wait(min(left, 0.05))

    def _wait(self, seconds: float) -> None:
        self.upstream.read(0)
        if self.upstream.closed or self.upstream.inbox.supersedes():
            self.end(dump=False)
            raise Superseded
        with contextlib.suppress(queue.Empty):
            piece = self.pieces.get(timeout=seconds)
            if not piece:
                raise Gone("")
            self.started = True
            self.frames.waiting += piece

    def end(self, dump: bool) -> tuple[int, str]:
        """Kill it and read its last words; asking twice gives the same status."""
        if dump and self.process.poll() is None and hasattr(signal, "SIGUSR1"):
            self.process.send_signal(signal.SIGUSR1)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(DUMP_SECONDS)
        if not self.frames.waiting and self.pieces.empty() is False:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(DUMP_SECONDS)
        self.process.kill()
        status = self.process.wait()
        box = self.folder.with_suffix(".box")
        words = ""
        with contextlib.suppress(OSError):
            words = box.read_bytes()[: 1 << 16].decode("utf-8", "replace")
            box.unlink()
        clear(self.folder)
        return status, words
