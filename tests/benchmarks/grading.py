"""Save → verdict, warm, beside a cold pytest run of equivalent properties: `python tests/benchmarks/grading.py`.

Both are timed in the same run, alternating, on the solution of `attention/single_head` and on a wrong version of it.
Prints JSON: medians and 95th percentiles in milliseconds, and the ratio of the medians. Wall times on a shared machine
are noisy; the ratio is what to look at.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tutor.core.course import Course, default_course_root, load_course
from tutor.core.events import Finished, Judged, Opened
from tutor.core.grading import Grader
from tutor.core.submission import Source, Submission

EXERCISE = "attention/single_head"
YARDSTICK = Path(__file__).with_name("single_head_properties.py")


def submission(course: Course, text: str) -> Submission:
    needs, todo = dict[str, Source](), list(course.exercise(EXERCISE).needs)
    while todo:
        found = course.exercise(todo.pop())
        source = found.solution.read_text(encoding="utf-8")
        needs[found.id] = Source(
            found.id, str(found.solution), source, hashlib.sha256(source.encode()).hexdigest(), True
        )
        todo += found.needs
    return Submission(EXERCISE, "mine.py", text, hashlib.sha256(text.encode()).hexdigest(), tuple(needs.values()))


def warm(grader: Grader, given: Submission) -> dict[str, float]:
    """Seconds from the request to the first failing verdict and to the report; verdict first."""
    started = time.perf_counter()
    ticket = grader.check(given)
    first = None
    for event in grader.events():
        if isinstance(event, Judged) and event.ticket == ticket and event.result.verdict != "passed":
            first = first or time.perf_counter() - started
        if isinstance(event, Finished) and event.ticket == ticket:
            return {"first": first or time.perf_counter() - started, "full": time.perf_counter() - started}
    raise RuntimeError("the grader ended")


def cold(text: str) -> float:
    """Seconds of a pytest run in a fresh interpreter."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "single_head.py"
        path.write_text(text, encoding="utf-8")
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull, str(YARDSTICK)]
        threads = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
        started = time.perf_counter()
        subprocess.run(command, env={**os.environ, **threads, "SUBMISSION": str(path)}, stdout=subprocess.DEVNULL)
        return time.perf_counter() - started


def summary(seconds: list[float]) -> dict[str, float]:
    ordered = sorted(seconds)
    p95 = ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))]
    return {"median_ms": round(statistics.median(ordered) * 1000, 1), "p95_ms": round(p95 * 1000, 1)}


def measure(grader: Grader, text: str, runs: int, cold_runs: int) -> dict[str, object]:
    given = submission(grader.course, text)
    warm(grader, given)
    firsts, fulls, colds = [], [], []
    for number in range(runs):
        times = warm(grader, given)
        firsts.append(times["first"])
        fulls.append(times["full"])
        if number < cold_runs:
            colds.append(cold(text))
    ratio = statistics.median(colds) / statistics.median(fulls)
    return {"first_verdict": summary(firsts), "report": summary(fulls), "cold_pytest": summary(colds),
            "cold_over_warm": round(ratio, 1), "runs": runs, "cold_runs": cold_runs}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=30)
    parser.add_argument("--cold-runs", type=int, default=5)
    parser.add_argument("--course", type=Path, default=None)
    given = parser.parse_args()
    course = load_course(given.course or default_course_root())
    right = course.exercise(EXERCISE).solution.read_text(encoding="utf-8")
    wrong = right + "\n\nHead.forward = lambda self, x: 2 * self.value(x)\n"
    with Grader(course) as grader:
        ticket = grader.open(EXERCISE)
        started = time.perf_counter()
        opened = next(event for event in grader.events() if isinstance(event, Opened) and event.ticket == ticket)
        results = {
            "exercise": EXERCISE,
            "cases": opened.cases,
            "opening_ms": round(opened.seconds * 1000),
            "start_and_open_ms": round((time.perf_counter() - started) * 1000),
            "correct": measure(grader, right, given.runs, given.cold_runs),
            "wrong": measure(grader, wrong, given.runs, given.cold_runs),
        }
    print(json.dumps(results, indent=2))


if __name__ == "__main__":
    main()
