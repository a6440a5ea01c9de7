"""Raises an exception with a text of ten megabytes."""


def total(numbers):
    raise ValueError("too long \x1b[31m" * 700_000)
