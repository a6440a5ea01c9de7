"""The worker's end of the wire: a pair of descriptors that whole frames are read from and written to."""

from __future__ import annotations

import os

from tutor.wire import PREFIX, frame_size


class Descriptors:
    """Frames over file descriptors: a socket (twice the same) or two pipes."""

    def __init__(self, read: int, write: int) -> None:
        self.read_end, self.write_end = read, write
        self.waiting = bytearray()

    def read_frame(self) -> bytes:
        """The next whole frame. Raises EOFError when the other side hangs up."""
        self._fill(PREFIX.size)
        size = PREFIX.size + frame_size(bytes(self.waiting[: PREFIX.size]))
        self._fill(size)
        frame = bytes(self.waiting[:size])
        del self.waiting[:size]
        return frame

    def _fill(self, size: int) -> None:
        while len(self.waiting) < size:
            piece = os.read(self.read_end, 1 << 18)
            if not piece:
                raise EOFError
            self.waiting += piece

    def write(self, frame: bytes) -> None:
        """Send a whole frame."""
        view = memoryview(frame)
        while view:
            view = view[os.write(self.write_end, view) :]
