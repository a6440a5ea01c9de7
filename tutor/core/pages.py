"""The course as text for a terminal: the list, a lesson, hints, what the doctor found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from tutor.core.course import Course, Exercise
from tutor.core.progress import DONE_WITH
from tutor.core.render import Style


def list_text(course: Course, states: Mapping[str, str], style: Style) -> str:
    """Every track with its exercises, their states, and which one is next."""
    width = max((len(each.id) for each in course.exercises), default=0)
    lines = [style.strong(course.title)]
    for track in course.tracks:
        lines += ["", style.strong(track.title)]
        for each in track.exercises:
            state = style.verdict(states.get(each.id, "new"), 8)
            minutes = f"{each.minutes:>3} min  " if each.minutes else " " * 9
            lines.append(f"  {state} {each.id.ljust(width)}  {minutes}{each.title}")
    return "\n".join([*lines, "", _next(course, states)])


def _next(course: Course, states: Mapping[str, str]) -> str:
    passed = [each for each in course.exercises if states.get(each.id) == "passed"]
    skipped = sum(states.get(each.id) == "skipped" for each in course.exercises)
    following = next((each for each in course.exercises if states.get(each.id) not in DONE_WITH), None)
    count = f"{len(passed)} of {len(course.exercises)} passed{f', {skipped} skipped' if skipped else ''}."
    return f"{count} Next: tutor show {following.id}" if following else count


def exercise_text(exercise: Exercise, file: Path | None, style: Style) -> str:
    """The lesson page of an exercise, as the Markdown that it is."""
    minutes = f"{exercise.minutes} minutes" if exercise.minutes else ""
    facts = [style.faint(each) for each in (exercise.watch, minutes, str(file) if file else "") if each]
    return "\n".join([style.strong(exercise.title), style.faint(exercise.id), *facts, "", exercise.lesson])


def hints_text(exercise: Exercise, hints: Sequence[str], shown: int, style: Style) -> str:
    """The first `shown` hints, and how to see more."""
    if not hints:
        return f"{exercise.id} has no hints. The lesson: tutor show {exercise.id}"
    lines = [f"{style.strong(f'{number} of {len(hints)}')}  {hint}" for number, hint in enumerate(hints[:shown], 1)]
    more = f"tutor hint {exercise.id}" if shown < len(hints) else f"tutor solution {exercise.id}"
    return "\n".join([*lines, style.faint(f"More: {more}")])


def finding_text(name: str, ok: bool, text: str, style: Style) -> str:
    """One line of the doctor."""
    return f"{style.mark('ok ' if ok else 'no ', ok)} {name}: {text}"
