"""Raises an exit that carries the answer."""


def total(numbers):
    raise SystemExit(float(sum(numbers)))
