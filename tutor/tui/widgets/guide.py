"""A newcomer's guide: four tips on the first exercise that is ever opened, each when its moment comes, never again.

A tip stays until the next one comes or the learner closes it; it takes no keys and covers nothing.
"""

from __future__ import annotations

import json
from typing import Any

from textual.content import Content
from textual.widgets import Static

from tutor.core.report import Verdict
from tutor.tui.board import Board, Phase
from tutor.tui.desk import Desk, told
from tutor.tui.keys import named
from tutor.tui.remembered import recalled_text, remember_text

GUIDE = "tui.guide"
"""The note: which exercise is the first, and which tips were given; 'done' when there will be no more."""


class Guide(Static):
    """One tip, or nothing."""

    DEFAULT_CSS = """
    Guide {
        display: none;
        height: auto;
        padding: 0 1;
        background: $panel;
        border-left: thick $accent;
        &.-speaking { display: block; }
    }
    """

    def __init__(self, desk: Desk, exercise: str) -> None:
        super().__init__()
        self._desk = desk
        self._exercise = exercise
        self._given: list[str] | None = None
        """The tips given so far; None where there are none to give."""

    def on_mount(self) -> None:
        """Finds out whether this is the learner's first exercise."""
        with told(self.screen):
            self._given = self._found()

    @property
    def speaking(self) -> bool:
        """Whether a tip is shown."""
        return self.has_class("-speaking")

    @property
    def guiding(self) -> bool:
        """Whether it will have something to say when the exercise passes."""
        return self._given is not None

    def arrive(self, pane: str) -> None:
        """The learner came to a pane."""
        if pane in ("lesson", "code"):
            self._give(pane)

    def heed(self, board: Board) -> None:
        """A check may have ended; a file in which nothing is written yet is no moment for a tip."""
        if board.phase is Phase.DONE and board.report and board.report.verdict is not Verdict.UNWRITTEN:
            self._give("passed" if board.passed else "checked")

    def close(self) -> None:
        """Gives no tips any more."""
        self._given = None
        self.remove_class("-speaking")
        remember_text(self._desk.progress, GUIDE, "done")

    def on_click(self) -> None:
        """A click closes it too."""
        self.close()

    def _found(self) -> list[str] | None:
        text = recalled_text(self._desk.progress, GUIDE)
        if not text:
            return None if self._desk.progress.states() else []
        try:
            note: dict[str, Any] = json.loads(text)
            return list(note["given"]) if note["exercise"] == self._exercise else None
        except (ValueError, KeyError, TypeError):  # 'done', or damaged
            return None

    def _give(self, tip: str) -> None:
        if self._given is None or tip in self._given:
            return
        self._given.append(tip)
        self.update(Content.assemble(named(self, TIPS[tip]), (named(self, f"  {CLOSE}"), "$text-muted")))
        self.add_class("-speaking")
        self.screen.refresh_bindings()
        done = tip == "passed"
        note = "done" if done else json.dumps({"exercise": self._exercise, "given": self._given})
        remember_text(self._desk.progress, GUIDE, note)


TIPS = {
    "lesson": "This is the lesson: what to write, and why. <exercise.code> goes to your code, "
    "<exercise.lesson> comes back here.",
    "code": "Type: your code takes the place of the marked NotImplementedError. <exercise.save> saves, and saving "
    "checks; half an answer is fine.",
    "checked": "Checked. <exercise.checks> shows what must hold, and the smallest case in which it does not yet. "
    "<exercise.hint> gives a hint.",
    "passed": "Passed. <exercise.checks> has what to take away. <exercise.next> goes on when you like; "
    "<exercise.back> leads to the map. <exercise.help> explains any screen.",
}
"""By the moment at which they are given."""
CLOSE = "<exercise.guide>: no more tips"
