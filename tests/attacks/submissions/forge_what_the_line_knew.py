"""Reports an exception with what its line knew of the tensors there: names, sizes and types that cannot be."""

import os

from tutor import wire

HUGE = (1 << 64) - 1
NAMES = [
    ["x", "tensor", [HUGE] * 20, "\x1b[2J"], ["\x1b[2J", "None"], [[], {}], 5, None, ["n", "number", HUGE],
    ["n", "number", float("nan")], ["x", "tensor", "sizes", 5], ["x", "list", -HUGE], {"x": []},
]  # fmt: skip
ERROR = {"type": "E", "bases": [], "message": "m", "frames": [["exercises/sums/total.py", 1, "f"]], "names": NAMES}
FRAMES = [wire.encode({"e": {**ERROR, "names": each}, "o": ""}) for each in (NAMES, 5, "x", {"a": 1})]


def total(numbers):
    for descriptor in range(3, 64):
        try:
            os.write(descriptor, b"".join(FRAMES))
        except OSError:
            continue
    return 0.25
