"""The line through two points

Watch: toy lecture 1, 0:04:00
Time: 5 minutes

With the slope `m` at hand, every other point of the line is `y0 + m * (x - x0)`.
"""

from exercises.lines.slope import slope


def line(x0: float, y0: float, x1: float, y1: float, x: float) -> float:
    """The height at `x` of the line through both points; x0 and x1 differ."""
    raise NotImplementedError
