"""What a learner has put into a course: attempts, time, hints and the mistakes that were recognised on the way.

Effort    one exercise's figures
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tutor.core.course import Course
from tutor.core.metrics import duration
from tutor.core.progress import Progress
from tutor.core.quiz import read_quiz
from tutor.core.render import Style, one_line


@dataclass(frozen=True)
class Effort:
    """What went into one exercise."""

    exercise: str
    state: str
    attempts: int = 0
    """On written code."""
    seconds: float = 0.0
    """With the exercise open in the tutor, or in the editor that it opened; others are not counted."""
    hints: int = 0
    mistakes: tuple[tuple[str, int], ...] = ()
    """Recognised mistakes with the number of attempts that made them, the commonest first."""

    @property
    def touched(self) -> bool:
        """Whether there is anything to tell."""
        return self.state != "new" or bool(self.attempts or self.hints or self.seconds >= 1)


def efforts(course: Course, progress: Progress) -> tuple[Effort, ...]:
    """The figures of every exercise, in the order of the course. Raises WorkspaceError."""
    states, attempts, opened = progress.states(), progress.attempt_counts(), progress.opened()
    mistakes: dict[str, Counter[str]] = {}
    for id, report in progress.reports_with_mistakes():
        mistakes.setdefault(id, Counter())[_mistake(report)] += 1
    return tuple(
        Effort(id, states.get(id, "new"), attempts.get(id, 0), *opened.get(id, (0.0, 0)), _sorted(mistakes.get(id)))
        for id in course.ids
    )


def right_answers(course: Course, answers: Mapping[str, bool]) -> dict[str, tuple[int, int]]:
    """By track, how many of its questions were answered right last, and how many it has. Raises CourseError."""
    found = {}
    for track in course.tracks:
        questions = read_quiz(course, track)
        found[track.id] = (sum(answers.get(each.id, False) for each in questions), len(questions))
    return found


def effort_fields(course: Course, figures: Sequence[Effort], quiz: Mapping[str, tuple[int, int]]) -> dict[str, Any]:
    """The fields of the document 'stats'."""
    tracks = []
    for track in course.tracks:
        own = _of_track(figures, track.id)
        right, of = quiz[track.id]
        questions = {"right": right, "of": of}
        exercises = [_json(each) for each in own]
        tracks.append({"id": track.id, "title": track.title, **_totals(own), "quiz": questions, "exercises": exercises})
    return {"course": course.title, "total": _totals(figures), "tracks": tracks}


def effort_text(course: Course, figures: Sequence[Effort], quiz: Mapping[str, tuple[int, int]], style: Style) -> str:
    """A table for people: each track, and below it what was touched."""
    lines = [style.strong(course.title), _summary(figures), "", style.faint(_HEAD)]
    for track in course.tracks:
        own = _of_track(figures, track.id)
        right, of = quiz[track.id]
        passed = f"{sum(each.state == 'passed' for each in own)}/{len(own)}".ljust(8)
        lines.append(style.strong(_cells(track.title, passed, own, f"{right}/{of}" if of else "")))
        lines += [_row(each, style) for each in own if each.touched]
    return "\n".join([*lines, *_mistake_lines(figures, style), "", style.faint(NOTE)])


def _summary(figures: Sequence[Effort]) -> str:
    total = _totals(figures)
    skipped = f", {total['skipped']} skipped" if total["skipped"] else ""
    return f"{total['passed']} of {len(figures)} exercises passed{skipped}."


def _cells(name: str, state: str, figures: Sequence[Effort], quiz: str = "") -> str:
    """A line of the table; `state` is 8 cells wide, colours not counted."""
    total = _totals(figures)
    time = duration(total["seconds"]) if total["seconds"] >= 1 else ""
    name = name if len(name) <= _NAME else name[: _NAME - 1] + "…"
    attempts, hints = total["attempts"] or "", total["hints"] or ""
    return f"{name:{_NAME}} {state} {attempts:>8} {time:>10} {hints:>5} {quiz:>5}".rstrip()


def _row(effort: Effort, style: Style) -> str:
    return _cells(f"  {effort.exercise}", style.verdict(effort.state, 8), [effort])


def _mistake_lines(figures: Iterable[Effort], style: Style) -> list[str]:
    found = [(each.exercise, *mistake) for each in figures for mistake in each.mistakes]
    if not found:
        return []
    lines = [f"  {id}, {'once' if count == 1 else f'{count} times'}: {one_line(said)}" for id, said, count in found]
    return ["", style.strong("Mistakes that were recognised, each of them one that many make"), *lines]


def _totals(figures: Iterable[Effort]) -> dict[str, Any]:
    figures = list(figures)
    return {
        "passed": sum(each.state == "passed" for each in figures),
        "skipped": sum(each.state == "skipped" for each in figures),
        "attempts": sum(each.attempts for each in figures),
        "seconds": round(sum(each.seconds for each in figures)),
        "hints": sum(each.hints for each in figures),
    }


def _json(effort: Effort) -> dict[str, Any]:
    return {
        "id": effort.exercise,
        "state": effort.state,
        "attempts": effort.attempts,
        "seconds": round(effort.seconds),
        "hints": effort.hints,
        "mistakes": [{"sentence": sentence, "attempts": count} for sentence, count in effort.mistakes],
    }


def _of_track(figures: Iterable[Effort], track: str) -> list[Effort]:
    return [each for each in figures if each.exercise.partition("/")[0] == track]


def _mistake(report: str) -> str:
    return str(json.loads(report).get("mistake", ""))


def _sorted(counts: Counter[str] | None) -> tuple[tuple[str, int], ...]:
    return tuple(sorted((counts or {}).items(), key=lambda each: (-each[1], each[0])))


_NAME = 32
_HEAD = f"{'':{_NAME}} {'state':8} {'attempts':>8} {'time':>10} {'hints':>5} {'quiz':>5}"
NOTE = "Time counts while an exercise is open in the tutor and keys are pressed. Nothing here is needed to go on."
