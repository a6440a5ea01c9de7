"""Reads a device that never ends."""


def total(numbers):
    return float(len(open("/dev/zero", "rb").read()))
