"""Lines over a common axis, drawn in the terminal: braille dots by plotille, told apart by pattern and sign."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from plotille import Figure
from rich.text import Text

from tutor.drawing.ticks import row_labels, ticks, time_ticks, x_axis

Points = Sequence[tuple[float, float]]

GUTTER = 8
"""Columns of the labels on the left."""
PATTERNS = ((1, 0), (3, 2), (1, 2), (6, 2))
"""Dots drawn and dots left out in turn: solid, dashed, dotted, long dashes."""
NAMES = ("───", "╌╌╌", "...", "━ ━")
"""The same in a legend."""
_SIGNS_ON_A_LINE = 5


@dataclass(frozen=True)
class Line:
    """One line, or the marks along one."""

    points: Points
    """In the order of x."""
    colour: str
    """One of plotille's; never the only difference between two lines."""
    pattern: tuple[int, int] = PATTERNS[0]
    sign: str = ""
    """Drawn on the line now and then."""
    marker: str = ""
    """Drawn at each point, without a line."""


def draw(
    lines: Sequence[Line],
    width: int,
    height: int,
    legend: Sequence[str],
    *,
    x_name: str = "step",
    by_time: bool = False,
    colour: bool,
) -> Text:
    """The picture in that many columns and lines; a sentence where there is no room."""
    inner, rows = width - GUTTER - 1, height - 2 - len(legend)
    if inner < 10 or rows < 3:
        return Text("No room for the curve: make the window larger.")
    figure = _figure(lines, inner, rows, colour)
    drawn = figure.show().replace("\u2800", " ").split("\n")  # the empty sign is a box where a font lacks braille
    labels = row_labels(figure.y_limits(), rows)
    text = Text.from_ansi("\n".join(f"{f'{labels.get(n, str())} ':>{GUTTER}}│{row}" for n, row in enumerate(drawn)))
    for line in x_axis(figure.x_limits(), x_name, inner, time_ticks if by_time else ticks):
        text.append(f"\n{'':{GUTTER}}{line}")
    for line in legend:
        text.append("\n" + (" " * GUTTER + " " + line)[:width])
    text.no_wrap = True
    return text


def thinned(points: Points, width: int) -> list[tuple[float, float]]:
    """At most two points a column: the means of neighbours, so that a noisy line stays readable."""
    size = max(1, -(-len(points) // (2 * max(1, width))))
    groups = [points[start : start + size] for start in range(0, len(points), size)]
    return [(sum(x for x, _ in each) / len(each), sum(y for _, y in each) / len(each)) for each in groups]


def _figure(lines: Sequence[Line], width: int, height: int, colour: bool) -> Figure:
    figure = Figure()
    figure.width, figure.height = width, height
    figure.with_colors = colour
    figure.color_mode = "names"
    figure.with_x_axis = figure.with_y_axis = figure.origin = False
    xs = [x for line in lines for x, _ in line.points]
    ys = [y for line in lines for _, y in line.points]
    across, up = max(max(xs) - min(xs), 1e-9), max(max(ys) - min(ys), 1e-9 + abs(max(ys)) * 1e-3)
    figure.set_x_limits(min(xs), max(xs) + 0.01 * across)  # else the last point is cut off
    figure.set_y_limits(min(ys) - 0.03 * up, max(ys) + 0.03 * up)
    for line in lines:
        if line.marker:
            figure.scatter(*zip(*line.points, strict=True), lc=line.colour, marker=line.marker)
        else:
            for piece in _dashes(line, min(xs), across / (2 * width)):
                figure.plot(*zip(*piece, strict=True), lc=line.colour)
    for place, line in enumerate(lines):
        if line.sign:
            figure.scatter(*zip(*_signs(line, place, len(lines)), strict=True), lc=line.colour, marker=line.sign)
    return figure


def _dashes(line: Line, start: float, dot: float) -> list[list[tuple[float, float]]]:
    """The line cut into its pattern: pieces as long as so many dots, with gaps between."""
    drawn, left_out = line.pattern
    if not left_out or len(line.points) < 2:
        return [list(line.points)]
    pieces: list[list[tuple[float, float]]] = [[]]
    x, last = line.points[0][0], line.points[-1][0]
    place = 0
    while x <= last:
        if int((x - start) / dot + 0.5) % (drawn + left_out) < drawn:
            while place < len(line.points) - 2 and line.points[place + 1][0] < x:
                place += 1
            pieces[-1].append((x, _between(line.points[place], line.points[place + 1], x)))
        elif pieces[-1]:
            pieces.append([])
        x += dot
    return [each for each in pieces if each]


def _between(left: tuple[float, float], right: tuple[float, float], x: float) -> float:
    share = (x - left[0]) / (right[0] - left[0]) if right[0] > left[0] else 0.0
    return left[1] + (right[1] - left[1]) * share


def _signs(line: Line, place: int, of: int) -> Points:
    """Each line has its signs at other places, so that they do not cover each other; one stands at the end."""
    count = min(_SIGNS_ON_A_LINE, len(line.points))
    shift = (place + 0.5) / of
    found = [line.points[min(int((n + shift) * len(line.points) / count), len(line.points) - 1)] for n in range(count)]
    return [*found, line.points[-1]]


def joined(items: Sequence[str], width: int) -> list[str]:
    """The items of a legend, as many on a line as fit."""
    lines = [items[0]]
    for item in items[1:]:
        if len(lines[-1]) + len(item) + 3 <= width:
            lines[-1] += f"   {item}"
        else:
            lines.append(item)
    return lines
