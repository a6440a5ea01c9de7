"""How the panes of the exercise screen stand: a value that each move of a line turns into the next.

two columns    lesson │            three columns    lesson │ code │ checks
               ───────┤ code                              first  second
               checks │
                     side          (the line between lesson and checks is `level`)
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

Line = Literal["side", "level", "first", "second"]
STEP = 0.05
"""What one key press moves a line, as a part of the whole."""
_LEAST = 0.12
"""No pane gets less of the whole."""


@dataclass(frozen=True)
class Arrangement:
    """The lines between the panes, as parts of the whole from the left or the top, and whether one pane has it all."""

    side: float = 0.5
    level: float = 0.4
    first: float = 0.27
    second: float = 0.67
    zoomed: bool = False

    def moved(self, line: Line, to: float) -> Arrangement:
        """With one line elsewhere, as far as the panes beside it leave room."""
        low = self.first + _LEAST if line == "second" else _LEAST
        high = self.second - _LEAST if line == "first" else 1 - _LEAST
        moved: dict[str, Any] = {line: max(low, min(to, high))}
        return replace(self, **moved)

    def grown(self, pane: str, steps: int, *, columns: int, across: bool) -> Arrangement:
        """With a pane made wider (`across`) or taller by some steps; the same where it has no line that could move."""
        found = _LINES.get((pane, columns, across))
        if found is None:
            return self
        line, sign = found
        return self.moved(line, getattr(self, line) + sign * steps * STEP)

    @property
    def sane(self) -> bool:
        """Whether all lines lie where panes can be seen; what was remembered may be anything."""
        inside = all(_LEAST <= each <= 1 - _LEAST for each in (self.side, self.level, self.first, self.second))
        return inside and self.second - self.first >= _LEAST - 1e-9


_LINES: dict[tuple[str, int, bool], tuple[Line, int]] = {
    ("lesson", 2, True): ("side", 1),
    ("checks", 2, True): ("side", 1),
    ("code", 2, True): ("side", -1),
    ("lesson", 2, False): ("level", 1),
    ("checks", 2, False): ("level", -1),
    ("lesson", 3, True): ("first", 1),
    ("code", 3, True): ("second", 1),
    ("checks", 3, True): ("second", -1),
}
"""Pane, columns, across → the line that makes it larger, and in which direction."""
