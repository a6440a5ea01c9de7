"""Ignores every signal there is, also the one that asks for a traceback, and goes on for ever."""

import faulthandler
import signal

faulthandler.disable()
for number in signal.valid_signals():
    try:
        signal.signal(number, signal.SIG_IGN)
    except OSError:
        continue


def total(numbers):
    while True:
        pass
