"""What the trainer says: plain lines, on the terminal and in the run's log."""

from __future__ import annotations

import time

from tutor.core.runs import Run


class Voice:
    """Says lines in both places; a terminal that went away is not missed."""

    def __init__(self, run: Run, *, quiet: bool = False) -> None:
        self.run = run
        self.quiet = quiet
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
        with self.run.log.open("a", encoding="utf-8") as file:
            file.write(text + "\n")

    def silent_for(self) -> float:
        """Seconds since the last line."""
        return time.monotonic() - self._last
