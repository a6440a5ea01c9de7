"""The update:data ratios as a picture of lines (makemore's part 3, the last picture of lecture 4).

For each matrix, log10 of how much one update changes it: std of the change over std of the weights. About -3 is
healthy. Far above, the learning rate is too high; far below, that layer hardly learns.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from tutor.core.metrics import Record

TARGET = -3.0
"""A thousandth in one update."""
LOW, HIGH = -5.0, -1.0
"""The ends of the scale."""
_NARROWEST = 14
"""Columns of the names at least, so that the heading fits."""


def update_lines(records: Sequence[Record], width: int, height: int, *, now: str = "o", was: str = "-") -> list[str]:
    """A heading and one line for each matrix: `o` where its ratio is now, `-` where it has been, `|` the target.

    Where there are more matrices than lines, those farthest from the target are shown and the rest are counted.
    """
    known = [each.ratios for each in records if each.ratios]
    if not known:
        return ["Updates are measured every hundred steps or so; there are none yet."]
    names = list(known[-1])
    label = max(_NARROWEST, min(max(len(_short(each)) for each in names), width // 3))
    room = width - label - 7
    if room < 12 or height < 2:
        return ["No room for the updates: make the window larger."]
    shown = _chosen(names, known[-1], height - 1)
    lines = [_heading(label, room)]
    lines += [
        _line(_short(each), label, [_log(ratios.get(each, 0.0)) for ratios in known], room, now, was) for each in shown
    ]
    if len(shown) < len(names):
        lines[-1] = f"and {len(names) - len(shown) + 1} more, nearer to the target"
    return lines


def _chosen(names: Sequence[str], latest: dict[str, float], count: int) -> list[str]:
    """In the order of the model; where not all fit, the farthest from the target."""
    if len(names) <= count:
        return list(names)
    far = sorted(names, key=lambda name: -abs(_log(latest[name]) - TARGET))[:count]
    last = far[-1]  # its line will say how many are left out
    return [*(name for name in names if name in far and name != last), last]


def _line(name: str, label: int, values: Sequence[float], room: int, now: str, was: str) -> str:
    places = [_place(each, room) for each in values]
    cells = [" "] * room
    for place in range(min(places), max(places) + 1):
        cells[place] = was
    cells[_place(TARGET, room)] = "|"
    cells[places[-1]] = now
    return f"{name[-label:]:{label}} {values[-1]:5.1f} {''.join(cells)}"


def _heading(label: int, room: int) -> str:
    cells = [" "] * (room + 2)
    for value in (LOW, -4, TARGET, -2, HIGH):
        text, place = f"{value:.0f}", _place(value, room)
        place = max(0, min(place - 1, room - len(text)))
        cells[place : place + len(text)] = text
    return f"{'log10 of update:data'[: label + 6]:{label + 6}} {''.join(cells).rstrip()}"


def _place(value: float, room: int) -> int:
    share = (min(max(value, LOW), HIGH) - LOW) / (HIGH - LOW)
    return round(share * (room - 1))


def _log(ratio: float) -> float:
    return math.log10(ratio) if ratio > 0 and math.isfinite(ratio) else LOW


def _short(name: str) -> str:
    """'h.0.attn.c_attn' of 'transformer.h.0.attn.c_attn.weight'."""
    return name.removeprefix("transformer.").removesuffix(".weight")
