"""The update:data ratios over the steps, a curve for each matrix and the target at -3: lecture 4's fourth picture."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from rich.text import Text
from textual.widgets import Static

from tutor.core.metrics import Record
from tutor.core.updates import TARGET, farthest, histories
from tutor.tui.widgets.plot import GUTTER, Axes, Line, Points, draw, thinned

_COLOURS = ("yellow", "magenta", "red", "blue", "cyan")
_COLUMNS_OF_A_NAME = 26
"""About so many a name takes in the legend."""


class UpdateCurves(Static):
    """All matrices; those farthest from the target carry a number and are named."""

    DEFAULT_CSS = "UpdateCurves { height: 1fr; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__("", id=id)
        self._records: Sequence[Record] = ()

    def show(self, records: Sequence[Record]) -> None:
        """Draws these records at the size that the widget has."""
        self._records = records
        drawn = curves(records, self.size.width, self.size.height, colour=not os.environ.get("NO_COLOR"))
        self.update(drawn, layout=False)

    def on_resize(self) -> None:
        """Draws again at the new size."""
        self.show(self._records)


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
    axes = Axes("step", f"{first:.0f}", f"{last:.0f}", decimals=1)
    return draw(lines, axes, width, height, _legend(latest, named, inner), colour=colour)


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
    lines = [items[0]]
    for item in items[1:]:
        if len(lines[-1]) + len(item) + 3 <= width:
            lines[-1] += f"   {item}"
        else:
            lines.append(item)
    return lines
