"""Curves in a terminal: braille dots by plotille; each curve carries its sign, so that no colour is needed."""

from __future__ import annotations

from collections.abc import Iterator

from plotille import Figure
from rich.text import Text

from tutor.core.picture import Lines, Series
from tutor.drawing.look import COLOURS, Look
from tutor.drawing.ticks import gutter, row_labels, x_axis

SIGNS = "123456789abcdefghijklmnopqrstuvwxyz"
_SIGNS_ON_A_CURVE = 5
_LEAST_WIDTH, _INDENT = 21, 3
"""Columns of all of it, and before the legend."""


def draw_lines(lines: Lines, look: Look) -> Text:
    """The curves with axes and a legend; a sentence where there is nothing to draw or no room."""
    height = look.height - 3 - len(_legend(lines, look.width))
    if look.width < _LEAST_WIDTH or height < 3:
        return Text("No room for the curves: make the window larger.")
    points = [point for each in lines.series for piece in pieces(each) for point in piece]
    if len(points) < 2:
        return Text("There is nothing to draw: no value is finite.")
    figure = _figure(lines, points, look)
    labels = row_labels(figure.y_limits(), height)
    edge = gutter(labels)
    figure.width, figure.height = look.width - edge - 1, height
    rows = figure.show().replace("\u2800", " ").split("\n")  # the empty sign is a box where a font lacks braille
    body = "\n".join(f"{f'{labels.get(n, str())} ':>{edge}}│{row}" for n, row in enumerate(rows))
    text = Text.from_ansi(f"{'':{edge}}{lines.y_name}\n{body}")
    for line in x_axis(figure.x_limits(), lines.x_name, figure.width):
        text.append(f"\n{'':{edge}}{line}")
    for names in _legend(lines, look.width):
        text.append("\n").append(names)
    text.no_wrap = True
    return text


def _figure(lines: Lines, points: list[tuple[float, float]], look: Look) -> Figure:
    figure = Figure()
    figure.with_colors = look.colour
    figure.color_mode = "names"
    figure.with_x_axis = figure.with_y_axis = figure.origin = False
    xs, ys = [x for x, _ in points], [y for _, y in points]
    across, up = (max(xs) - min(xs)) or 1.0, (max(ys) - min(ys)) or 1.0
    figure.set_x_limits(min(xs), max(xs) + 0.01 * across)  # else the last point is cut off
    figure.set_y_limits(min(ys) - 0.03 * up, max(ys) + 0.03 * up)
    for place, each in enumerate(lines.series):
        for piece in pieces(each):
            figure.plot(*zip(*piece, strict=True), lc=_colour(place))
    for place, each in enumerate(lines.series if len(lines.series) > 1 else ()):
        marks = _marks(each, place, len(lines.series))
        if marks:
            figure.scatter(*zip(*marks, strict=True), lc=_colour(place), marker=_sign(place))
    return figure


def pieces(series: Series) -> Iterator[list[tuple[float, float]]]:
    """The curve between its gaps."""
    piece: list[tuple[float, float]] = []
    for x, y in zip(series.xs, series.ys, strict=True):
        if y is not None:
            piece.append((x, y))
        elif piece:
            yield piece
            piece = []
    if piece:
        yield piece


def _marks(series: Series, place: int, of: int) -> list[tuple[float, float]]:
    """Where the curve's sign stands: each curve at other places, so that signs do not cover each other."""
    points = [point for piece in pieces(series) for point in piece]
    count = min(_SIGNS_ON_A_CURVE, len(points))
    shift = (place + 0.5) / of
    return [points[min(int((n + shift) * len(points) / count), len(points) - 1)] for n in range(count)]


def _colour(place: int) -> str:
    return COLOURS[place % len(COLOURS)]


def _sign(place: int) -> str:
    return SIGNS[place % len(SIGNS)]


def _legend(lines: Lines, width: int) -> list[Text]:
    """Signs and names, as many on a line as fit."""
    if len(lines.series) < 2:
        return []
    found = [Text(" " * _INDENT)]
    for place, each in enumerate(lines.series):
        item = Text(f"{_sign(place)} {each.name}", _colour(place))
        if len(found[-1]) + len(item) + 3 > width and len(found[-1]) > _INDENT:
            found.append(Text(" " * _INDENT))
        found[-1].append_text(item).append("   ")
    return found
