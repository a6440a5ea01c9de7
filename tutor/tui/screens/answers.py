"""What an exercise screen shows about answers: the solution, how the learner's differs, why a check matters, a script.

Answers           asks first where that is due, then shows
…_page            the pages
"""

from __future__ import annotations

import shlex
from typing import Any

from textual.content import Content
from textual.screen import Screen

from tutor.core import course, repro
from tutor.core.course import Exercise
from tutor.core.submission import read_source
from tutor.tui import questions
from tutor.tui.board import Board, Row
from tutor.tui.desk import Desk, home_as_tilde, told
from tutor.tui.differences import difference, without_page
from tutor.tui.glyphs import clean
from tutor.tui.keys import named
from tutor.tui.screens.choice import ChoiceScreen
from tutor.tui.screens.reading import ReadingScreen


class Answers:
    """Shows answers of one exercise over a screen."""

    def __init__(self, screen: Screen[Any], desk: Desk, exercise: Exercise) -> None:
        self._screen = screen
        self._desk = desk
        self._exercise = exercise

    def show_solution(self, *, passed: bool) -> None:
        """Shows the solution; asks first unless the exercise has passed."""
        if passed:
            self._show_solution()
        else:
            question = f"You have not passed {self._exercise.id} yet. Show its solution?"
            self._screen.app.push_screen(ChoiceScreen(question, questions.SOLUTION), self._decided)

    def _decided(self, answer: str | None) -> None:
        if answer == "show":
            self._show_solution()

    def _show_solution(self) -> None:
        with told(self._screen):
            self._screen.app.push_screen(solution_page(self._exercise))

    def compare(self, text: str, *, passed: bool, holds: bool) -> None:
        """Shows how the learner's answer and the solution differ, once the exercise has passed; `holds`: this text."""
        if not passed:
            self._say("There is something to compare once this exercise has passed.")
            return
        with told(self._screen):
            self._screen.app.push_screen(comparison_page(self._exercise, text, holds=holds))

    def say_why(self, row: Row | None) -> None:
        """Says why a check matters."""
        if row is None:
            self._say("The checks are not known yet. Try again in a moment.")
            return
        with told(self._screen):
            self._screen.app.push_screen(why_page(self._exercise, row, named(self._screen, NO_REASON)))

    def write_script(self, board: Board) -> None:
        """Writes the failing case as a script."""
        try:
            file = repro.write(board.report, self._desk.workspace) if board.report else None
        except OSError as error:
            self._say(f"The script was not written ({error.strerror}). Make room.", severity="error")
            return
        if file is None:
            self._say("The last check left no failing case to make a script of.")
        else:
            self._screen.app.copy_to_clipboard(f"python {shlex.quote(str(file))}")
            self._say(f"Run it: python {home_as_tilde(file)} (copied)", title="Script written", timeout=15)

    def _say(self, sentence: str, **more: Any) -> None:
        self._screen.notify(sentence, markup=False, **more)


def solution_page(exercise: Exercise) -> ReadingScreen:
    """The course's solution. Raises SubmissionError."""
    from textual.highlight import highlight  # pygments: 50 ms that only those who look need

    text, _ = read_source(exercise.solution)
    return ReadingScreen(f"Solution of {exercise.id}", highlight(text, language="python"), code=True)


def comparison_page(exercise: Exercise, text: str, *, holds: bool) -> ReadingScreen:
    """How the learner's text and the solution differ, their docstrings at the top left out. Raises SubmissionError."""
    solution, _ = read_source(exercise.solution)
    yours, ours = without_page(text), without_page(solution)
    both = difference(yours, ours, ("yours", "the course's solution"))
    said = Content((AS_GOOD if holds else NOT_WHAT_PASSED) if yours.splitlines() != ours.splitlines() else "")
    return ReadingScreen(f"Yours and the solution of {exercise.id}", said + both, code=True)


def why_page(exercise: Exercise, row: Row, no_reason: str) -> ReadingScreen:
    """What a check says, and why that matters, or `no_reason`. Raises CourseError."""
    why = course.whys(exercise).get(row.name) or no_reason
    text = Content.assemble((clean(row.sentence), "bold"), "\n\n", clean(why))
    return ReadingScreen("Why does this matter?", text)


AS_GOOD = "Another way is as good: every check holds for yours.\n\n"
NOT_WHAT_PASSED = "Your text as it is now: it is not the one that passed.\n\n"
NO_REASON = "The course gives no reason beyond that sentence. The lesson (<exercise.lesson>) says what it is for."
