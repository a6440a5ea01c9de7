"""The picture of a training: loss over steps, drawn in the terminal."""

from __future__ import annotations

import os
from collections.abc import Sequence

from plotille import Figure
from rich.text import Text
from textual.widgets import Static

from tutor.core.metrics import Record

_GUTTER = 6
"""Columns of the labels on the left."""

_Points = list[tuple[float, float]]


class LossCurve(Static):
    """Training loss as a line, validation loss as `o`; each record is one point."""

    DEFAULT_CSS = "LossCurve { height: 1fr; min-height: 6; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__("", id=id)
        self._records: tuple[Record, ...] = ()

    def show(self, records: Sequence[Record]) -> None:
        """Draws these records at the size that the widget has."""
        self._records = tuple(records)
        self.update(curve(records, self.size.width, self.size.height, colour=not os.environ.get("NO_COLOR")))

    def on_resize(self) -> None:
        """Draws again at the new size."""
        self.show(self._records)


def curve(records: Sequence[Record], width: int, height: int, *, colour: bool = True) -> Text:
    """The picture in that many columns and lines; a sentence where there is too little to draw or no room."""
    width, height = width - _GUTTER - 1, height - 3
    train = _thinned([(each.step, each.loss) for each in records if each.loss is not None], width)
    val = [(float(each.step), each.val) for each in records if each.val is not None]
    if width < 10 or height < 3:
        return Text("No room for the curve: make the window larger.")
    if len(train) < 2:
        return Text("The curve begins after the first steps.")
    figure = _figure(train, val, width, height, colour)
    rows = figure.show().split("\n")
    low, high = figure.y_limits()
    labels = [_loss_label(row, height, low, high) for row in range(height)]
    picture = Text.from_ansi("\n".join(f"{label}│{row}" for label, row in zip(labels, rows, strict=True)))
    picture.append("\n" + " " * _GUTTER + "└" + "─" * width)
    first, _ = figure.x_limits()
    picture.append("\n" + " " * _GUTTER + _step_labels(first, max(each.step for each in records), width))
    picture.append("\n" + " " * _GUTTER + _legend(val))
    return picture


def _figure(train: _Points, val: _Points, width: int, height: int, colour: bool) -> Figure:
    figure = Figure()
    figure.width, figure.height = width, height
    figure.with_colors = colour
    figure.color_mode = "names"
    figure.with_x_axis = figure.with_y_axis = figure.origin = False
    losses = [loss for _, loss in train + val]
    span = max(max(losses) - min(losses), 1e-3)
    steps = [step for step, _ in train + val]
    figure.set_x_limits(min(steps), max(steps) + 0.01 * (max(steps) - min(steps)))  # else the last point is cut off
    figure.set_y_limits(min(losses) - 0.03 * span, max(losses) + 0.03 * span)
    figure.plot(*zip(*train, strict=True), lc="cyan")
    if val:
        figure.scatter(*zip(*val, strict=True), lc="yellow", marker="o")
    return figure


def _thinned(points: Sequence[tuple[int, float]], width: int) -> _Points:
    """At most two points a column: the means of neighbours, so that a noisy line stays readable."""
    size = max(1, -(-len(points) // (2 * max(1, width))))
    groups = [points[start : start + size] for start in range(0, len(points), size)]
    return [(sum(step for step, _ in each) / len(each), sum(loss for _, loss in each) / len(each)) for each in groups]


def _loss_label(row: int, height: int, low: float, high: float) -> str:
    """Every third row has one."""
    if row % 3 and row != height - 1 or (row == height - 2 and row % 3 == 0):
        return " " * _GUTTER
    return f"{high - (row + 0.5) * (high - low) / height:{_GUTTER - 1}.2f} "


def _step_labels(first: float, last: float, width: int) -> str:
    left, right = f"{first:.0f}", f"{last:.0f}"
    return f" {left}{'step':^{max(6, width - len(left) - len(right))}}{right}"[: width + 1]


def _legend(val: _Points) -> str:
    return " ── training loss" + (f"   o validation loss, now {val[-1][1]:.4f}" if val else "")
