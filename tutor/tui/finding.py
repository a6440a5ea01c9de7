"""Where a text stands in lines: small letters match both kinds, a capital only itself."""

from __future__ import annotations

from collections.abc import Sequence


def places(lines: Sequence[str], text: str) -> list[tuple[int, int]]:
    """Row and column of each place that has the text, in order; none for an empty text."""
    if not text:
        return []
    exact = text != text.lower()
    found = []
    for row, line in enumerate(lines):
        where = line if exact else line.lower()
        column = where.find(text)
        while column >= 0:
            found.append((row, column))
            column = where.find(text, column + len(text))
    return found
