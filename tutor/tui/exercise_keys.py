"""The keys of the exercise screen, which of them its lowest line shows now, and what its help says about it."""

from __future__ import annotations

from textual.binding import BindingType

from tutor.tui.board import Board
from tutor.tui.keys import key, pair

EXERCISE_KEYS: list[BindingType] = [
    key("exercise.save", "ctrl+s", "save", "Save", "Save the file; it is checked at once", show=True),
    *pair("exercise.check", "f5", "c", "check", "Check", "Save if needed and check again", show=True),
    *pair("exercise.hint", "f6", "h", "hint", "Hint", "Show one more hint", show=True),
    key("exercise.why", "w", "why", "Why", "Why the check that is shown in full matters"),
    key("exercise.error", "g", "go_to_error", "To the error", "Put the cursor on your line that raised"),
    *pair("exercise.next", "f7", "n", "next", "Next", "Go to the next exercise", show=True),
    *pair("exercise.quiz", "f10", "u", "quiz", "Quiz", "Two or three questions to check yourself with"),
    key("exercise.compare", "d", "compare", "Compare", "After passing: how yours and the course's solution differ"),
    *pair("exercise.edit", "f8", "e", "edit", "Editor", "Open the file in $VISUAL or $EDITOR", show=True),
    key("exercise.back", "escape", "back", "Map", "Back to the course map", show=True),
    *pair("exercise.help", "f1", "question_mark", "help", "Help", "What this screen is, and its keys", show=True),
    *pair("exercise.lesson", "f2", "1", "pane('lesson')", "Lesson", "Go to the lesson"),
    *pair("exercise.code", "f3", "2", "pane('code')", "Code", "Go to the code"),
    *pair("exercise.checks", "f4", "3", "pane('checks')", "Checks", "Go to the checks"),
    *pair("exercise.solution", "f9", "s", "solution", "Solution", "Show the course's solution"),
    key("exercise.repro", "r", "repro", "Script", "Write the failing case as a script to run and step through"),
    key("exercise.find", "ctrl+f,slash", "find", "Find", "Find a text in the code"),
    key("exercise.comment", "number_sign", "comment", "Comment", "Comment the line in the code out, or in again"),
    *pair("exercise.zoom", "f12", "z", "zoom", "Zoom", "Give one pane the whole screen, and back"),
    key("exercise.wider", "greater_than_sign", "grow(1, True)", "Wider", "Make the pane in use wider"),
    key("exercise.narrower", "less_than_sign", "grow(-1, True)", "Narrower", "Make the pane in use narrower"),
    key("exercise.taller", "plus", "grow(1, False)", "Taller", "Make the pane in use taller"),
    key("exercise.lower", "minus", "grow(-1, False)", "Lower", "Make the pane in use lower"),
    key("exercise.even", "equals_sign", "even", "Even", "Put the lines between the panes back where they were"),
    key("exercise.guide", "x", "close_guide", "No more tips", "Close the newcomer's guide for good"),
    key("exercise.reset", "R", "reset", "Start anew", "Put the stub back; what you wrote is kept as a backup"),
]


def of_the_moment(board: Board, pane: str, *, raised: bool) -> dict[str, bool]:
    """Which keys the lowest line shows now beside, and which in spite of, those that it always shows.

    After passing, what leads on; in the checks, what helps with one that does not hold, `raised` in the learner's own
    lines or not. In the code letters are text.
    """
    if pane == "code":
        return {}
    if board.passed:
        return {"exercise.quiz": True, "exercise.compare": True, "exercise.hint": False}
    wrong = sum(row.wrong for row in board.rows)
    if pane == "checks" and (wrong or raised):
        helps = {"exercise.why": wrong > 0, "exercise.error": raised, "checks.next": wrong > 1}
        return helps | {"exercise.save": False, "exercise.next": False, "exercise.edit": not raised}
    return {}


HELP = """\
Read the lesson, write the code, save: the file is then checked, whoever saved it, this editor or yours. The checks \
say what must hold; for one that does not, you see the smallest case that was found, what was expected there and \
what your code gave. In the editor letters are text: use the keys in the lowest line, or press \
<editor.leave> once and use the letters."""
