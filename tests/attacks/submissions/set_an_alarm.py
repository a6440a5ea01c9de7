"""Has the clock end the process: no signal is sent, none is refused."""

import signal
import time


def total(numbers):
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, 0.01)
    time.sleep(0.3)
    return float(sum(numbers))
