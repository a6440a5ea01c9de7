"""Says itself that it was loaded, and under which layers: some are of the wrong shape."""

import os

from tutor import wire

FRAME = wire.encode({"v": {"layers": [["seccomp", True], 7, None, ["a", "b", "c", "d"]]}, "o": ""})
for descriptor in range(3, 64):
    try:
        os.write(descriptor, FRAME)
    except OSError:
        continue


def total(numbers):
    return 0.0
