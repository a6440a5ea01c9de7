"""Prints half a character, which no terminal and no file can take."""


def total(numbers):
    print("half of one: \ud83d")
    return 0.25
