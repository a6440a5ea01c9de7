"""Starts threads with small stacks as fast as it can."""

import threading
import time

threading.stack_size(32768)


def total(numbers):
    while True:
        threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()
