"""What the checks say, as text for a pane: all from core dataclasses, all of it safe to draw.

brief          a word or two: where the check stands
summary        one line: where the check stands
detail         on which case it does not hold, with which values
error_text     an exception by the learner's own lines
ending         what was borrowed, where help is
row_verdict    what stands before a property's sentence
"""

from __future__ import annotations

from typing import Any

from textual.content import Content
from textual.screen import Screen

from tutor.core.grid import MARK
from tutor.core.report import Counterexample, LearnerError, PropertyResult, Report, Verdict
from tutor.tui.board import Board, Phase, Row
from tutor.tui.glyphs import Glyphs, clean
from tutor.tui.keys import named
from tutor.tui.widgets.values import arguments, pair

_STYLES = {
    "passed": "$text-success",
    "started": "$text-warning",
    "new": "$text-muted",
    "unwritten": "$text-warning",
    "skipped": "$text-warning",
    "error": "$text-warning",
}
_FAINT = "$text-muted"
_NAME = "bold $text-accent"


def verdict_style(word: str) -> str:
    """The colour that goes with a verdict or state; the word itself is always written out."""
    return _STYLES.get(word, "$text-error")


def summary(board: Board, glyphs: Glyphs) -> Content:
    """Where the check stands, in one line."""
    match board.phase:
        case Phase.WARMING:
            return Content.styled("Getting the checks ready…", _FAINT)
        case Phase.IDLE:
            return Content.styled(f"{_count(len(board.rows))}. Save the file to have it checked.", _FAINT)
        case Phase.CHECKING if not board.rows:
            ready = f"{glyphs.waiting} Checking… The checks are being made ready; the first time takes longest."
            return Content.styled(ready, "bold $text-accent")
        case Phase.CHECKING:
            return Content.styled(f"{glyphs.waiting} Checking…{_so_far(board)}", "bold $text-accent")
        case Phase.REFUSED:
            return Content.styled(f"{glyphs.failed} Not checked: {clean(board.notice)}", "$text-error")
        case Phase.BROKEN:
            return Content.styled(f"{glyphs.ours} {_apology(board)}", "$text-warning")
    return _outcome(board, glyphs)


def brief(board: Board, glyphs: Glyphs) -> Content:
    """Where the check stands, in a word or two."""
    match board.phase:
        case Phase.WARMING | Phase.IDLE:
            return Content()
        case Phase.CHECKING:
            return Content.styled(f"{glyphs.waiting} checking", "$text-accent")
        case Phase.REFUSED:
            return Content.styled(f"{glyphs.failed} not checked", "$text-error")
        case Phase.BROKEN:
            return Content.styled(f"{glyphs.ours} grader broke", "$text-warning")
    word = board.report.verdict.value if board.report else ""
    count = f" {board.held}/{len(board.rows)}" if word != "unwritten" and any(row.result for row in board.rows) else ""
    return Content.styled(f"{glyphs.verdict(word)} {word}{count}", verdict_style(word))


def _so_far(board: Board) -> str:
    judged = sum(row.verdict is not None for row in board.rows)
    if judged == len(board.rows) and board.first_wrong:
        return f" {board.held} of {judged} hold; looking for the smallest case that does not."
    return f" {judged} of {len(board.rows)}" if judged else ""


def _apology(board: Board) -> str:
    broken = sum(row.verdict is Verdict.ERROR for row in board.rows)
    if not broken:
        return f"{APOLOGY} {clean(board.notice)}"
    return f"{APOLOGY_FOR_SOME.format(_count(broken))} {board.held} of {len(board.rows)} hold."


def _outcome(board: Board, glyphs: Glyphs) -> Content:
    assert board.report is not None
    word = board.report.verdict.value
    head = Content.styled(f"{glyphs.verdict(word)} {word.capitalize()}", f"bold {verdict_style(word)}")
    if word == "unwritten":
        return Content.assemble(head, ": nothing here is written yet.")
    if board.passed:
        facts = f"{_count(len(board.rows))}, {board.report.cases} cases, {board.report.seconds:.2f} s"
        return Content.assemble(head, ": everything holds ", (f"({facts}).", _FAINT))
    if not any(row.result for row in board.rows):
        return Content.assemble(head, ".")
    return Content.assemble(head, f": {board.held} of {len(board.rows)} hold.")


def _count(number: int) -> str:
    return "1 check" if number == 1 else f"{number} checks"


