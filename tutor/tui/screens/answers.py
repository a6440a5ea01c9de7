"""Pages about an exercise's answer: its solution, how the learner's differs from it, why a check matters."""

from __future__ import annotations

from textual.content import Content

from tutor.core import course
from tutor.core.course import Exercise
from tutor.core.render import clean
from tutor.core.submission import read_source
from tutor.tui.board import Row
from tutor.tui.differences import difference, without_page
from tutor.tui.screens.reading import ReadingScreen


def solution_page(exercise: Exercise) -> ReadingScreen:
    """The course's solution. Raises SubmissionError."""
    from textual.highlight import highlight  # pygments: 50 ms that only those who look need

    text, _ = read_source(exercise.solution)
    return ReadingScreen(f"Solution of {exercise.id}", highlight(text, language="python"))


def comparison_page(exercise: Exercise, text: str) -> ReadingScreen:
    """How the learner's text and the solution differ, their docstrings at the top left out. Raises SubmissionError."""
    solution, _ = read_source(exercise.solution)
    both = difference(without_page(text), without_page(solution), ("yours", "the course's solution"))
    said = Content("Another way is as good: every check holds for yours.\n\n")
    return ReadingScreen(f"Yours and the solution of {exercise.id}", said + both)


def why_page(exercise: Exercise, row: Row) -> ReadingScreen:
    """What a check says, and why that matters. Raises CourseError."""
    why = course.whys(exercise).get(row.name) or NO_REASON
    text = Content.assemble((clean(row.sentence), "bold"), "\n\n", clean(why))
    return ReadingScreen("Why does this matter?", text)


NO_REASON = "The course gives no reason beyond that sentence. The lesson (F2) says what it is for."
