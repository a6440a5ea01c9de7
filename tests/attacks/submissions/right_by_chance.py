"""Is right once in four times, by the randomness of the machine, which no seed reaches."""

import os


def total(numbers):
    return float(sum(numbers)) if os.urandom(1)[0] > 191 else 0.25
