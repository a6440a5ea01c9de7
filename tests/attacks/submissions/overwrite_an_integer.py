"""Writes into Python's own number 1, so that every one is a two."""

import ctypes


def total(numbers):
    ctypes.memset(id(1) + 24, 2, 1)
    return float(sum(numbers))
