"""The zygote over a socket, and the workers that it forks.

Workers are asked for ahead, so that a save finds them already running and confined.
"""

from __future__ import annotations

import json
import select
import socket
import time
from collections import deque
from typing import Any

from tutor.grader.session import Gone, Superseded
from tutor.grader.upstream import DUMP_SECONDS, Frames, Inbox

END_SECONDS = 5.0
"""The zygote gets so long to say how a worker ended."""


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
