"""Lanes: workers side by side, each with its share of the properties, and scripts sent ahead to each.

While the grader judges what one lane answers, the others go on with what was sent to them. Properties are judged in
their own order whatever the lanes do, so that a report does not depend on which worker is faster.
"""

from __future__ import annotations

import contextlib
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tutor.core.report import Verdict
from tutor.grader.run import Outcome, run_case, run_sent
from tutor.grader.session import Session, Stopped
from tutor.kit.declare import Property
from tutor.kit.draw import Case
from tutor.wire import is_tensor

AHEAD_CASES = 24
AHEAD_BYTES = 1 << 17
"""How far scripts are sent ahead of the answers."""
WATCHED = 1
"""Cases of each property on which the worker looks for forbidden names: it costs as much as the call."""


@dataclass(frozen=True, eq=False)
class Turn:
    """One case to be run in a lane."""

    prop: Property
    case: Case
    watch: bool = False
    """Whether the worker looks for forbidden names meanwhile."""
    again: bool = False
    """Whether it is an early case once more, after all others: it must still pass."""


def turns(prop: Property, cases: Sequence[Case]) -> tuple[Turn, ...]:
    """A property's cases in order, and at the end the largest of the first half again, because it says most."""
    listed = [Turn(prop, case, watch=number < WATCHED) for number, case in enumerate(cases)]
    early = max(cases[: len(cases) // 2], key=lambda case: _elements(case.arguments()), default=None)
    return (*listed, *([Turn(prop, early, again=True)] if early else []))


def _elements(value: Any) -> int:
    """How many numbers a value holds."""
    if is_tensor(value):
        return int(value.numel())
    if isinstance(value, Mapping):
        value = value.values()
    return sum(map(_elements, value)) if isinstance(value, Iterable) and not isinstance(value, str | bytes) else 1


def shares(turns: Mapping[str, Sequence[Turn]], lanes: int) -> list[list[str]]:
    """The names of the properties, dealt to so many lanes: each goes to the one with the fewest cases so far.

    It depends on the exercise alone, never on the clock: what a submission remembers from one call to the next must
    show in the same way every time.
    """
    dealt: list[list[str]] = [[] for _ in range(max(1, min(lanes, len(turns))))]
    load = [0] * len(dealt)
    for name, each in turns.items():
        least = load.index(min(load))
        dealt[least].append(name)
        load[least] += len(each)
    return dealt


class Lane:
    """A session that works through the cases of several properties, one property after the other."""

    def __init__(self, session: Session, turns: Iterable[Turn]) -> None:
        self.session = session
        self.todo = deque(turns)
        self.flight: deque[Turn] = deque()
        """Turns whose scripts were sent and whose answers were not taken."""
        self.strayed: Property | None = None
        """The property on which the submission asked for something else than the script."""

    def outcomes(self, prop: Property) -> Iterator[tuple[Turn, Outcome]]:
        """What becomes of a property's cases, in order. Whoever stops in the middle has to `leave` the property."""
        while (first := self._first()) is not None and first.prop is prop:
            self.fill()
            outcome = self._sent()
            yield (self.flight.popleft(), outcome) if outcome else self._live()

    def fill(self) -> None:
        """Send scripts ahead, as far as there is room."""
        while self.todo and self._room(self.todo[0]):
            turn = self.todo.popleft()
            self.flight.append(turn)
            self.session.begin(turn.case, turn.watch)
            script = turn.case.script or []
            self.session.write(b"".join(script), len(script))

    def leave(self, prop: Property) -> None:
        """Drop what is left of a property; if the worker stops meanwhile, whoever asks next is told why."""
        while self.flight and self.flight[0].prop is prop:
            with contextlib.suppress(Stopped):
                for _ in self.flight.popleft().case.script or ():
                    self.session.answer()
        while self.todo and self.todo[0].prop is prop:
            self.todo.popleft()

    def renew(self, session: Session) -> None:
        """Go on with another session; what was sent to the old one and not answered is sent again."""
        self._recall()
        self.session = session

    def holds(self, prop: Property) -> bool:
        """Whether cases of the property are left in this lane."""
        return any(each.prop is prop for each in (*self.flight, *self.todo))

    def _first(self) -> Turn | None:
        return self.flight[0] if self.flight else self.todo[0] if self.todo else None

    def _room(self, turn: Turn) -> bool:
        """Whether a turn may be sent ahead: it has a script, and not too much is under way."""
        if turn.case.script is None or turn.prop is self.strayed or len(self.flight) >= AHEAD_CASES:
            return False
        return not self.flight or sum(_length(each) for each in (*self.flight, turn)) < AHEAD_BYTES

    def _sent(self) -> Outcome | None:
        """The outcome of the turn that was sent first; None if none was, or if the property asked something else."""
        if not self.flight:
            return None
        outcome = run_sent(self.session, self.flight[0].prop, self.flight[0].case)
        if outcome is None:
            self.strayed = self.flight[0].prop
            self.session.drain()
            self._recall()
        return outcome

    def _live(self) -> tuple[Turn, Outcome]:
        turn = self.todo.popleft()
        return turn, run_case(self.session, turn.prop, turn.case, turn.watch)

    def _recall(self) -> None:
        self.todo.extendleft(reversed(self.flight))
        self.flight.clear()


def _length(turn: Turn) -> int:
    return sum(map(len, turn.case.script or ()))


def ended(outcome: Outcome) -> bool:
    """Whether the worker is no more after it."""
    return outcome.verdict in (Verdict.TIMEOUT, Verdict.CRASHED)
