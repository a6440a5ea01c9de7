"""Returns the right number as another type: one that compares equal to a float in every way."""

from fractions import Fraction


def total(numbers):
    return sum(map(Fraction, numbers), Fraction(0))
