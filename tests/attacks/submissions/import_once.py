"""Can be imported for less than a second, ends its process then, and cannot be imported again."""

import os
import time

END = float("@NOW@") + 0.6
if time.time() > END:
    raise ImportError("too late")


def total(numbers):
    while time.time() < END:
        time.sleep(0.01)
    os._exit(0)
