"""The picture of a training: losses over steps or over time, one run or several in one plot."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rich.text import Text
from textual.widgets import Static

from tutor.core.metrics import Record
from tutor.core.presets import Band
from tutor.tui.widgets.plot import GUTTER, NAMES, PATTERNS, Line, draw, joined, thinned

_COLOURS = ("cyan", "yellow", "magenta", "green")
SIGNS = "ABCDEFGH"
"""Of the runs in one plot; so many fit."""


@dataclass(frozen=True)
class Shown:
    """What is drawn, and how."""

    records: Sequence[Record] = ()
    """Of the chosen run."""
    band: Band | None = None
    """Where the validation loss must end."""
    others: Mapping[str, Sequence[Record]] = field(default_factory=dict)
    """Runs to compare with by name, the chosen one among them; empty where it is alone."""
    by_time: bool = False
    """Whether the axis is the time trained, not the steps."""


class LossCurve(Static):
    """Training loss as a line, validation loss as `o`; of several runs the validation losses, each with its sign."""

    DEFAULT_CSS = "LossCurve { height: 1fr; min-height: 6; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__("", id=id)
        self._shown = Shown()

    def show(self, shown: Shown) -> None:
        """Draws this at the size that the widget has."""
        self._shown = shown
        drawn = picture(shown, self.size.width, self.size.height, colour=not os.environ.get("NO_COLOR"))
        self.update(drawn, layout=False)  # it has the size that it was given, so nothing else moves

    def on_resize(self) -> None:
        """Draws again at the new size."""
        self.show(self._shown)


def picture(shown: Shown, width: int, height: int, *, colour: bool = True) -> Text:
    """The curve of one run, or the overlay of several."""
    if shown.others:
        return overlay(shown.others, width, height, by_time=shown.by_time, colour=colour)
    return curve(shown.records, width, height, band=shown.band, by_time=shown.by_time, colour=colour)


def curve(
    records: Sequence[Record],
    width: int,
    height: int,
    *,
    band: Band | None = None,
    by_time: bool = False,
    colour: bool = True,
) -> Text:
    """The picture in that many columns and lines; a sentence where there is too little to draw or no room."""
    train = [(_x(each, by_time), each.loss) for each in records if each.loss is not None]
    val = [(_x(each, by_time), each.val) for each in records if each.val is not None]
    if len(train) < 2:
        return Text("The curve begins after the first steps.")
    lines = [Line(thinned(train, width - GUTTER - 1), "cyan")]
    if band is not None:
        ends = (min(train + val)[0], max(train + val)[0])
        lines += [Line([(each, loss) for each in ends], "green", (1, 3)) for loss in (band.low, band.high)]
    if val:
        lines.append(Line(val, "yellow", marker="o"))
    legend = ["── training loss"]
    legend += [f"o validation loss, now {val[-1][1]:.4f}"] if val else []
    legend += [f".. must end between {band.low:.2f} and {band.high:.2f}"] if band else []
    return _drawn(lines, width, height, legend, by_time, colour)


def overlay(
    runs: Mapping[str, Sequence[Record]], width: int, height: int, *, by_time: bool = False, colour: bool = True
) -> Text:
    """The validation losses of several runs: each has its pattern of dashes, its sign and its name."""
    lines, legend = [], []
    for place, (name, records) in enumerate(list(runs.items())[: len(SIGNS)]):
        points = [(_x(each, by_time), each.val) for each in records if each.val is not None]
        look = place % len(PATTERNS)
        now = f"{points[-1][1]:.4f}" if points else "nothing yet"
        legend.append(f"{SIGNS[place]}{NAMES[look]} {name} {now}")
        if points:
            lines.append(Line(points, _COLOURS[place % len(_COLOURS)], PATTERNS[look], SIGNS[place]))
    if sum(len(each.points) for each in lines) < 2:
        return Text("The curves begin after the first estimates of the loss.")
    return _drawn(lines, width, height, legend, by_time, colour)


def _drawn(lines: Sequence[Line], width: int, height: int, legend: Sequence[str], by_time: bool, colour: bool) -> Text:
    said = joined(legend, width - GUTTER - 1)
    name = "time" if by_time else "step"
    return draw(lines, width, height, said, x_name=name, by_time=by_time, colour=colour)


def _x(record: Record, by_time: bool) -> float:
    return record.seconds if by_time else float(record.step)
