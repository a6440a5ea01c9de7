"""What is said when an exercise passes: what to take away, questions to check oneself with, how to go on.

It stands above the checks and waits there: nothing moves on by itself, and nothing is lost by not reading it.
"""

from __future__ import annotations

from typing import Any

from textual.content import Content
from textual.screen import Screen

from tutor.core.course import Exercise, aha
from tutor.tui.board import Board
from tutor.tui.desk import Desk
from tutor.tui.glyphs import clean
from tutor.tui.keys import named


def passing(screen: Screen[Any], desk: Desk, exercise: Exercise, board: Board) -> Content:
    """The lines above the checks of an exercise, nothing until it holds. Raises CourseError, WorkspaceError."""
    if not board.passed:
        return Content()
    lines = [
        Content(clean(aha(exercise))),
        Content.styled(_how_far(desk, exercise), "bold $text-success"),
        Content.styled(named(screen, _questions(len(desk.check_questions(exercise)))), "$text-accent"),
        Content.styled(named(screen, _go_on(desk, exercise)), "bold $text-accent"),
    ]
    return Content("\n").join(line for line in lines if line.plain)


def celebrate(screen: Screen[Any], desk: Desk, exercise: Exercise, *, in_sight: bool) -> None:
    """Says the same in a sentence or two at the first pass, unless the checks are in sight and say it themselves."""
    if not in_sight:
        more = named(screen, "<exercise.checks>: questions, and the next step.")
        said = f"{clean(aha(exercise))} {_how_far(desk, exercise)} {more}"
        screen.notify(said.strip(), title="Passed for the first time", timeout=8, markup=False)


def _how_far(desk: Desk, exercise: Exercise) -> str:
    states = desk.progress.states()
    done = sum(states.get(each.id) == "passed" for each in desk.course.exercises)
    track = next(each for each in desk.course.tracks if each.id == exercise.track)
    complete = all(states.get(each.id) == "passed" for each in track.exercises)
    said = f"{done} of {len(desk.course.exercises)} exercises passed."
    return f"The track “{track.title}” is complete: {said}" if complete else said


def _questions(number: int) -> str:
    if not number:
        return ""
    return f"<exercise.quiz> or <exercise.quiz.letter>: {number} question{'s' if number > 1 else ''} to check yourself"


def _go_on(desk: Desk, exercise: Exercise) -> str:
    following = desk.following(exercise.id)
    if following:
        return f"<exercise.next>: next exercise, {following.title}"
    train = " There, <map.train> trains your GPT." if desk.needed_for_gpt else ""
    return f"That was the last exercise. <exercise.back>: the map.{train}"
