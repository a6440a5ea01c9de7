"""Sends frames of the right length whose headers are deeply nested, or no JSON, or not even text."""

import os
import struct


def framed(header):
    return struct.pack("!II", len(header), 0) + header


GARBAGE = [
    b"[" * 60_000,
    b'{"v":{"t":["float64",[0,999999999999999999999]]},"o":""}',
    b'{"v":' + b"9" * 5000 + b"}",
    b"\xff\xfe\x00",
    b"",
]


def total(numbers):
    for descriptor in range(3, 64):
        try:
            os.write(descriptor, framed(GARBAGE[len(numbers) % len(GARBAGE)]))
        except OSError:
            continue
    return 0.0
