"""Points in the plane, each as its sign; below them, where there are scores, the side on which they are positive."""

from __future__ import annotations

from rich.text import Text

from tutor.core.picture import Number, Scatter
from tutor.drawing.look import Look

_GUTTER = 8


def draw_scatter(scatter: Scatter, look: Look) -> Text:
    """The points with axes; a sentence where there is no room."""
    width, height = look.width - _GUTTER - 1, look.height - 3
    if width < 10 or height < 3:
        return Text("No room for the points: make the window larger.")
    cells = [[_ground(scatter, x, y, width, height) for x in range(width)] for y in range(height)]
    for point in scatter.points:
        x, y = _at(point.x, scatter.x_limits, width), _at(point.y, scatter.y_limits, height)
        if 0 <= x < width and 0 <= y < height:
            cells[height - 1 - y][x] = (point.sign or "o")[0]
    low, high = scatter.y_limits
    text = Text(f"{'':{_GUTTER}}{scatter.y_name}\n", no_wrap=True)
    for row, line in enumerate(cells):
        label = f"{high - (row + 0.5) * (high - low) / height:.3g}" if row % 4 == 0 else ""
        text.append(f"{label:>{_GUTTER - 1}} │{''.join(line)}\n")
    left, right = (f"{each:.3g}" for each in scatter.x_limits)
    text.append(" " * _GUTTER + "└" + "─" * width + "\n")
    middle = max(len(scatter.x_name) + 2, width - len(left) - len(right))
    text.append((" " * (_GUTTER + 1) + f"{left}{scatter.x_name:^{middle}}{right}")[: look.width])
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
