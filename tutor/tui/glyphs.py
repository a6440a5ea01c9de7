"""Signs on the screen: one set for terminals with Unicode, one in ASCII; and what is never let through to a terminal.

Glyphs        the signs that stand beside a word; no sign ever stands alone
clean         a text made ready for this terminal, before it is laid out
readable_course   titles and lessons in the same way
PlainLines    a filter over every line that is drawn: no control characters, and ASCII only where that is all there is
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from tutor.core import render
from tutor.core.characters import needs_ascii, readable, stand_in
from tutor.core.course import Course, Track


@dataclass(frozen=True)
class Glyphs:
    """The signs of one kind of terminal, each one cell wide."""

    passed: str = "✓"
    failed: str = "✗"
    open: str = "○"
    """Not written, not tried, not run."""
    started: str = "◐"
    skipped: str = "»"
    waiting: str = "…"
    ours: str = "!"
    """Something broke that is not the learner's."""
    full: str = "━"
    empty: str = "─"
    here: str = "▸"
    unsaved: str = "●"

    def verdict(self, word: str) -> str:
        """The sign of a verdict or a state."""
        if word == "passed":
            return self.passed
        if word == "started":
            return self.started
        if word == "skipped":
            return self.skipped
        if word in ("new", "unwritten"):
            return self.open
        return self.ours if word == "error" else self.failed

    def bar(self, done: int, of: int, width: int) -> str:
        """A bar that is full where all is done, and never looks full or empty when it is not."""
        full = round(width * done / of) if of else 0
        full = min(max(full, 1 if done else 0), width if done >= of else width - 1)
        return self.full * full + self.empty * (width - full)


UNICODE = Glyphs()
ASCII = Glyphs("+", "x", "-", "~", ">", ".", "!", "#", ".", ">", "*")


def clean(text: str) -> str:
    """The text with nothing in it that steers the terminal, and with words for signs where the terminal lacks them."""
    spelled = render.clean(text)
    return readable(spelled) if not spelled.isascii() and needs_ascii() else spelled


def readable_course(course: Course) -> Course:
    """The course as an ASCII terminal can show it: titles, lessons and introductions with words for signs."""
    return replace(course, title=readable(course.title), tracks=tuple(map(_readable_track, course.tracks)))


def _readable_track(track: Track) -> Track:
    exercises = [replace(each, title=readable(each.title), lesson=readable(each.lesson)) for each in track.exercises]
    milestones = [replace(each, what=readable(each.what)) for each in track.milestones]
    return replace(
        track, exercises=tuple(exercises), milestones=tuple(milestones),
        title=readable(track.title), introduction=readable(track.introduction), paper=readable(track.paper),
    )  # fmt: skip


class PlainLines(LineFilter):
    """Removes what would steer the terminal; with `ascii_only`, draws all else in ASCII of the same width."""

    def __init__(self, *, ascii_only: bool) -> None:
        super().__init__()
        self._ascii_only = ascii_only

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The segments with their text made harmless."""
        return [each if each.control or self._harmless(each.text) else self._plain(each) for each in segments]

    def _harmless(self, text: str) -> bool:
        return text.isascii() and text.isprintable() if self._ascii_only else text.isprintable()

    def _plain(self, segment: Segment) -> Segment:
        text = "".join("" if _steers(each) else each for each in segment.text)
        return Segment(to_ascii(text) if self._ascii_only else text, segment.style, segment.control)


def _steers(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp") and character not in "\u200d\ufe0f"


def to_ascii(text: str) -> str:
    """The text in ASCII, as many cells wide as it was."""
    return "".join(each if each.isascii() else stand_in(each) or "?" * cell_len(each) for each in text)
