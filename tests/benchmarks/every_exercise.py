"""Save → verdict, warm, for every exercise: `python tests/benchmarks/every_exercise.py [--runs 15]`.

The solution and its first mistake are graded in turn. Prints JSON: opening, medians and 95th percentiles of the whole
report and of the first failing verdict, and the processor time of grader and workers for one right submission.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable
from typing import Any

import psutil

from tutor.core.course import Exercise, default_course_root, load_course
from tutor.core.events import Finished, Judged, Opened
from tutor.core.grading import Grader
from tutor.core.source import mistakes, parse
from tutor.core.submission import Submission, make_submission


def check(grader: Grader, given: Submission) -> tuple[float, float]:
    """Milliseconds to the first verdict that is not passed, and to the report."""
    started = time.perf_counter()
    ticket, first = grader.check(given), 0.0
    for event in grader.events():
        took = (time.perf_counter() - started) * 1000
        if isinstance(event, Judged) and event.ticket == ticket and event.result.verdict != "passed":
            first = first or took
        if isinstance(event, Finished) and event.ticket == ticket:
            return first or took, took
    raise RuntimeError("the grader ended")


def processor_ms(work: Callable[[], Any]) -> float:
    """Processor time of the zygote and all that came of it during the work."""
    zygote = psutil.Process().children()[0]

    def spent() -> float:
        own = zygote.cpu_times()
        alive = sum(sum(each.cpu_times()[:2]) for each in zygote.children())
        return sum(own[:4]) + alive

    before = spent()
    work()
    time.sleep(0.3)  # until the last worker has ended and is counted
    return (spent() - before) * 1000


def summary(times: list[float]) -> dict[str, float]:
    ordered = sorted(times)
    p95 = ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))]
    return {"median_ms": round(statistics.median(ordered), 1), "p95_ms": round(p95, 1)}


def measure(grader: Grader, exercise: Exercise, runs: int) -> dict[str, Any]:
    ticket = grader.open(exercise.id)
    opened = next(each for each in grader.events() if isinstance(each, Opened) and each.ticket == ticket)
    right = exercise.solution.read_text(encoding="utf-8")
    wrong = mistakes(parse(exercise.reference))[0].apply(right)
    given = [make_submission(grader.course, exercise, "mine", text, "", lambda _: None) for text in (right, wrong)]
    for each in given:
        check(grader, each)
    times = [(check(grader, given[0])[1], *check(grader, given[1])) for _ in range(runs)]
    spent = processor_ms(lambda: [check(grader, given[0]) for _ in range(runs)])
    return {
        "cases": opened.cases, "properties": len(opened.properties), "opening_ms": round(opened.seconds * 1000),
        "right": summary([each[0] for each in times]), "first_failure": summary([each[1] for each in times]),
        "wrong": summary([each[2] for each in times]), "right_processor_ms": round(spent / runs),
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("exercises", nargs="*")
    parser.add_argument("--runs", type=int, default=15)
    given = parser.parse_args()
    course = load_course(default_course_root())
    ids = given.exercises or [each.id for each in course.exercises]
    with Grader(course) as grader:
        print(json.dumps({id: measure(grader, course.exercise(id), given.runs) for id in ids}, indent=2))


if __name__ == "__main__":
    main()
