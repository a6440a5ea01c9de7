"""A relay over standard input and output, and workers that are fresh interpreters: where there is no fork."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from tutor.clear import clear
from tutor.grader.session import Gone, Superseded
from tutor.grader.upstream import DUMP_SECONDS, Frames, Inbox


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
