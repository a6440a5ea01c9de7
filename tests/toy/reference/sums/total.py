"""What total must do."""

import math

from hypothesis import strategies as st

from tutor.kit import close, mistake, oracle, prop

HALVES = st.integers(-20, 20).map(lambda whole: whole / 2)


@oracle
def expected(numbers):
    return math.fsum(numbers)


@prop(numbers=st.lists(HALVES, max_size=6))
def agrees_with_fsum(you, numbers):
    "It is the sum of the numbers."
    close(you.total(numbers), expected(numbers))


@prop()
def of_nothing_is_zero(you):
    "The total of no numbers is 0.0."
    close(you.total([]), 0.0)


HINTS = ("What is the total before the first number?", "Start at 0.0 and add each number in a loop.")

MISTAKES = (
    mistake("The count starts at 1 instead of 0.", "result = 0.0", "result = 1.0"),
    mistake("Only the last number is kept: add with += and not =.", "result += number", "result = number"),
    mistake("Negative numbers are added as positive ones.", "+= number", "+= abs(number)"),
)
