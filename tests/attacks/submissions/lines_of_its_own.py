"""Runs code that claims to be this file, from a function named with escapes, on a line far beyond the end."""


def total(numbers):
    code = compile("\n" * 100_000 + "raise ValueError('from nowhere')", "exercises/sums/total.py", "exec")
    exec(code.replace(co_name="\x1b[2J\x1b]0;owned\x07"))
