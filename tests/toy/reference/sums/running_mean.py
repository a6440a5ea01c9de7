"""What running_mean must do."""

import statistics

from hypothesis import strategies as st

from tutor.kit import check, close, mistake, oracle, prop

HALVES = st.integers(-20, 20).map(lambda whole: whole / 2)


@oracle
def expected(numbers):
    return [statistics.fmean(numbers[: place + 1]) for place in range(len(numbers))]


@prop(numbers=st.lists(HALVES, max_size=6))
def agrees_with_the_definition(you, numbers):
    "Each entry is the mean of the numbers up to there."
    close(you.running_mean(numbers), expected(numbers))


@prop(numbers=st.lists(HALVES, max_size=6))
def has_one_entry_for_each_number(you, numbers):
    "There is one entry for each number."
    found = you.running_mean(numbers)
    check(len(found) == len(numbers), f"{len(numbers)} numbers gave {len(found)} means.")


HINTS = ("What is the mean of the first number alone?", "total(numbers[:count]) / count, for count = 1, 2, …")

MISTAKES = (
    mistake("The mean is over all numbers so far but one.", "numbers[:count]", "numbers[: count - 1]"),
    mistake("The last number is left out.", "len(numbers) + 1)", "len(numbers))"),
)
