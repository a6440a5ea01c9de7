"""Raises a syntax error that claims to be in this file, on a line with more digits than can be written."""


def total(numbers):
    error = SyntaxError("claimed")
    error.filename, error.lineno = "exercises/sums/total.py", 10**5000
    raise error
