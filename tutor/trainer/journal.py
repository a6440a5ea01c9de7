"""A file that only grows: what cannot be written now is written later, what is lost is written again."""

from __future__ import annotations

import os
from pathlib import Path


class Journal:
    """Keeps all lines in memory too; they are few."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._text = bytearray(path.read_bytes()) if path.exists() else bytearray()
        self._written = len(self._text)

    def __len__(self) -> int:
        """Bytes of all lines, written or waiting."""
        return len(self._text)

    def cut(self, size: int) -> None:
        """Takes away what stands beyond `size`. Raises OSError."""
        self.path.touch()
        if len(self._text) > size:
            os.truncate(self.path, size)
            del self._text[size:]
            self._written = size

    def append(self, text: str) -> None:
        """Adds lines. Raises OSError if they cannot be written now; they are kept, and written with the next."""
        self._text += text.encode()
        self.write()

    def write(self) -> None:
        """Writes what waits. Raises OSError."""
        with self.path.open("ab", buffering=0) as file:
            if file.tell() != self._written:  # the file was removed, or a line is torn
                file.truncate(0)
                self._written = 0
            while self._written < len(self._text):
                self._written += file.write(self._text[self._written :]) or 0

    def sync(self) -> None:
        """Writes what waits, and waits for the disk. Raises OSError."""
        self.write()
        with self.path.open("ab") as file:
            os.fsync(file.fileno())
