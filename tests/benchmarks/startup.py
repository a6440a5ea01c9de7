"""How long a learner looks at nothing: exec of `tutor` to its first frame on a terminal, and what was imported for it.

    python tests/benchmarks/startup.py [--runs 10] [--course PATH] [--columns 80] [--lines 24]

Prints one JSON document. The first frame is there when the title of the course has been written to the terminal.
"""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import pty
import select
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from pathlib import Path

from tutor.core.course import default_course_root, load_course
from tutor.core.workspace import init_workspace

PATIENCE = 20.0


def main() -> None:
    options = arguments()
    course = load_course(options.course)
    with tempfile.TemporaryDirectory() as folder:
        workspace = Path(folder) / "tutor"
        init_workspace(workspace, course)
        command = [sys.executable, "-P", "-m", "tutor", "--course", str(course.root), "--workspace", str(workspace)]
        first_frame(command, course.title, folder, options)  # warms the disk, compiles, makes the progress file
        runs = [first_frame(command, course.title, folder, options) for _ in range(options.runs)]
        found = imported(command)
    times = [seconds for seconds, _ in runs]
    document = {
        "what": "seconds from exec to the first frame of the course map",
        "runs": len(times),
        "median": round(statistics.median(times), 3),
        "worst": round(max(times), 3),
        "processor_median": round(statistics.median(processor for _, processor in runs), 3),
        "modules": len(found),
        "torch_imported": "torch" in found,
        "heavy": sorted(found & {"torch", "numpy", "hypothesis", "safetensors"}),
        "python": sys.version.split()[0],
        "exercises": len(course.exercises),
    }
    print(json.dumps(document, indent=2))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--course", type=Path, default=default_course_root())
    parser.add_argument("--columns", type=int, default=80)
    parser.add_argument("--lines", type=int, default=24)
    return parser.parse_args()


def first_frame(command: list[str], title: str, home: str, options: argparse.Namespace) -> tuple[float, float]:
    """Runs the program on a pseudo-terminal until the title stands there; returns the seconds that took, and how
    many of them the processor worked on it."""
    environment = {**os.environ, "HOME": home, "TERM": "xterm-256color", "LANG": "C.UTF-8"}
    begin = time.perf_counter()
    child, terminal = pty.fork()
    if child == 0:
        os.execve(command[0], command, environment)
    try:
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", options.lines, options.columns, 0, 0))
        seconds = wait_for(terminal, title.encode(), begin)
    finally:
        os.kill(child, signal.SIGKILL)
        os.close(terminal)
        usage = os.wait4(child, 0)[2]
    return seconds, usage.ru_utime + usage.ru_stime


def wait_for(terminal: int, text: bytes, begin: float) -> float:
    """Reads what is drawn until `text` is in it."""
    drawn = b""
    while time.perf_counter() - begin < PATIENCE:
        ready, _, _ = select.select([terminal], [], [], 0.05)
        if ready:
            drawn += os.read(terminal, 65536)
            if text in drawn:
                return time.perf_counter() - begin
    raise SystemExit(f"No first frame in {PATIENCE:.0f} seconds. It drew: {drawn[-2000:]!r}")


SHOW_MODULES = """
import sys
from tutor.cli import main
from tutor.tui.app import TutorApp

class Terminal:
    isatty = staticmethod(lambda: True)

def run_headless(self):
    run(self, headless=True)

run, TutorApp.run = TutorApp.run, run_headless
TutorApp._warm = TutorApp.exit  # what the first frame brings about is not counted
stdout, sys.stdin = sys.stdout, Terminal()
sys.stdout.isatty = lambda: True
try:
    main(sys.argv[1:])
except SystemExit:
    pass
print("MODULES", *sys.modules, file=stdout)
"""


def imported(command: list[str]) -> set[str]:
    """Names of the modules that are loaded when the first frame has been drawn."""
    words = command[command.index("tutor") + 1 :]
    environment = {**os.environ, "TERM": "xterm-256color"}
    output = subprocess.run(
        [sys.executable, "-P", "-c", SHOW_MODULES, *words], env=environment, capture_output=True, encoding="utf-8"
    )
    return set(output.stdout.partition("MODULES")[2].split())


if __name__ == "__main__":
    main()
