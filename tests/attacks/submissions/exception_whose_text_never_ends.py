"""Raises an exception that computes for ever when it is asked for its text."""


class Endless(Exception):
    def __str__(self):
        while True:
            pass


def total(numbers):
    raise Endless
