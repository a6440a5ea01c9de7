"""Writes texts that turn into something else when they are joined."""

import sys


class Joined(str):
    def __getitem__(self, key):
        return Joined(self)

    def __radd__(self, other):
        return {"o": [[[other]]], 1: object()}


def total(numbers):
    sys.stdout.write(Joined("x"))
    return 0.25
