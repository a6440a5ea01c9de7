"""A tensor of a counterexample laid out for reading: axes named, indices along the edges, a star at what differs.

Piece    a bit of a line, and whether it is an entry that differs
kind     'float64 (T=2, D=3)'
lines    the whole value as lines of pieces
plain    the same as text
number   one number, short
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod

from tutor.core.report import Shown

MARK = "*"
"""Behind each entry that differs."""
DIGITS = 4
"""Significant digits, unless more are needed to tell two numbers apart."""
IN_A_ROW = 8
"""Entries of a tensor with one axis that share a line."""


@dataclass(frozen=True)
class Piece:
    """A bit of a line."""

    text: str
    marked: bool = False
    """It is an entry that differs."""


Pieces = list[Piece]


def kind(value: Shown) -> str:
    """'float64 (T=2, D=3)' of a tensor, with the letters of its axes where they are known; else the type's name."""
    if value.kind != "tensor":
        return value.kind
    if len(value.axes) != len(value.shape) or not value.axes:
        return f"{value.dtype} {value.shape}"
    sizes = [str(size) if name == str(size) else f"{name}={size}" for name, size in _axes(value)]
    return f"{value.dtype} ({', '.join(sizes)}{',' if len(sizes) == 1 else ''})"


def _axes(value: Shown) -> Iterator[tuple[str, int]]:
    return zip(value.axes, value.shape, strict=True)


def number(value: float | int | bool | str, digits: int = DIGITS) -> str:
    """A number in few characters: '0.3333', '-12', '1e+04'."""
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() and abs(value) < 1e5 else f"{value:.{digits}g}"
    return str(value)


def digits_for(pairs: Sequence[tuple[object, object]]) -> int:
    """How many significant digits tell the two numbers of each pair apart."""
    pairs = [(a, b) for a, b in pairs if isinstance(a, float) and isinstance(b, float) and a != b]
    for digits in range(DIGITS, 17):
        if all(number(a, digits) != number(b, digits) for a, b in pairs):  # type: ignore[arg-type]
            return digits
    return 17


def plain(value: Shown) -> str:
    """The value as text."""
    return "\n".join("".join(piece.text for piece in line).rstrip() for line in lines(value))


def lines(value: Shown) -> list[Pieces]:
    """The value as lines; what is no tensor, or came without its entries, by its own text."""
    ranges = value.window or tuple((0, size) for size in value.shape)
    if value.kind != "tensor" or len(value.values) != prod(end - start for start, end in ranges):
        return [[Piece(line)] for line in value.text.split("\n")]
    cells = _cells(value)
    if 0 in value.shape:
        return [[Piece("(no entries)")]]
    if len(cells) == 1 and len(ranges) > 1 and not value.window:
        return [[Piece("[" * len(ranges)), *cells, Piece("]" * len(ranges))]]
    found = _laid_out(cells, ranges, _names(value))
    if value.window:
        found.append([Piece(f"({len(value.values)} of {prod(value.shape)} entries)")])
    return found


def _cells(value: Shown) -> Pieces:
    """The entries, all of one width."""
    marks = set(value.marks)
    blank = " " if marks else ""  # keeps the digits of unmarked entries in line with those of marked ones
    texts = [
        number(each, value.digits) + (MARK if place in marks else blank) for place, each in enumerate(value.values)
    ]
    width = max(map(len, texts), default=0)
    return [Piece(text.rjust(width), place in marks) for place, text in enumerate(texts)]


def _names(value: Shown) -> list[str]:
    """What each axis is called at the edge of its grid."""
    names = value.axes if len(value.axes) == len(value.shape) else tuple(map(str, value.shape))
    return [str(place) if name.isdigit() else name for place, name in enumerate(names)]


def _laid_out(cells: Pieces, ranges: Sequence[tuple[int, int]], names: list[str]) -> list[Pieces]:
    if not ranges:
        return [cells]
    if len(ranges) == 1:
        return _row(cells, ranges[0])
    *outer, rows, columns = ranges
    size = (rows[1] - rows[0]) * (columns[1] - columns[0])
    found: list[Pieces] = []
    for place, index in enumerate(product(*(range(*each) for each in outer))):
        if any(span != (0, 1) for span in outer):  # else there is only this one
            found.append([Piece(str(list(index)))])
        found += _table(cells[place * size : (place + 1) * size], rows, columns, names[-2:])
    return found


def _row(cells: Pieces, span: tuple[int, int]) -> list[Pieces]:
    """A tensor with one axis: a short one on one line, else lines that begin with the index of their first entry."""
    if len(cells) <= IN_A_ROW and span[0] == 0:
        return [_listed(cells)]
    starts = range(0, len(cells), IN_A_ROW)
    width = len(str(span[0] + starts[-1])) + 2
    return [
        [Piece(f"[{span[0] + start}]".rjust(width) + "  "), *_spaced(cells[start : start + IN_A_ROW])]
        for start in starts
    ]


def _listed(cells: Pieces) -> Pieces:
    inside = [piece for cell in cells for piece in (Piece(", "), cell)][1:]
    return [Piece("["), *inside, Piece("]")]


def _spaced(cells: Pieces) -> Pieces:
    return [piece for cell in cells for piece in (Piece("  "), cell)][1:]


def _table(cells: Pieces, rows: tuple[int, int], columns: tuple[int, int], names: list[str]) -> list[Pieces]:
    """One grid: the index of each column above it, that of each row before it, the axes' names in the corner."""
    corner = f"{'dim ' if any(map(str.isdigit, names)) else ''}{names[0]} \\ {names[1]}"
    width = max(len(cells[0].text), len(str(columns[1] - 1)) + 2)
    edge = max(len(corner), len(str(rows[1] - 1)) + 2)
    padding = " " * (width - len(cells[0].text))
    head = [Piece(corner.rjust(edge))] + [Piece("  " + _index(each, width)) for each in range(*columns)]
    found, across = [head], columns[1] - columns[0]
    for place, row in enumerate(range(*rows)):
        own = cells[place * across : (place + 1) * across]
        found.append([Piece(f"[{row}]".rjust(edge)), *(p for cell in own for p in (Piece("  " + padding), cell))])
    return found


def _index(number: int, width: int) -> str:
    return f"[{number}]".rjust(width)
