"""Aborts, as C code does when it has lost its mind."""

import os


def total(numbers):
    os.abort()
