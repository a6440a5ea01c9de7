"""A worker in a fresh interpreter: `python -m tutor.worker.spawned FOLDER BOX CPU_SECONDS MEMORY_MB PACKAGES`.

Frames come on standard input and go to standard output.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from tutor.worker import landlock
from tutor.worker.start import serve
from tutor.worker.zygote import warm


def main() -> None:
    """Import the packages, then become a worker."""
    folder, box, cpu_seconds, memory_mb, packages = sys.argv[1:]
    warm([name for name in packages.split(",") if name])
    read, write = os.dup(0), os.dup(1)
    words = os.open(box, os.O_RDWR | os.O_CREAT, 0o600)
    serve(read, write, words, Path(folder), landlock.readable_paths(), float(cpu_seconds), int(memory_mb))


if __name__ == "__main__":
    main()
