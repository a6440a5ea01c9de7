"""Raises an exception whose text clears the screen, renames the window, writes right to left, and links away."""


def total(numbers):
    raise ValueError("\x1b[2J\x1b]0;title\x07\x1b]8;;http://a\x1b\\\r\x08\x7f\x9b2J\u202egnp\u2066[red]\x00\x1bP+q")
