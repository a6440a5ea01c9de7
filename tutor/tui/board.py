"""What is known about the checks of one exercise: a value that each of the grader's events turns into the next.

Row      one property, with its verdict if there is one
Board    all rows, the phase, and what else there is to say

No widget, no thread: `board.after(event)` is the whole of it, so that a story can be told in a test.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from tutor.core.events import Broken, Cancelled, Checking, Event, Finished, Judged, Opened, Ready, Recognised
from tutor.core.report import PropertyResult, Report, Verdict


class Phase(StrEnum):
    """Where a check stands."""

    WARMING = "warming"
    """The grader is not up yet."""
    IDLE = "idle"
    """Nothing was checked yet."""
    CHECKING = "checking"
    DONE = "done"
    REFUSED = "refused"
    """The file cannot be checked at all."""
    BROKEN = "broken"
    """The grader failed: our fault."""


@dataclass(frozen=True)
class Row:
    """One property of the exercise."""

    name: str
    sentence: str
    result: PropertyResult | None = None
    stale: bool = False
    """True while the result is that of an older text."""

    @property
    def verdict(self) -> Verdict | None:
        """The verdict that stands, None while there is none."""
        return self.result.verdict if self.result and not self.stale else None

    @property
    def wrong(self) -> bool:
        """Whether its result is something to look into."""
        return self.result is not None and self.result.verdict not in _NOTHING_TO_SHOW


_NOTHING_TO_SHOW = (Verdict.PASSED, Verdict.SKIPPED, Verdict.UNWRITTEN)


@dataclass(frozen=True)
class Board:
    """The checks of one exercise."""

    exercise: str
    phase: Phase = Phase.WARMING
    rows: tuple[Row, ...] = ()
    opening: int = 0
    """Ticket of the request that opened the exercise."""
    ticket: int = 0
    """Ticket of the check that counts; events of older ones are dropped."""
    report: Report | None = None
    """Of the last check that ended."""
    mistake: str = ""
    """The recognised mistake's sentence."""
    notice: str = ""
    """Why nothing was checked, in a sentence."""

    def asked(self, ticket: int) -> Board:
        """A check was asked for: the older results stay in view until new ones take their place."""
        rows = tuple(replace(row, stale=True) for row in self.rows)
        return replace(self, phase=Phase.CHECKING, ticket=ticket, rows=rows, notice="")

    def refused(self, sentence: str) -> Board:
        """The file could not even be read; a check that still runs no longer counts."""
        rows = tuple(replace(row, result=None, stale=False) for row in self.rows)
        return Board(self.exercise, Phase.REFUSED, rows, self.opening, notice=sentence)

    def after(self, event: Event) -> Board:
        """The board after one of the grader's events; events of other exercises or older checks change nothing."""
        match event:
            case Ready() if self.phase is Phase.WARMING:
                return replace(self, phase=Phase.IDLE)
            case Opened(exercise=self.exercise):
                return self._opened(event)
            case Checking(ticket=self.ticket):
                return replace(self, phase=Phase.CHECKING)
            case Judged(ticket=self.ticket, result=result):
                return replace(self, rows=_with(self.rows, result))
            case Recognised(ticket=self.ticket, sentence=sentence):
                return replace(self, mistake=sentence)
            case Finished(ticket=self.ticket, report=report):
                return self._finished(report)
            case Cancelled(ticket=self.ticket):
                return replace(self, phase=Phase.IDLE)
            case Broken(ticket=ticket, message=message) if ticket in (self.ticket, self.opening):
                return replace(self, phase=Phase.BROKEN, notice=message)
        return self

    def _opened(self, event: Opened) -> Board:
        known = {row.name: row for row in self.rows}
        rows = tuple(known.get(each.name) or Row(each.name, each.sentence) for each in event.properties)
        return replace(self, rows=rows, phase=Phase.IDLE if self.phase is Phase.WARMING else self.phase)

    def _finished(self, report: Report) -> Board:
        judged = tuple(Row(each.name, each.sentence, each) for each in report.properties)
        rows = judged or tuple(replace(row, result=None, stale=False) for row in self.rows)
        phase = Phase.BROKEN if report.verdict is Verdict.ERROR else Phase.DONE
        notice = report.message if phase is Phase.BROKEN else ""
        return replace(self, phase=phase, rows=rows, report=report, mistake=report.mistake, notice=notice)

    @property
    def held(self) -> int:
        """How many properties hold."""
        return sum(row.verdict is Verdict.PASSED for row in self.rows)

    @property
    def passed(self) -> bool:
        """Whether the last check ended with everything right."""
        return self.phase is Phase.DONE and self.report is not None and self.report.passed

    @property
    def first_wrong(self) -> Row | None:
        """The row to show in full unless the learner chooses another."""
        wrong = [row for row in self.rows if row.wrong]
        theirs = (row for row in wrong if row.result and row.result.verdict is not Verdict.ERROR)
        return next(theirs, None) or next(iter(wrong), None)

    @property
    def borrowed(self) -> tuple[str, ...]:
        """Ids of the exercises whose solutions stood in for the learner's own."""
        return tuple(need.exercise for need in self.report.needs if need.borrowed) if self.report else ()


def _with(rows: tuple[Row, ...], result: PropertyResult) -> tuple[Row, ...]:
    """The rows with one more result; a property that nobody announced gets a row of its own."""
    new = Row(result.name, result.sentence, result)
    if all(row.name != result.name for row in rows):
        return (*rows, new)
    return tuple(new if row.name == result.name else row for row in rows)
