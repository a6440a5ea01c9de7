"""Spends its time inside one regular expression, where no Python line is reached."""

import re


def total(numbers):
    re.match(r"(a+)+$", "a" * 60 + "b")
    return float(sum(numbers))
