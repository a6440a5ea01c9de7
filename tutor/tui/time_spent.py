"""Time spent on an exercise, counted while there are signs of life."""

from __future__ import annotations

import time

IDLE_SECONDS = 180.0
"""After so long without a key or the mouse, the learner is taken to be away."""
_STOPPED_SECONDS = 60.0
"""Between two looks at the clock; more means that the program was stopped, or the machine asleep."""


class TimeSpent:
    """A clock that stops when nobody is there; `take` has to be called every few seconds."""

    def __init__(self) -> None:
        self._looked = self._last_sign = time.monotonic()
        self._due = 0.0
        """Seconds that were counted and not taken yet."""

    def alive(self) -> None:
        """Somebody pressed a key, or moved the mouse."""
        self._look()
        self._last_sign = self._looked

    def elsewhere(self, seconds: float) -> None:
        """Counts time in which this clock was not looked at, and the learner worked all the same."""
        self._looked = self._last_sign = time.monotonic()
        self._due += max(0.0, seconds)

    def take(self) -> float:
        """Seconds since the last call, those without anybody left out."""
        self._look()
        seconds, self._due = self._due, 0.0
        return seconds

    def _look(self) -> None:
        now = time.monotonic()
        if now - self._looked <= _STOPPED_SECONDS:
            self._due += max(0.0, min(now, self._last_sign + IDLE_SECONDS) - self._looked)
        self._looked = now
