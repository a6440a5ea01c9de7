"""Points in the plane, each as its sign; below them, where there are scores, the side on which they are positive."""

from __future__ import annotations

from rich.text import Text

from tutor.core.picture import Number, Scatter
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


def _ground(scatter: Scatter, x: int, y: int, width: int, height: int) -> str:
    if not scatter.scores:
        return " "
    row = scatter.scores[y * len(scatter.scores) // height]
    score: Number = row[x * len(row) // width]
    return "?" if score is None else ("·" if score > 0 else " ")


def _at(value: float, limits: tuple[float, float], size: int) -> int:
    low, high = limits
    return min(int((value - low) / (high - low) * size), size - 1)
