"""The first steps of a worker: descriptors closed, last words arranged, sandbox entered, then the loop."""

from __future__ import annotations

import contextlib
import ctypes
import faulthandler
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

from tutor.worker.limits import confine
from tutor.worker.links import Descriptors
from tutor.worker.loop import Loop

PARENT_DEATH_SIGNAL = 1
"""Of prctl."""


def serve(
    read: int, write: int, box: int, folder: Path, readable: Mapping[str, int], cpu_seconds: float, memory_mb: int
) -> None:
    """Answer the grader over two descriptors (the same one for a socket) until it hangs up.

    `box` is an open file: the traceback of a crash, or of SIGUSR1, is written there by C code, so that it comes even
    from inside a regular expression or a tensor operation.
    """
    close_descriptors({read, write, box})
    die_with_parent()
    faulthandler.enable(box, all_threads=False)
    if hasattr(signal, "SIGUSR1"):
        faulthandler.register(signal.SIGUSR1, box, all_threads=False)
    sys.stdin = Path(os.devnull).open()  # noqa: SIM115  stays open for the life of the process
    layers = confine(folder, readable, cpu_seconds, memory_mb)
    Loop(Descriptors(read, write), box, layers).run()


def die_with_parent() -> None:
    """Have the kernel kill this process when its parent ends, however that comes about (Linux)."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(PARENT_DEATH_SIGNAL, signal.SIGKILL)


def close_descriptors(keep: set[int]) -> None:
    """Close every other descriptor; the standard ones become /dev/null unless they are to be kept."""
    null = os.open(os.devnull, os.O_RDWR)
    for standard in {0, 1, 2} - keep:
        os.dup2(null, standard)
    highest = max(keep | {2}) + 1
    for fd in range(3, highest):
        if fd not in keep:
            with contextlib.suppress(OSError):
                os.close(fd)
    os.closerange(highest, 65536)
