"""Prints a gigabyte, through Python and past it."""

import os
import sys


def total(numbers):
    for _ in range(100):
        sys.stdout.write("x" * 10_000_000)
        sys.__stdout__.write("y" * 1000)
        os.write(1, b"z" * 10_000_000)
    return 0.25
