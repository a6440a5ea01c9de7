"""Is a right submission ever refused? `python tests/benchmarks/seeds.py [--seeds 200] [--first 0] [--cases 40]`.

Every solution, and every other right answer under tests/course/alternatives with --all, is graded once with each seed.
Prints JSON: gradings, and each one that did not pass. On stderr, a line after each seed says how far it is.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path

from tutor.core.course import default_course_root, load_course
from tutor.core.grading import Grader, GradingSettings
from tutor.core.submission import make_submission

ALTERNATIVES = Path(__file__).parents[1] / "course/alternatives"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--cases", type=int, default=40)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--exercise", action="append", help="these alone")
    given = parser.parse_args()
    course = load_course(default_course_root())
    chosen = [each for each in course.exercises if each.id in (given.exercise or course.ids)]
    texts = {each.id: {"solution": each.solution.read_text(encoding="utf-8")} for each in chosen}
    for path in sorted(ALTERNATIVES.rglob("*.py")) if given.all else ():
        exercise = path.parent.relative_to(ALTERNATIVES).as_posix()
        if exercise in texts:
            texts[exercise][path.stem] = path.read_text(encoding="utf-8")
    graded, refused = 0, []
    with Grader(course, settings=GradingSettings(cases=given.cases, shrink_seconds=0)) as grader:
        for seed in range(given.first, given.first + given.seeds):
            grader.settings = replace(grader.settings, seed=seed)
            for exercise, versions in texts.items():
                for name, text in versions.items():
                    submission = make_submission(course, course.exercise(exercise), name, text, "", lambda _: None)
                    report = grader.grade(submission)
                    graded += 1
                    if not report.passed:
                        wrong = [(each.name, each.verdict, each.message) for each in report.properties if each.message]
                        refused.append({"seed": seed, "exercise": exercise, "answer": name, "properties": wrong})
                        print(refused[-1], file=sys.stderr)
            print(f"seed {seed}: {graded} graded, {len(refused)} refused", file=sys.stderr)
    print(json.dumps({"graded": graded, "refused": refused}, indent=2))


if __name__ == "__main__":
    main()
