"""Doubles a list until no memory is left, and catches the error to go on with the next list."""


def total(numbers):
    held = []
    while True:
        try:
            held.append([0] * (1 << 20) * 64)
        except MemoryError:
            held.append([0])
