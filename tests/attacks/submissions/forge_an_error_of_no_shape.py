"""Reports an exception whose parts are numbers where lists are expected."""

import os

from tutor import wire

FRAME = wire.encode({"e": {"type": 5, "bases": 5, "message": {1: 2}, "frames": 7, "unusable": 1, "line": "x"}, "o": 5})


def total(numbers):
    for descriptor in range(3, 64):
        try:
            os.write(descriptor, FRAME)
        except OSError:
            continue
    return 0.0
