"""Does the grader grow? `python tests/benchmarks/many_saves.py [--saves 1000]`.

One exercise is saved over and over, right and wrong in turn, every seventh save before the last one was judged. Prints
JSON: processes, open files and memory of zygote and grader at the start, on the way and at the end.
"""

from __future__ import annotations

import argparse
import json
from typing import Any

import psutil

from tutor.core.course import default_course_root, load_course
from tutor.core.events import Cancelled, Finished
from tutor.core.grading import Grader
from tutor.core.submission import make_submission

EVERY = 100
HASTY = 7


def answered(grader: Grader, ticket: int) -> None:
    for event in grader.events():
        if isinstance(event, Finished | Cancelled) and event.ticket == ticket:
            return


def state() -> dict[str, Any]:
    us = psutil.Process()
    zygote = us.children()[0]
    below = zygote.children(recursive=True)
    grader = below[0]
    return {
        "processes": 1 + len(below),
        "files": zygote.num_fds() + grader.num_fds(),
        "our_files": us.num_fds(),
        "zygote_mb": round(zygote.memory_info().rss / 2**20, 1),
        "grader_mb": round(grader.memory_info().rss / 2**20, 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--saves", type=int, default=1000)
    parser.add_argument("--exercise", default="bigram/probs")
    given = parser.parse_args()
    course = load_course(default_course_root())
    exercise = course.exercise(given.exercise)
    right = exercise.solution.read_text(encoding="utf-8")
    stub = exercise.stub.read_text(encoding="utf-8")
    texts = [right, right.replace("return", "return 1 *"), stub]
    states: dict[int, dict[str, Any]] = {}
    with Grader(course) as grader:
        for save in range(given.saves + 1):
            ticket = grader.check(
                make_submission(course, exercise, "mine", f"{texts[save % 3]}\n# {save}\n", "", lambda _: None)
            )
            if save % HASTY or save % EVERY == 0:
                answered(grader, ticket)
            if save % EVERY == 0:
                states[save] = state()
    print(json.dumps({"exercise": exercise.id, "saves": states}, indent=2))


if __name__ == "__main__":
    main()
