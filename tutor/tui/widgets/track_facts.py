"""A track's facts as lines: its place in history, what it is for, its questions, the numbers to reach."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from textual.content import Content
from textual.dom import DOMNode

from tutor.core.course import Track
from tutor.core.gallery import SUBJECTS
from tutor.core.milestones import Target, targets
from tutor.core.quiz import read_quiz
from tutor.tui.desk import Desk
from tutor.tui.glyphs import Glyphs
from tutor.tui.keys import named


def track_lines(widget: DOMNode, desk: Desk, track: Track, best: Mapping[str, float]) -> list[Content]:
    """The facts that there are; `best` is what `best_losses` found. Raises CourseError, WorkspaceError."""
    uses = [named(widget, each) for each in (*_uses(desk, track), _questions(desk, track))]
    lines = [Content(text) for text in (_history(track), *uses) if text]
    numbers = [target_line(each, desk.glyphs) for each in targets(track, best)]
    return [*lines, Content("Numbers to reach:"), *numbers] if numbers else lines


def _history(track: Track) -> str:
    return f"{track.year}: {track.paper}" if track.year else ""


def _uses(desk: Desk, track: Track) -> Iterator[str]:
    """What the learner's own code of this track will do later on."""
    ids = {each.id for each in track.exercises}
    needed = [each.name for each in track.exercises if each.id in desk.needed_for_gpt]
    if needed:
        yield f"Needed for your GPT: {', '.join(needed)}"
    pictures = [each.title for each in SUBJECTS if ids & set(each.parts)]
    if pictures:
        yield f"Your code draws (<map.pictures>): {', '.join(pictures)}"


def _questions(desk: Desk, track: Track) -> str:
    questions = read_quiz(desk.course, track)
    answers = desk.progress.answers()
    right = sum(answers.get(each.id, False) for each in questions)
    return f"Quiz (<map.quiz>): {right} of {len(questions)} answered right" if questions else ""


def target_line(target: Target, glyphs: Glyphs) -> Content:
    """A number to reach, and how near the learner has come."""
    yours = ""
    if target.best is not None:
        yours = f", yours {target.best:.2f}" + (f" {glyphs.passed} reached" if target.reached else "")
    number = f"{target.number:g}" if target.number >= 10 else f"{target.number:.3f}".rstrip("0").ljust(4, "0")
    return Content.assemble((number, "bold"), f"  {target.what}", (yours, "$text-success" if target.reached else ""))


def plain(markdown: str) -> str:
    """The introduction without its heading and marks: paragraphs as single lines, list items and rows as lines."""
    paragraphs = [each for each in _RULE.sub("", markdown).strip().split("\n\n") if not each.startswith("# ")]
    joined = "\n\n".join(_SOFT_BREAK.sub(" ", each) for each in paragraphs)
    rows = _ROW.sub(lambda row: " · ".join(cell.strip() for cell in row[1].split(" | ")), joined)
    return _MARKS.sub("", _LINK.sub(r"\1", rows)).replace("## ", "")


_RULE = re.compile(r"^\|[-| :]+\|\n", re.MULTILINE)
"""The line below a table's head."""
_ROW = re.compile(r"^\|(.*)\|$", re.MULTILINE)
_SOFT_BREAK = re.compile(r"\n\s*(?![-*] |[|\s]|\d+\. )")
"""The end of a line inside a paragraph."""
_LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)")
_MARKS = re.compile(r"\*\*|`|(?<!\w)\*(?=\w)|(?<=\w)\*(?!\w)")
"""Bold, code and emphasis."""
