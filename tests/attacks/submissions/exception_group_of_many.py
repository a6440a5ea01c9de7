"""Raises a group of groups of exceptions, a thousand deep, each the cause of the next."""


def total(numbers):
    error = ValueError("the innermost")
    for depth in range(1000):
        outer = ExceptionGroup("x" * 1000, [error, ValueError(depth)])
        outer.__cause__ = outer.__context__ = error
        error = outer
    raise error