def row_verdict(row: Row, glyphs: Glyphs, *, chosen: bool) -> Content:
    """The sign and the word that stand before a property's sentence."""
    pointer = glyphs.here if chosen else " "
    if row.verdict is None:
        sign = f"{glyphs.waiting} checking" if row.stale else f"{glyphs.open} not yet"
        return Content.assemble(pointer, (sign, _FAINT))
    word = row.verdict.value
    return Content.assemble(pointer, (f"{glyphs.verdict(word)} {word}", verdict_style(word)))


def row_sentence(row: Row) -> Content:
    """What must hold."""
    return Content(clean(row.sentence) or row.name)


def report_text(report: Report) -> Content:
    """What the report says about the file as a whole: it could not be loaded, a name is missing …"""
    parts = [Content(clean(report.message))] if report.message and report.verdict is not Verdict.ERROR else []
    if report.error:
        parts.append(error_text(report.error, told=report.message))
    return Content("\n").join(part for part in parts if part.plain)


def detail(result: PropertyResult, width: int) -> Content:
    """On which case the property does not hold, with which values, for a pane of that many cells."""
    parts = []
    if result.error:
        parts.append(error_text(result.error, told=result.message))
    if result.counterexample:
        parts.append(_case(result.counterexample, width))
        parts.append(_comparison(result.counterexample, result.message, width))
    if result.printed:
        parts.append(Content.assemble(("printed by your code\n", _NAME), clean(result.printed).rstrip()))
    return Content("\n\n").join(part for part in parts if part.plain)


def _case(found: Counterexample, width: int) -> Content:
    """The drawn values and the call."""
    heading = "On the first case that fails (smaller ones follow):"
    if found.shrunk:
        heading = "On the smallest case found" + (" before the search was cut off:" if found.cut else ":")
    lines = [Content.styled(heading, _FAINT), *arguments(found.arguments, width)] if found.arguments else []
    if found.call:
        lines.append(Content.assemble(("call ", _NAME), clean(found.call)))
    return Content("\n").join(lines)


def _comparison(found: Counterexample, message: str, width: int) -> Content:
    """Expected and actual; what `message` says already is not said again."""
    lines = []
    if found.difference and found.difference not in message:
        lines.append(Content(clean(found.difference)))
    if found.what and found.what != "the result":
        lines.append(Content.styled(f"Compared: {clean(found.what)}", _FAINT))
    if found.expected and found.actual:
        lines.append(pair(found.expected, found.actual, width))
        if found.actual.marks:
            lines.append(Content.styled(f"{MARK} differs from what is expected", _FAINT))
    return Content("\n").join(lines)


def error_text(error: LearnerError, told: str = "") -> Content:
    """The learner's own lines, innermost last, then the exception; what `told` says already is not said again."""
    lines = []
    for line in error.lines:
        place = f"{clean(line.path)}, line {line.number}"
        lines.append(
            Content.assemble((place, _NAME), (f" in {clean(line.function)}", _FAINT), f"\n    {clean(line.text)}")
        )
    if error.names:
        lines.append(Content.styled(f"    {clean(' · '.join(error.names))}", _FAINT))
    text = clean(f"{error.type}: {error.message}" if error.message else error.type)
    if not error.message or error.message not in told:
        lines.append(Content.styled(text, "bold $text-error"))
    if error.advice and error.advice not in told:
        lines.append(Content(clean(error.advice)))
    return Content("\n").join(lines)


def ending(screen: Screen[Any], board: Board, *, hints_left: int) -> Content:
    """Below all checks: what was borrowed, and where help is."""
    lines = []
    if board.borrowed:
        lines.append(Content.styled(f"{BORROWED} {', '.join(board.borrowed)}.", "$text-warning"))
    if board.passed:
        lines.append(Content.styled(named(screen, SOLUTION), _FAINT))
    elif board.report:
        more = f"<exercise.hint>: a hint ({hints_left} left)" if hints_left else f"These are all hints. {SOLUTION}"
        lines.append(Content.styled(named(screen, more), _FAINT))
    return Content("\n").join(lines)


BORROWED = "Borrowed from the solutions, because yours has not passed:"
SOLUTION = "<exercise.solution>: the course's solution"
APOLOGY = "Sorry: the grader broke, which is not your mistake. Your file is safe; save again to retry."
APOLOGY_FOR_SOME = "Sorry: {} could not be made, which is our mistake and not yours."
