"""Prints what clears the screen, answers for the keyboard, rings, hides and writes backwards."""

import sys


def total(numbers):
    print("\x1b[2J\x1b[6n\x1b]52;c;cm0gLXJm\x07\x07\r\x08\x1b[8m\u202e\u2067[link=file:///etc/passwd]\x1b[?1049h")
    print("\x9d0;x\x9c", "\x00" * 5, file=sys.stderr)
    return 0.25
