"""Key to paint: how long a learner waits for a typed letter to stand on the terminal.

    python tests/benchmarks/tui.py [--keys 150] [--columns 120] [--lines 40] [--only idle,big]

Prints one JSON document. The program runs on a pseudo-terminal as it would for a person; a letter is painted when the
text that ends with it has been written to the terminal. Letters come 40 ms apart, which is fast typing. `of_ours` is
the same without what the machine made them wait for: the time in which the program's main thread and this one were
ready and other programs had the cores (Linux only).

    idle       nothing else happens
    grading    each twentieth key saves, and what is checked computes for seconds
    verdicts   each twentieth key saves a wrong answer, and its verdicts come while the next letters are typed
    training   a trainer of its own works on all cores beside it
    big        the file has 10,000 lines, with an open bracket before the cursor
"""

from __future__ import annotations

import argparse
import contextlib
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
from collections.abc import Iterator
from pathlib import Path

from tutor.core.course import Course, default_course_root, load_course
from tutor.core.progress import Progress
from tutor.core.source import mistakes, parse
from tutor.core.workspace import Workspace, init_workspace
from tutor.tui.remembered import OPEN, Place, remember, remember_text

PATIENCE = 30.0
GAP = 0.04
GOAL = 0.05
LETTERS = "abcdefghijklmnopqrstuvwxyz"
STORIES = ("idle", "grading", "verdicts", "training", "big")
SAVING = ("grading", "verdicts")


def main() -> None:
    options = arguments()
    course = load_course(default_course_root())
    document = {
        "what": "milliseconds from a typed letter to its paint",
        "terminal": f"{options.columns}x{options.lines}",
        "python": sys.version.split()[0],
        "cores": os.cpu_count(),
        "load_before": [round(each, 1) for each in os.getloadavg()],
        "stories": {name: story(name, course, options) for name in options.only.split(",")},
    }
    print(json.dumps(document, indent=2))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keys", type=int, default=150)
    parser.add_argument("--columns", type=int, default=120)
    parser.add_argument("--lines", type=int, default=40)
    parser.add_argument("--only", default=",".join(STORIES), help=f"Of {', '.join(STORIES)}.")
    return parser.parse_args()


def story(name: str, course: Course, options: argparse.Namespace) -> dict[str, object]:
    """One start of the program in a workspace of its own, with the cursor in a comment of an open exercise."""
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        root = Path(folder) / "tutor"
        init_workspace(root, course)
        prepare(name, Workspace.open(root, course))
        if name == "training":
            stack.enter_context(training(root))
        terminal = stack.enter_context(Terminal.running(root, folder, options))
        terminal.wait_for(b"# here: ")
        terminal.settle()
        return figures(*typed(terminal, options.keys, saving=name in SAVING))


def prepare(name: str, workspace: Workspace) -> None:
    """Writes the file, and notes that the learner was in it."""
    exercise = WRONG if name == "verdicts" else workspace.course.exercises[0].id
    below = {"grading": SLOW, "verdicts": wrong_answer(workspace.course)}.get(name, "x = 1")
    lines = ["# here: ", *below.splitlines()]
    if name == "big":
        lines = ["x = [1, (2, 3), {4: '5'}]  # a line of a long file"] * 5000 + ["y = ("] + lines + lines[1:] * 5000
    workspace.write(exercise, "\n".join(lines) + "\n")
    progress = Progress(workspace.progress_path)
    row = lines.index("# here: ")
    remember(progress, Place.name(exercise), Place("code", row, len(lines[row])))
    remember_text(progress, OPEN, exercise)
    progress.close()


def wrong_answer(course: Course) -> str:
    """The solution with the first of its exercise's mistakes."""
    exercise = course.exercise(WRONG)
    return mistakes(parse(exercise.reference))[0].apply(exercise.solution.read_text())


WRONG = "attention/single_head"
SLOW = """
for each in range(10**9):
    pass
"""


