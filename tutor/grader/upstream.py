"""What a grader sees of the process above it, and what both kinds of link share.

Upstream   where requests come from and workers are asked for: `forked` on Linux, `spawned` elsewhere
Frames     cuts what a worker sends into whole frames
Inbox      requests that have come and are not yet served
"""

from __future__ import annotations

from collections import deque
from typing import Any, Protocol

from tutor.grader.session import Gone, Worker
from tutor.wire import PREFIX, WireError, frame_size

DUMP_SECONDS = 0.15
"""A worker asked for its traceback gets so long before it is killed."""


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
