"""The update:data ratios over the steps, a curve for each matrix and the target at -3: lecture 4's fourth picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.text import Text

from tutor.core.metrics import Record
from tutor.core.updates import TARGET, farthest, histories
from tutor.tui.widgets.plot import GUTTER, Line, Points, draw, joined, thinned
from tutor.tui.widgets.record_curves import RecordCurves

_COLOURS = ("yellow", "magenta", "red", "blue", "cyan")
_COLUMNS_OF_A_NAME = 26
"""About so many a name takes in the legend."""


class UpdateCurves(RecordCurves):
    """All matrices; those farthest from the target carry a number and are named."""

    def picture(self, records: Sequence[Record], width: int, height: int, *, colour: bool) -> Text:
        """As `curves` draws them."""
        return curves(records, width, height, colour=colour)


def curves(records: Sequence[Record], width: int, height: int, *, colour: bool = True) -> Text:
    """The picture in that many columns and lines; a sentence where there is too little to draw or no room."""
    by_name = histories(records)
    if not by_name or len(next(iter(by_name.values()))) < 2:
        return Text("The curves begin when updates have been measured twice, every twenty steps or so.")
    latest = {name: points[-1][1] for name, points in by_name.items()}
    named = farthest(latest, min(9, 2 * max(1, width // _COLUMNS_OF_A_NAME)) if height > 12 else 2)
    others: list[Points] = [points for name, points in by_name.items() if name not in named]
    if len(others) > height // 4:  # so many curves in so few lines would be a stain
        others = _edges(others)
    inner = width - GUTTER - 1
    lines = [Line(thinned(points, inner), "white") for points in others]
    lines += [
        Line(thinned(by_name[name], inner), _COLOURS[place % len(_COLOURS)], sign=str(place + 1))
        for place, name in enumerate(named)
    ]
    first, last = (place[0] for place in (by_name[named[0]][0], by_name[named[0]][-1]))
    lines.append(_target(first, last, inner))
    return draw(lines, width, height, _legend(latest, named, inner), colour=colour)


def _edges(curves: Sequence[Points]) -> list[Points]:
    """The highest and the lowest value at each step: all have the same steps."""
    rows = list(zip(*curves, strict=True))
    return [[(row[0][0], edge(value for _, value in row)) for row in rows] for edge in (max, min)]


def _target(first: float, last: float, width: int) -> Line:
    """Signs and no dots, so that it is seen behind many curves and without colour."""
    count = max(2, width // 3)
    points = [(first + (last - first) * place / (count - 1), TARGET) for place in range(count)]
    return Line(points, "green", marker="-")


def _legend(latest: Mapping[str, float], named: Sequence[str], width: int) -> list[str]:
    others = [value for name, value in latest.items() if name not in named]
    items = ["log10 of update:data", "- - healthy: -3"]
    items += [f"{place} {name} {latest[name]:.1f}" for place, name in enumerate(named, 1)]
    if others:
        items.append(f"── the other {len(others)}: {min(others):.1f} to {max(others):.1f}")
    return joined(items, width)
