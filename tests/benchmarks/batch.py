"""Grading a class: `python tests/benchmarks/batch.py [--submissions 60] [--jobs 2] [--exercise ID …]`.

Three classes hand in single files: all right; as classes do (six of ten right, three with a listed mistake, one
unwritten); and, for `attention/single_head`, a cold `python -m pytest` for each of a few beside them. Prints JSON:
submissions per second and core, the ratio to the cold run, and the memory of all processes together on the way.
`--submissions 10000 --kinds class --exercise bigram/probs --cases 5` shows whether it grows.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import threading
import time
from collections import Counter
from itertools import cycle
from pathlib import Path
from typing import Any

import grading
import psutil

from tutor.core.course import Course, default_course_root, load_course
from tutor.core.grading import Grader, GradingSettings
from tutor.core.intake import entries
from tutor.core.jobs import Work, grade_on_cores
from tutor.core.journal import basis, journal
from tutor.core.source import mistakes, parse

SAMPLE_SECONDS = 1.0


def hand_in(course: Course, id: str, folder: Path, count: int, kind: str) -> None:
    """One file for each student, no two of them alike."""
    exercise = course.exercise(id)
    right, stub = (path.read_text(encoding="utf-8") for path in (exercise.solution, exercise.stub))
    wrong = cycle(each.apply(right) for each in mistakes(parse(exercise.reference)))
    for number in range(count):
        text = right if kind == "right" or number % 10 < 6 else stub if number % 10 == 9 else next(wrong)
        (folder / f"student {number:05}.py").write_text(f"{text}\n# {number}\n", encoding="utf-8")


class Memory:
    """The memory of this process and all below it, sampled while the block runs."""

    def __enter__(self) -> Memory:
        self.megabytes: list[float] = []
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self._watch)
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.ended.set()
        self.thread.join()

    def _watch(self) -> None:
        us = psutil.Process()
        while not self.ended.wait(SAMPLE_SECONDS):
            total = 0.0
            for each in (us, *us.children(recursive=True)):
                try:
                    total += each.memory_full_info().pss / 2**20  # shared pages are counted once
                except psutil.Error:
                    continue
            self.megabytes.append(total)

    def curve(self) -> list[int]:
        """Twelve points of it, evenly spaced."""
        step = max(1, len(self.megabytes) // 12)
        return [round(each) for each in self.megabytes[::step]]


def measure(course: Course, id: str, count: int, jobs: int, kind: str, cases: int) -> dict[str, Any]:
    settings = GradingSettings(lanes=1, cases=cases)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "class").mkdir()
        hand_in(course, id, folder / "class", count, kind)
        work = Work(course, list(entries([folder / "class"], course, [id])), [id], "auto")
        started, verdicts, first = time.perf_counter(), Counter[str](), 0.0
        with journal(folder / "journal", basis("", course, "auto", settings), resume=False) as book, Memory() as memory:
            for _, result in grade_on_cores(work, jobs, lambda: Grader(course, settings=settings), book.known):
                book.keep(result)
                first = first or time.perf_counter()
                verdicts[str(result.report.verdict) if result.report else result.outcome] += 1
        ended = time.perf_counter()
    return {
        "verdicts": dict(verdicts), "seconds": round(ended - started, 1), "warm_up_seconds": round(first - started, 1),
        "per_second_and_core": round((count - 1) / (ended - first) / jobs, 2), "memory_mb": memory.curve(),
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--submissions", type=int, default=60)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--cases", type=int, default=100, help="of each property; few are enough to see memory grow")
    parser.add_argument("--exercise", action="append", help="default: bigram/probs and attention/single_head")
    parser.add_argument("--kinds", nargs="+", choices=("right", "class"), default=("right", "class"))
    parser.add_argument("--cold", type=int, default=3, help="pytest runs to compare attention/single_head with")
    given = parser.parse_args()
    course = load_course(default_course_root())
    found: dict[str, Any] = {"jobs": given.jobs, "submissions": given.submissions}
    for id in given.exercise or ["bigram/probs", grading.EXERCISE]:
        found[id] = {
            kind: measure(course, id, given.submissions, given.jobs, kind, given.cases) for kind in given.kinds
        }
        if id == grading.EXERCISE and given.cold:
            text = course.exercise(id).solution.read_text(encoding="utf-8")
            cold = statistics.median(grading.cold(text) for _ in range(given.cold))
            rate = found[id][given.kinds[0]]["per_second_and_core"]
            found[id] |= {"cold_pytest_seconds": round(cold, 2), "cold_over_batch": round(cold * rate, 1)}
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
