"""What the trainer says: plain lines, on the terminal and in the run's log."""

from __future__ import annotations

import contextlib
import time

from tutor.core.runs import Run


class Voice:
    """Says lines in both places; a terminal that went away is not missed, and neither is room for the log."""

    def __init__(self, run: Run | None, *, quiet: bool = False) -> None:
        """Without a run it says nothing: the voice of all processes but the first."""
        self.run = run
        self.quiet = quiet or run is None
        self._last = time.monotonic()

    def say(self, text: str) -> None:
        """One or more lines."""
        self._last = time.monotonic()
        self.note(text)
        if not self.quiet:
            try:
                print(text, flush=True)
            except OSError:
                self.quiet = True

    def note(self, text: str) -> None:
        """Into the log only."""
        if self.run is not None:
            with contextlib.suppress(OSError), self.run.log.open("a", encoding="utf-8") as file:
                file.write(text + "\n")

    def silent_for(self) -> float:
        """Seconds since the last line."""
        return time.monotonic() - self._last
