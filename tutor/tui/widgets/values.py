"""Values of a counterexample as text for a pane: entries that differ carry a star, so that no colour is needed.

grid         a value as tutor.core.grid lays it out
shown_lines  a value under its name, with type and shape
arguments    the drawn values of a case, side by side where they fit
pair         expected and actual, in the same way
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rich.cells import cell_len
from textual.content import Content

from tutor.core.grid import kind, lines
from tutor.core.report import Shown
from tutor.tui.glyphs import clean

_PLAIN = ("int", "float", "bool", "str", "NoneType")
_MARKED = "bold $text-error"
_NAME = "bold $text-accent"
_KIND = "$text-muted"
_BETWEEN = "   "


def grid(value: Shown) -> Content:
    """The value laid out, the entries that differ in another colour too."""
    rows = (
        Content.assemble(*((clean(piece.text), _MARKED if piece.marked else "") for piece in row))
        for row in lines(value)
    )
    return Content("\n").join(rows)


def shown_lines(name: str, value: Shown) -> Content:
    """The name and kind, then the value: on one line if it has one line only."""
    head = Content.assemble((clean(name), _NAME), " ", (clean(kind(value)), _KIND))
    body = grid(value)
    between = "\n" if "\n" in body.plain else "  "
    return Content.assemble(head, between, body)


def arguments(values: Mapping[str, Shown], width: int) -> list[Content]:
    """The drawn values: plain numbers on one line, each tensor or list under its name, beside others if that fits."""
    plain = {name: value for name, value in values.items() if value.kind in _PLAIN and len(value.text) <= 20}
    short = [Content.assemble((clean(name), _NAME), f" = {clean(value.text)}") for name, value in plain.items()]
    long = [list(shown_lines(name, value).split()) for name, value in values.items() if name not in plain]
    return [*([Content("   ").join(short)] if short else []), *_side_by_side(long, width)]


def pair(expected: Shown, actual: Shown, width: int) -> Content:
    """Both values under headings, side by side if `width` cells are enough for it."""
    return Content("\n").join(_side_by_side([_column("expected", expected), _column("yours", actual)], width))


def _side_by_side(blocks: Sequence[list[Content]], width: int) -> list[Content]:
    """The blocks in rows of as many as fit, as lines."""
    lines: list[Content] = []
    row: list[list[Content]] = []
    for block in blocks:
        if row and sum(map(_wide, [*row, block])) + len(_BETWEEN) * len(row) > width:
            lines += _joined(row)
            row = []
        row.append(block)
    return [*lines, *_joined(row)]


def _joined(row: Sequence[list[Content]]) -> Iterator[Content]:
    """Blocks beside each other."""
    widths = [_wide(block) for block in row[:-1]]
    for number in range(max(map(len, row), default=0)):
        cells = [block[number] if number < len(block) else Content() for block in row]
        padded = [cell.pad_right(wide - cell_len(cell.plain)) for cell, wide in zip(cells, widths, strict=False)]
        yield Content(_BETWEEN).join([*padded, cells[-1]])


def _wide(block: list[Content]) -> int:
    return max(cell_len(line.plain) for line in block)


def _column(name: str, value: Shown) -> list[Content]:
    return [Content.assemble((name, _NAME), " ", (clean(kind(value)), _KIND)), *grid(value).split()]
