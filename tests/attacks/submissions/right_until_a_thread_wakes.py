"""Is right until a thread, started when the file was imported, changes its mind."""

import threading
import time

right = True


def change():
    global right
    time.sleep(0.003)
    right = False


threading.Thread(target=change, daemon=True).start()


def total(numbers):
    time.sleep(0.001)
    return float(sum(numbers)) if right else 0.25
