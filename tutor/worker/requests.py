"""What the front end asks of the zygote, taken in without a trace."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import Any

REQUEST_BYTES = 1 << 18
"""Room for requests at first."""
TEXTS = b', "submission": '
"""Where the texts begin in a request's line: the front end puts them last, and inside a JSON text no quote is bare."""


class Requests:
    """Lines from the front end, kept nowhere else and wiped when done: a worker could read what was merely freed.

    A check's line ends with the learner's texts and the solutions they borrow. Only what stands before is parsed.
    """

    def __init__(self) -> None:
        self.buffer = bytearray(REQUEST_BYTES)
        self.start = self.end = 0
        """Where the first line that was not served begins, and where the bytes end."""

    def read(self, descriptor: int) -> bool:
        """Take in what has come; False at its end."""
        if self.end == len(self.buffer):
            self._grow()
        with memoryview(self.buffer) as whole, whole[self.end :] as room:
            count = os.readv(descriptor, [room])
        self.end += count
        return count > 0

    def lines(self) -> Iterator[tuple[dict[str, Any], memoryview]]:
        """Every whole line: the request without its texts, and its bytes, which are wiped after use."""
        while (stop := self.buffer.find(b"\n", self.start, self.end)) >= 0:
            texts = self.buffer.find(TEXTS, self.start, stop)
            head = self.buffer[self.start : stop] if texts < 0 else self.buffer[self.start : texts] + b"}"
            with memoryview(self.buffer) as whole, whole[self.start : stop + 1] as line:
                if head.strip():
                    yield json.loads(head), line
                line[:] = bytes(len(line))
            self.start = stop + 1
        if self.start == self.end:
            self.start = self.end = 0

    def wipe(self) -> None:
        """Overwrite everything."""
        self.buffer[:] = bytes(len(self.buffer))

    def _grow(self) -> None:
        larger = bytearray(2 * len(self.buffer))
        larger[: self.end] = self.buffer
        self.wipe()
        self.buffer = larger
