"""What a worker gives up before it touches the learner's code: layers of limits, each active or absent with its reason.

What the layers do not stop: reading the worker's own memory, using the processor up to its limit, seeing which files
exist. A submission can therefore always spoil its own grading, and nothing else.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from tutor.worker import landlock, seccomp

Layer = tuple[str, bool, str]
"""Name, active, reason or what it does not stop."""

WITHOUT = "TUTOR_SANDBOX_WITHOUT"
"""Environment variable of whoever grades: layers to leave out, to see what they do or to find out what breaks."""
WRITTEN_FILE_LIMIT = 16 << 20
"""Bytes of any file the learner's code writes in its folder."""
OPEN_FILE_LIMIT = 64


def confine(folder: Path, readable: Mapping[str, int], cpu_seconds: float, memory_mb: int) -> list[Layer]:
    """Give up everything but the present folder and the listed files; returns what was achieved."""
    without = os.environ.get(WITHOUT, "").replace(",", " ").split()
    kinds: dict[str, Callable[[], Layer]] = {
        "rlimits": lambda: _rlimits(cpu_seconds, memory_mb),
        "landlock": lambda: _landlock(folder, readable),
        "seccomp": _seccomp,
    }
    return [
        ("process", True, ""),
        ("environment", _clean_environment(folder), ""),
        *(
            (name, False, f"switched off by {WITHOUT} in the environment") if name in without else enter()
            for name, enter in kinds.items()
        ),
    ]


def _clean_environment(folder: Path) -> bool:
    keep = {name: os.environ[name] for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "LANG")
            if name in os.environ}  # fmt: skip
    os.environ.clear()
    os.environ.update(keep, HOME=str(folder), TMPDIR=str(folder), PATH="")
    os.chdir(folder)
    return True


def _rlimits(cpu_seconds: float, memory_mb: int) -> Layer:
    try:
        import resource
    except ImportError:
        return ("rlimits", False, "this system has no resource limits")
    wanted = {
        resource.RLIMIT_CPU: int(cpu_seconds) + 1,
        resource.RLIMIT_DATA: _data_bytes() + (memory_mb << 20),
        resource.RLIMIT_FSIZE: WRITTEN_FILE_LIMIT,
        resource.RLIMIT_NOFILE: OPEN_FILE_LIMIT,
        resource.RLIMIT_CORE: 0,
    }
    for kind, most in wanted.items():
        hard = resource.getrlimit(kind)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        # At the soft limit on processor time SIGXCPU tells the reason; the hard one, which just kills, must lie above.
        last = most + 1 if kind == resource.RLIMIT_CPU and most != hard else most
        resource.setrlimit(kind, (most, last))
    if sys.platform == "darwin":
        return ("rlimits", True, "macOS does not enforce the limit on memory")
    return ("rlimits", True, "")


def _data_bytes() -> int:
    """Bytes of private memory already in use, which the limit counts too."""
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:
        return 0
    return next(int(line.split()[1]) << 10 for line in status.splitlines() if line.startswith("VmData:"))


def _seccomp() -> Layer:
    reason = seccomp.restrict()
    return ("seccomp", not reason, reason)


def _landlock(folder: Path, readable: Mapping[str, int]) -> Layer:
    reason = landlock.restrict(readable, [folder])
    return ("landlock", not reason, reason)
