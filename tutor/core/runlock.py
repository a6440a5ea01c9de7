"""One trainer per run: a lock that the operating system takes back when its holder dies, however it dies."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from types import TracebackType

from tutor.core.errors import RunError

if sys.platform == "win32":
    import msvcrt

    def _take(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


_PATIENCE = 1.0
"""Seconds to wait for a reader that is just asking whether the lock is held."""


class RunLock:
    """Holds a run's lock file while its block runs. Raises RunError on entry if another process holds it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._handle = -1

    def __enter__(self) -> RunLock:
        self._handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644)
        until = time.monotonic() + _PATIENCE
        while True:
            try:
                _take(self._handle)
                return self
            except OSError:
                if time.monotonic() > until:
                    os.close(self._handle)
                    raise RunError(
                        f"{self.path.parent.name} is being trained already. Watch it in `tutor`, "
                        f"or stop it with `tutor runs --stop {self.path.parent.name}`."
                    ) from None
            time.sleep(0.05)

    def renew(self) -> None:
        """Takes the lock of a folder that was laid out anew. Raises RunError, OSError."""
        os.close(self._handle)
        self.__enter__()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._handle)


def is_held(path: Path) -> bool:
    """Whether a living process holds the lock."""
    try:
        handle = os.open(path, os.O_RDWR)
    except OSError:
        return False
    try:
        _take(handle)
        return False
    except OSError:
        return True
    finally:
        os.close(handle)
