"""Round numbers along an axis, and the two axes of a terminal's drawing with them.

1.0 ┤           every label stands beside the row, or below the column, that its value falls into
0.5 ┤
    └┬──── step ────┬
     0             500
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

Limits = tuple[float, float]
"""The least and the largest value of an axis."""
_LINES_A_LABEL, _COLUMNS_A_LABEL, _GAP = 3, 12, 3
"""So much room a label has, about; columns between two labels, at least."""
_TRIES = 8
_STEPS = (1.0, 2.0, 5.0, 10.0)
_SECONDS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400)


@dataclass(frozen=True)
class Tick:
    """A value of an axis that is written there."""

    value: float
    label: str


def ticks(low: float, high: float, most: int) -> list[Tick]:
    """Multiples of 1, 2 or 5 times a power of ten from low to high: at most so many, or two."""
    return _fewest(low, high, most, _step, partial(written, peak=max(abs(low), abs(high))))


def time_ticks(low: float, high: float, most: int) -> list[Tick]:
    """The same for seconds: multiples of whole seconds, minutes or hours."""
    return _fewest(low, high, most, _time_step, _clock)


def written(value: float, step: float, peak: float) -> str:
    """The value as exactly as the step is: 0.05, 1500; on an axis of very small or large values 2e-4, 1.5e6."""
    if abs(value) < step * 1e-6:
        return "0"
    if 1e-2 <= peak < 1e6:
        return f"{value:.{max(0, -_power(step))}f}"
    mantissa, _, exponent = f"{value:.{max(0, _power(abs(value)) - _power(step))}e}".partition("e")
    return f"{float(mantissa):g}e{int(exponent)}"


Ticks = Callable[[float, float, int], Sequence[Tick]]
"""`ticks` or `time_ticks`."""


def row_labels(limits: Limits, height: int) -> dict[int, str]:
    """Labels by line, 0 at the top, of an axis that is so many lines high."""
    low, high = limits
    found = ticks(low, high, height // _LINES_A_LABEL + 2)
    return {min(int((high - each.value) / (high - low) * height), height - 1): each.label for each in found}


def gutter(labels: dict[int, str]) -> int:
    """Columns that the labels take on the left, with a gap."""
    return max((len(each) for each in labels.values()), default=0) + 1


def x_axis(limits: Limits, name: str, width: int, of: Ticks = ticks) -> tuple[str, str]:
    """The axis with its name, and the labels below it; both begin below the corner, which is column 0."""
    rule, labels = ["─"] * (width + 1), [" "] * (width + 1)
    rule[0] = "└"
    for column, start, label in _placed(limits, width, of):
        rule[column] = "┬"
        labels[start : start + len(label)] = label
    said = f" {name} "
    middle = 1 + (width - len(said)) // 2
    free_of_marks = (n for n in range(1, width - len(said) + 2) if "┬" not in rule[n : n + len(said)])
    start = min(free_of_marks, key=lambda n: abs(n - middle), default=middle)
    if name and len(said) < width:
        rule[start : start + len(said)] = said
    return "".join(rule), "".join(labels).rstrip()


def _placed(limits: Limits, width: int, of: Ticks) -> list[tuple[int, int, str]]:
    """Column of the mark, first column of the label and the label: as many as stand apart."""
    low, high = limits
    found: list[tuple[int, int, str]] = []
    for most in range(width // _COLUMNS_A_LABEL + 2, 1, -1):
        found = []
        for tick in of(low, high, most):
            column = 1 + min(int((tick.value - low) / (high - low) * width), width - 1)
            start = max(0, min(column - len(tick.label) // 2, width + 1 - len(tick.label)))
            found.append((column, start, tick.label))
        ends = [-_GAP, *(start + len(label) for _, start, label in found)]
        if all(start - end >= _GAP for end, (_, start, _) in zip(ends, found, strict=False)) and ends[-1] <= width + 1:
            return found
    return found[:1] if found and len(found[0][2]) <= width + 1 else []


def _fewest(
    low: float, high: float, most: int, step_of: Callable[[float], float], write: Callable[[float, float], str]
) -> list[Tick]:
    """The widest steps of which `most` cover the axis; finer ones where they would leave a single value."""
    least = (high - low) / max(most - 1, 1)
    found: list[Tick] = []
    for _ in range(_TRIES):
        step = step_of(least)
        found = [Tick(value, write(value, step)) for value in _multiples(low, high, step)]
        if len(found) > 1:
            break
        least = step / 2.6  # the next finer one: 10, 5, 2, 1
    return found


def _power(value: float) -> int:
    """Of ten, that is no larger."""
    return math.floor(math.log10(value) + 1e-9)


def _step(least: float) -> float:
    power = 10.0 ** _power(least)
    return next(each for each in _STEPS if each * power >= least * (1 - 1e-9)) * power


def _time_step(least: float) -> float:
    return float(next((each for each in _SECONDS if each >= least), 0)) or 86400 * _step(least / 86400)


def _multiples(low: float, high: float, step: float) -> list[float]:
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [count * step for count in range(first, last + 1)]


def _clock(value: float, step: float) -> str:
    whole = round(value)
    if not whole:
        return "0"
    if step >= 3600 or whole >= 3600:
        return f"{whole // 3600}:{whole % 3600 // 60:02} h"
    return f"{whole // 60}:{whole % 60:02} min" if step >= 60 or whole >= 60 else f"{whole} s"
