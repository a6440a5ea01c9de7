"""Curves, shades, points and tables as SVG: each panel becomes elements with a width and a height in pixels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from tutor.core.picture import Grid, Lines, Row, Scatter, Table
from tutor.drawing.grid import colour_of, limits_text, share_of
from tutor.drawing.lines import SIGNS, pieces
from tutor.drawing.scatter import score_at
from tutor.drawing.ticks import ticks

LINE, CHARACTER = 17, 7.4
"""Pixels of a line of text and of a character of it."""
_WIDE, _HIGH, _LEFT = 620, 320, 70
"""Of the room inside the axes, and of the numbers on their left."""
_BAND = 4
"""Pixels by which the boundary of a side is exact."""
_TICKS_ACROSS, _TICKS_UP = 9, 7
"""Labels along the axes, at most."""
_INKS = ("#00707a", "#8a5200", "#803096", "#2b6e1e", "#b3203f", "#1f5fbf", "#565c6b")


@dataclass(frozen=True)
class Drawn:
    """Elements of an SVG, from (0, 0) on."""

    parts: list[str]
    width: float
    height: float


def text_at(x: float, y: float, text: str, more: str = "") -> str:
    """A text whose base line begins there."""
    return f'<text x="{x:.1f}" y="{y:.1f}"{more}>{escape(text)}</text>'


def lines_parts(lines: Lines) -> Drawn:
    """The curves, each with its sign and name in the legend."""
    points = [point for each in lines.series for piece in pieces(each) for point in piece]
    if not points:
        return Drawn([text_at(0, LINE, "There is nothing to draw: no value is finite.")], 400, 2 * LINE)
    xs, ys = [x for x, _ in points], [y for _, y in points]
    x_limits, y_limits = _limits(min(xs), max(xs), 0.0), _limits(min(ys), max(ys), 0.03)
    parts = _axes(x_limits, y_limits, lines.x_name, lines.y_name)
    x_at, y_at = _scales(x_limits, y_limits)
    below = _HIGH + 4 * LINE
    for place, series in enumerate(lines.series):
        colour = _INKS[place % len(_INKS)]
        ink = f'style="stroke: {colour}"'
        for piece in pieces(series):
            path = " ".join(f"{x_at(x):.1f},{y_at(y):.1f}" for x, y in piece)
            parts.append(f'<polyline points="{path}" class="curve" {ink}/>')
        if len(lines.series) > 1:
            parts += _named(SIGNS[place % len(SIGNS)], series.name, ink, below + place * LINE)
            parts += [
                text_at(x_at(x), y_at(y) + 4, SIGNS[place % len(SIGNS)], f' class="sign" style="fill: {colour}"')
                for piece in list(pieces(series))[:1]
                for x, y in piece[(place * len(piece)) // (2 * len(lines.series)) :: max(1, len(piece) // 3)][:3]
            ]
    legend = len(lines.series) * LINE if len(lines.series) > 1 else 0
    return Drawn(parts, _LEFT + _WIDE + 20, below + legend)


def grid_parts(grid: Grid) -> Drawn:
    """A square for each entry, its value as a tooltip; names along the edges."""
    side, left = (18, 40) if len(grid.columns) < 40 else (11, 40)
    parts = [
        text_at(left + side * (n + 0.5), LINE - 4, name, ' text-anchor="middle"') for n, name in enumerate(grid.columns)
    ]
    for row, values in enumerate(grid.values):
        y = LINE + row * side
        parts.append(text_at(left - 6, y + side - 4, grid.rows[row], ' text-anchor="end"'))
        for column, value in enumerate(values):
            share = share_of(grid, value)
            fill = "#ffffff" if share is None else colour_of(share)
            said = "nan" if value is None else f"{value:.4f}"
            parts.append(
                f'<rect x="{left + column * side}" y="{y}" width="{side}" height="{side}" fill="{fill}">'
                f"<title>{escape(f'{grid.rows[row]} {grid.columns[column]}: {said}')}</title></rect>"
            )
    bottom = LINE + side * len(grid.rows)
    low, high = limits_text(grid)
    words = f"dark {low}, light {high}"
    if grid.row_name:
        words = f"{grid.row_name}: rows; {grid.column_name}: columns; {words}"
    parts.append(text_at(left, bottom + LINE, words))
    return Drawn(parts, left + max(side * len(grid.columns), len(words) * CHARACTER), bottom + 2 * LINE)


def scatter_parts(scatter: Scatter) -> Drawn:
    """The points as their signs; the side with positive scores is shaded."""
    parts = _side(scatter.scores) if scatter.scores else []
    parts += _axes(scatter.x_limits, scatter.y_limits, scatter.x_name, scatter.y_name)
    x_at, y_at = _scales(scatter.x_limits, scatter.y_limits)
    for point in scatter.points:
        parts.append(text_at(x_at(point.x), y_at(point.y) + 4, point.sign, ' text-anchor="middle" class="point"'))
    return Drawn(parts, _LEFT + _WIDE + 20, _HIGH + 4 * LINE)


def _side(scores: Sequence[Row]) -> list[str]:
    """Where the scores are positive: bands of a few pixels."""
    parts, across = [], round(_WIDE / _BAND)
    for row in range(round(_HIGH / _BAND)):
        begun: int | None = None
        for column in range(across + 1):
            score = score_at(scores, (column + 0.5) / across, (row + 0.5) * _BAND / _HIGH) if column < across else None
            if score is not None and score > 0:
                begun = column if begun is None else begun
            elif begun is not None:
                x, y, width = _LEFT + begun * _BAND, LINE + row * _BAND, (column - begun) * _BAND
                parts.append(f'<rect x="{x}" y="{y}" width="{width}" height="{_BAND + 0.5}" class="side"/>')
                begun = None
    return parts


def table_parts(table: Table) -> Drawn:
    """Columns of text, set to the right."""
    rows = [table.columns, *table.rows]
    widths = [max(len(row[column]) for row in rows) for column in range(len(table.columns))]
    parts = []
    for line, row in enumerate(rows):
        right = 0.0
        for word, width in zip(row, widths, strict=True):
            right += (width + 2) * CHARACTER
            parts.append(text_at(right, (line + 1) * LINE, word, ' text-anchor="end"'))
    return Drawn(parts, sum(widths) * CHARACTER + 60, (len(rows) + 1) * LINE)


def _named(sign: str, name: str, ink: str, y: float) -> list[str]:
    line = f'<line x1="{_LEFT}" y1="{y - 4}" x2="{_LEFT + 24}" y2="{y - 4}" class="curve" {ink}/>'
    return [line, text_at(_LEFT + 32, y, f"{sign} {name}")]


def _axes(x_limits: tuple[float, float], y_limits: tuple[float, float], x_name: str, y_name: str) -> list[str]:
    bottom = LINE + _HIGH
    parts = [
        f'<rect x="{_LEFT}" y="{LINE}" width="{_WIDE}" height="{_HIGH}" class="frame"/>',
        text_at(_LEFT, LINE - 5, y_name),
        text_at(_LEFT + _WIDE / 2, bottom + 2 * LINE, x_name, ' text-anchor="middle"'),
    ]
    x_at, y_at = _scales(x_limits, y_limits)
    for tick in ticks(*x_limits, _TICKS_ACROSS):
        x = x_at(tick.value)
        parts.append(f'<line x1="{x:.1f}" y1="{LINE}" x2="{x:.1f}" y2="{bottom}" class="tick"/>')
        parts.append(text_at(x, bottom + LINE, tick.label, ' text-anchor="middle"'))
    for tick in ticks(*y_limits, _TICKS_UP):
        y = y_at(tick.value)
        parts.append(f'<line x1="{_LEFT}" y1="{y:.1f}" x2="{_LEFT + _WIDE}" y2="{y:.1f}" class="tick"/>')
        parts.append(text_at(_LEFT - 6, y + 4, tick.label, ' text-anchor="end"'))
    return parts


def _limits(low: float, high: float, margin: float) -> tuple[float, float]:
    span = (high - low) or 1.0
    return low - margin * span, high + margin * span if high > low else high + span


def _scales(
    x_limits: tuple[float, float], y_limits: tuple[float, float]
) -> tuple[Callable[[float], float], Callable[[float], float]]:
    (left, right), (low, high) = x_limits, y_limits

    def x_at(x: float) -> float:
        return _LEFT + _WIDE * (x - left) / (right - left)

    def y_at(y: float) -> float:
        return LINE + _HIGH * (high - y) / (high - low)

    return x_at, y_at
