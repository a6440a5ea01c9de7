"""The update:data ratios (makemore's part 3, the last picture of lecture 4): over the steps, and where each stands.

For each matrix, log10 of how much one update changes it: std of the change over std of the weights. About -3 is
healthy. Far above, the learning rate is too high; far below, that layer hardly learns.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from tutor.core.metrics import Record
from tutor.core.render import one_line

TARGET = -3.0
"""A thousandth in one update."""
LOW, HIGH = -5.0, -1.0
"""The ends of the scale."""
_NARROWEST = 14
"""Columns of the names at least, so that the heading fits."""
_MOST_POINTS = 300
"""Of one matrix, so that drawing a long run costs no more than drawing a short one."""


def histories(records: Sequence[Record]) -> dict[str, list[tuple[float, float]]]:
    """By matrix, in the order of the model: step and log10 of the ratio, at most some hundred points of each."""
    known = [(float(each.step), each.ratios) for each in _thinned(records) if each.ratios]
    names = list(known[-1][1]) if known else []
    return {short(name): [(step, _log(ratios.get(name, 0.0))) for step, ratios in known] for name in names}


def farthest(latest: Mapping[str, float], count: int) -> list[str]:
    """Names of so many values of log10 that are farthest from the target, the farthest first."""
    return sorted(latest, key=lambda name: -abs(latest[name] - TARGET))[:count]


def update_lines(records: Sequence[Record], width: int, height: int, *, now: str = "o", was: str = "-") -> list[str]:
    """A heading and one line for each matrix: `o` where its ratio is now, `-` where it has been, `|` the target.

    Where there are more matrices than lines, those farthest from the target are shown and the rest are counted.
    """
    known = [each.ratios for each in _thinned(records) if each.ratios]
    if not known:
        return ["Updates are measured every twenty steps or so; there are none yet."]
    names = list(known[-1])
    label = max(_NARROWEST, min(max(len(short(each)) for each in names), width // 3))
    room = width - label - 7
    if room < 12 or height < 2:
        return ["No room for the updates: make the window larger."]
    shown = _chosen(names, known[-1], height - 1)
    lines = [_heading(label, room)]
    lines += [
        _line(short(each), label, [_log(ratios.get(each, 0.0)) for ratios in known], room, now, was) for each in shown
    ]
    if len(shown) < len(names):
        lines[-1] = f"and {len(names) - len(shown) + 1} more, nearer to the target"
    return lines


def _thinned(records: Sequence[Record]) -> list[Record]:
    """Those with ratios, evenly and the last one included: a long run has more points than a screen has columns."""
    known = [each for each in records if each.ratios]
    return known[::-1][:: -(-len(known) // _MOST_POINTS) or 1][::-1]


def _chosen(names: Sequence[str], latest: dict[str, float], count: int) -> list[str]:
    """In the order of the model; where not all fit, the farthest from the target."""
    if len(names) <= count:
        return list(names)
    far = farthest({name: _log(latest[name]) for name in names}, count)
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


def short(name: str) -> str:
    """'h.0.attn.c_attn' of 'transformer.h.0.attn.c_attn.weight'."""
    return one_line(name).removeprefix("transformer.").removesuffix(".weight")
