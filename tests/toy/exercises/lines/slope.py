"""The slope between two points

Watch: toy lecture 1, 0:01:00
Time: 5 minutes

How much `y` rises for each step of `x`: from (1, 2) to (3, 8) it rises 6 in 2 steps, so the slope is **3**.
"""


def slope(x0: float, y0: float, x1: float, y1: float) -> float:
    """The rise over the run; x0 and x1 differ."""
    raise NotImplementedError
