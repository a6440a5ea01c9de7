"""Raises an exception whose text holds half a character, which no terminal and no file can take."""


def total(numbers):
    raise ValueError("half of one: \ud83d, and the other half: \udc00")
