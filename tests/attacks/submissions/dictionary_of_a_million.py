"""Returns a dictionary with a million keys, some of them no text."""


def running_mean(numbers):
    return {key if key % 2 else (key,): [] for key in range(1_000_000)}
