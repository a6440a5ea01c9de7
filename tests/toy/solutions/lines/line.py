"""Start at a point that is known and walk along the slope."""

from exercises.lines.slope import slope


def line(x0: float, y0: float, x1: float, y1: float, x: float) -> float:
    """The height at `x` of the line through both points; x0 and x1 differ."""
    return y0 + slope(x0, y0, x1, y1) * (x - x0)
