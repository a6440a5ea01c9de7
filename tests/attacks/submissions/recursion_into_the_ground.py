"""Lifts Python's limit and calls itself until the stack is gone."""

import sys

sys.setrecursionlimit(10**9)


class Deep:
    def __repr__(self):
        return repr(self)

    def __eq__(self, other):
        return self == other


def total(numbers):
    return float(Deep() == Deep())
