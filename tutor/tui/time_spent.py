"""Time spent on an exercise, counted while there are signs of life."""

from __future__ import annotations

import time

IDLE_SECONDS = 180.0
"""After so long without a key pressed, the learner is taken to be away."""


class TimeSpent:
    """A clock that stops when nobody is there."""

    def __init__(self) -> None:
        self._counted = self._last_sign = time.monotonic()

    def alive(self) -> None:
        """Somebody pressed a key."""
        now = time.monotonic()
        if now - self._last_sign > IDLE_SECONDS:
            self._counted = now
        self._last_sign = now

    def take(self) -> float:
        """Seconds since the last call, those without anybody left out."""
        until = min(time.monotonic(), self._last_sign + IDLE_SECONDS)
        seconds = max(0.0, until - self._counted)
        self._counted = max(self._counted, until)
        return seconds
