"""Says itself that it was loaded, with layers that are no list."""

import os

from tutor import wire

FRAME = wire.encode({"v": {"layers": 5}, "o": 5, "w": 5})
for descriptor in range(3, 64):
    try:
        os.write(descriptor, FRAME)
    except OSError:
        continue


def total(numbers):
    return 0.0
