"""A running mean

Watch: toy lecture 2, 0:05:00
Time: 10 minutes

After each number, the mean of all that came so far: of 2, 4, 9 it is 2, 3, 5.
"""

from exercises.sums.total import total


def running_mean(numbers: list[float]) -> list[float]:
    """For each number, the mean of it and all before it."""
    raise NotImplementedError
