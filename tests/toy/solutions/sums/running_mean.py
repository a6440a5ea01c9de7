"""The definition in one line; keeping a sum instead makes it linear and is as right."""

from exercises.sums.total import total


def running_mean(numbers: list[float]) -> list[float]:
    """For each number, the mean of it and all before it."""
    return [total(numbers[:count]) / count for count in range(1, len(numbers) + 1)]
