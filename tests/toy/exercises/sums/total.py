"""A total

Watch: toy lecture 2, 0:00:30
Time: 3 minutes

Add them one by one: the total of 1.5, 2 and -1 is **2.5**.
"""


def total(numbers: list[float]) -> float:
    """The sum of `numbers`; 0.0 if there are none."""
    raise NotImplementedError
