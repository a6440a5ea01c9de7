"""When garbage is collected: while nobody types. A full collection takes 50 ms and more, which would be felt."""

from __future__ import annotations

import gc
import time

QUIET_SECONDS = 2.0
"""How long no key must have come before a full collection."""
_NEVER = 1_000_000
_ENOUGH = 5
"""Collections of the middle generation after which a full one is worth its time."""


class Sweeper:
    """Does by the clock what Python does by counting. What is young is collected as ever, which takes 1 ms."""

    def __init__(self) -> None:
        self._touched = time.monotonic()
        self._before = gc.get_threshold()

    def start(self) -> None:
        """From here on no full collection comes by itself; what was imported so far is never looked at again."""
        gc.set_threshold(*self._before[:2], _NEVER)
        gc.enable()
        gc.freeze()

    def stop(self) -> None:
        """Leaves it to Python again."""
        gc.set_threshold(*self._before)

    def touched(self) -> None:
        """Somebody pressed a key or moved the mouse."""
        self._touched = time.monotonic()

    def sweep(self) -> None:
        """Collects everything if it is quiet and there may be something; to be called every second or so."""
        if gc.get_count()[2] >= _ENOUGH and time.monotonic() - self._touched > QUIET_SECONDS:
            gc.collect()
