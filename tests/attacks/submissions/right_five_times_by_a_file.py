"""Counts its calls in a file, and is wrong from the sixth on."""

from pathlib import Path


def total(numbers):
    with Path("calls").open("a") as file:
        file.write(".")
    return float(sum(numbers)) if Path("calls").stat().st_size <= 5 else 0.25
