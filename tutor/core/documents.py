"""The JSON documents that the command line writes; `report.schema.json` beside this file is their schema.

Each has `format_version` and `document`, which says which one it is: version, list, exercise, hint, solution, reset,
quiz, placing, stats, workspace, grading, course-check, doctor, runs, runs-in-full, runs-compared, samples, estimate,
comparison, picture or pictures.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tutor.core.batch import Result
from tutor.core.course import Course, Exercise
from tutor.core.grading import GradingSettings
from tutor.core.quiz import Question
from tutor.core.report import FORMAT_VERSION


def schema() -> dict[str, Any]:
    """The JSON Schema of every document."""
    data: dict[str, Any] = json.loads(Path(__file__).with_name("report.schema.json").read_text(encoding="utf-8"))
    return data


def document(kind: str, **fields: Any) -> dict[str, Any]:
    """A document of that kind."""
    return {"format_version": FORMAT_VERSION, "document": kind, **fields}


def list_document(course: Course, states: dict[str, str], workspace: Path | None) -> dict[str, Any]:
    """Tracks and exercises with their states."""
    tracks = [
        {
            "id": track.id,
            "title": track.title,
            "exercises": [_summary(each, states.get(each.id, "new")) for each in track.exercises],
        }
        for track in course.tracks
    ]
    return document("list", course=course.title, workspace=str(workspace) if workspace else None, tracks=tracks)


def exercise_document(exercise: Exercise, state: str, file: Path | None) -> dict[str, Any]:
    """One exercise with its lesson."""
    return document("exercise", **_summary(exercise, state), lesson=exercise.lesson, file=str(file) if file else None)


def quiz_document(questions: Iterable[Question], answered: Mapping[str, bool], *, solved: bool) -> dict[str, Any]:
    """Questions with how they were answered last; with `solved` also what is right, and why.

    The answers stand in the order of the course: the learner is asked them in another one.
    """
    return document("quiz", questions=[_asked(each, answered.get(each.id), solved) for each in questions])


def placing_document(
    ids: Iterable[str], verdicts: Mapping[str | None, str], states: Mapping[str, str]
) -> dict[str, Any]:
    """What became of the exercises that somebody wanted to place out of; without a verdict nothing was graded."""
    rows = [{"id": id, "verdict": verdicts.get(id), "state": states.get(id, "new")} for id in ids]
    return document("placing", exercises=rows)


def grading_document(course: Course, settings: GradingSettings, results: Sequence[Result]) -> dict[str, Any]:
    """What `tutor check` found, and the beginning of what `tutor grade` writes (`formats/document.py`)."""
    return document(
        "grading",
        course=course.title,
        seed=settings.seed,
        cases=settings.cases,
        results=[each.to_json() for each in results],
        summary=_counts(results),
    )


def _asked(question: Question, answered: bool | None, solved: bool) -> dict[str, Any]:
    solution = {"right": question.right + 1, "why": question.why} if solved else {}
    return {
        "id": question.id,
        "track": question.track,
        "exercise": question.exercise or None,
        "text": question.text,
        "answers": list(question.answers),
        "source": question.source,
        "answered": answered if answered is None else "right" if answered else "wrong",
        **solution,
    }


def _summary(exercise: Exercise, state: str) -> dict[str, Any]:
    return {
        "id": exercise.id,
        "title": exercise.title,
        "state": state,
        "watch": exercise.watch,
        "minutes": exercise.minutes,
        "needs": list(exercise.needs),
    }


def _counts(results: Iterable[Result]) -> dict[str, int]:
    counts = {"submissions": 0, "passed": 0, "not_passed": 0, "refused": 0, "broken": 0}
    for each in results:
        counts["submissions"] += 1
        if each.report is None:
            counts[each.outcome] += 1
        else:
            counts["passed" if each.passed else "not_passed"] += 1
    return counts
