"""Returns a whole number of a million digits, which takes minutes to write down."""


def total(numbers):
    return 1 << 3_300_000
