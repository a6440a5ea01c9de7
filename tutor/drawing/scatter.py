"""Points in the plane, each as its sign; below them, where there are scores, the side on which they are positive."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from tutor.core.picture import Number, Row, Scatter
from tutor.drawing.look import Look
from tutor.drawing.ticks import gutter, row_labels, x_axis

_LEAST_WIDTH = 19


def draw_scatter(scatter: Scatter, look: Look) -> Text:
    """The points with axes; a sentence where there is no room."""
    height = look.height - 3
    if look.width < _LEAST_WIDTH or height < 3:
        return Text("No room for the points: make the window larger.")
    labels = row_labels(scatter.y_limits, height)
    edge = gutter(labels)
    width = look.width - edge - 1
    cells = [[_ground(scatter, x, y, width, height) for x in range(width)] for y in range(height)]
    for point in scatter.points:
        x, y = _at(point.x, scatter.x_limits, width), _at(point.y, scatter.y_limits, height)
        if 0 <= x < width and 0 <= y < height:
            cells[height - 1 - y][x] = (point.sign or "o")[0]
    text = Text(f"{'':{edge}}{scatter.y_name}", no_wrap=True)
    for row, line in enumerate(cells):
        text.append(f"\n{f'{labels.get(row, str())} ':>{edge}}│{''.join(line)}")
    for below in x_axis(scatter.x_limits, scatter.x_name, width):
        text.append(f"\n{'':{edge}}{below}")
    text.highlight_regex(r"(?m)(?<=│)[^│\n]*", "yellow")
    text.highlight_regex(r"[·]+", "blue")
    return text


def score_at(scores: Sequence[Row], across: float, down: float) -> Number:
    """Between the middles of the cells around that place, linear; 0 to 1 from the left and from the top."""
    (top, bottom, y), (left, right, x) = _around(down, len(scores)), _around(across, len(scores[0]))
    corners = scores[top][left], scores[top][right], scores[bottom][left], scores[bottom][right]
    a, b, c, d = corners
    if a is None or b is None or c is None or d is None:
        return scores[round(top + y)][round(left + x)]
    return (1 - y) * ((1 - x) * a + x * b) + y * ((1 - x) * c + x * d)


def _around(share: float, size: int) -> tuple[int, int, float]:
    """The two cells between whose middles it lies, and how far from the first."""
    place = min(max(share * size - 0.5, 0.0), size - 1.0)
    first = min(int(place), max(size - 2, 0))
    return first, min(first + 1, size - 1), place - first


def _ground(scatter: Scatter, x: int, y: int, width: int, height: int) -> str:
    if not scatter.scores:
        return " "
    score = score_at(scatter.scores, (x + 0.5) / width, (y + 0.5) / height)
    return "?" if score is None else ("·" if score > 0 else " ")


def _at(value: float, limits: tuple[float, float], size: int) -> int:
    low, high = limits
    return min(int((value - low) / (high - low) * size), size - 1)