@contextlib.contextmanager
def training(root: Path) -> Iterator[None]:
    """A trainer that has made its first steps and goes on."""
    words = ["--workspace", str(root), "train", "--reference", "--preset", "l7", "--data", "names", "--device", "cpu"]
    log = root / "training.txt"
    with log.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "tutor", *words], stdout=file, stderr=file, start_new_session=True
        )
    try:
        until = time.monotonic() + 120
        while not any(each.stat().st_size for each in root.glob("runs/*/metrics.jsonl")):
            if process.poll() is not None or time.monotonic() > until:
                raise SystemExit(f"No training began: {log.read_text()[-2000:]}")
            time.sleep(0.2)
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


class Terminal:
    """A pseudo-terminal with the program on it."""

    def __init__(self, file: int, child: int) -> None:
        self.file = file
        self.child = child
        self.drawn = b""

    @classmethod
    @contextlib.contextmanager
    def running(cls, root: Path, home: str, options: argparse.Namespace) -> Iterator[Terminal]:
        """Starts the program; kills it at the end."""
        environment = {**os.environ, "HOME": home, "TERM": "xterm-256color", "LANG": "C.UTF-8"}
        command = [sys.executable, "-P", "-m", "tutor", "--workspace", str(root)]
        child, file = pty.fork()
        if child == 0:
            os.execve(command[0], command, environment)
        fcntl.ioctl(file, termios.TIOCSWINSZ, struct.pack("HHHH", options.lines, options.columns, 0, 0))
        try:
            yield cls(file, child)
        finally:
            os.kill(child, signal.SIGKILL)
            os.close(file)
            os.waitpid(child, 0)

    def press(self, keys: bytes) -> None:
        """Sends keys; what was drawn before no longer counts."""
        self.drawn = b""
        os.write(self.file, keys)

    def read(self, seconds: float) -> bool:
        """Takes what is drawn within that time; False if nothing was."""
        ready, _, _ = select.select([self.file], [], [], max(0.0, seconds))
        if ready:
            self.drawn = self.drawn[-20_000:] + os.read(self.file, 65536)
        return bool(ready)

    def wait_for(self, text: bytes) -> None:
        """Reads until the text was drawn."""
        until = time.perf_counter() + PATIENCE
        while text not in self.drawn:
            if time.perf_counter() > until:
                raise SystemExit(f"{text!r} was not drawn. It drew: {self.drawn[-2000:]!r}")
            self.read(0.05)

    def settle(self, quiet: float = 6.0) -> None:
        """Reads until nothing was drawn for a while: the grader is up, and the first verdict is there."""
        until = time.perf_counter() + PATIENCE
        while self.read(quiet) and time.perf_counter() < until:
            pass

    def waited(self) -> float:
        """Seconds in which the program's main thread and this process were ready and had no core."""
        files = (Path(f"/proc/{self.child}/schedstat"), Path("/proc/self/schedstat"))
        return sum(int(each.read_text().split()[1]) for each in files if each.exists()) / 1e9


def typed(terminal: Terminal, keys: int, *, saving: bool) -> tuple[list[float], list[float]]:
    """Types that many letters into the comment; returns the seconds of each, with and without waiting for a core."""
    times, ours, text = [], [], ""
    for number in range(keys):
        if saving and number % 20 == 0:
            os.write(terminal.file, b"\x13")
        text += LETTERS[number % len(LETTERS)]
        begin, waited = time.perf_counter(), terminal.waited()
        terminal.press(text[-1].encode())
        terminal.wait_for(text[-10:].encode())
        times.append(time.perf_counter() - begin)
        ours.append(max(0.0, times[-1] - (terminal.waited() - waited)))
        while terminal.read(GAP - (time.perf_counter() - begin)):
            pass
    return times, ours


def figures(times: list[float], ours: list[float]) -> dict[str, object]:
    """What the times come to, in milliseconds."""
    return {"keys": len(times), **summary(times), "of_ours": summary(ours)}


def summary(times: list[float]) -> dict[str, object]:
    ordered = sorted(times)
    return {
        "median": round(1000 * statistics.median(times), 1),
        "p99": round(1000 * ordered[min(len(ordered) - 1, int(0.99 * len(ordered)))], 1),
        "worst": round(1000 * ordered[-1], 1),
        "over_50_ms": sum(each > GOAL for each in times),
    }


if __name__ == "__main__":
    main()
