"""Reports an exception whose traceback names files by lists, and lines beyond any file."""

import os

from tutor import wire

FRAMES = [[[], 1, "x"], ["exercises/sums/total.py", 1 << 60, "f"], [{"a": 1}, 2, []], ["exercises/sums/total.py", 1, 2]]
FRAME = wire.encode({"e": {"type": "E", "bases": [[], {}], "message": "m", "frames": FRAMES, "unusable": 0}, "o": []})


def total(numbers):
    for descriptor in range(3, 64):
        try:
            os.write(descriptor, FRAME)
        except OSError:
            continue
    return 0.0
