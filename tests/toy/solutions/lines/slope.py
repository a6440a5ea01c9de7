"""Differences first: the order of the points then does not matter, as both signs turn."""


def slope(x0: float, y0: float, x1: float, y1: float) -> float:
    """The rise over the run; x0 and x1 differ."""
    return (y1 - y0) / (x1 - x0)
