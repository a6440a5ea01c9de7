"""Starting from 0.0 gives the float that the contract asks for, for an empty list too."""


def total(numbers: list[float]) -> float:
    """The sum of `numbers`; 0.0 if there are none."""
    result = 0.0
    for number in numbers:
        result += number
    return result
