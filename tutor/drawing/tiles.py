"""Several panels in one room: under each other or side by side, as many columns as it takes for all to fit.

Grids, tables and graphs have the size that they have. Curves and points take what is left, if it is enough to read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich.text import Text

from tutor.core.picture import Lines, Panel, Scatter

LEAST_WIDTH, LEAST_HEIGHT = 44, 13
"""Of curves with their title and axes."""
BETWEEN = 3
"""Columns between neighbours."""
Draw = Callable[[Panel, int, int], Text]
"""Draws a panel, its title included, into so many columns and lines."""


@dataclass(frozen=True)
class _Tile:
    """A panel with the room that it needs."""

    panel: Panel
    width: int
    height: int
    drawn: Text | None
    """None for what fills any room."""


def tiled(panels: Sequence[Panel], width: int, height: int, draw: Draw) -> Text | None:
    """All the panels in so many columns and lines, in their order; None where there is too little room."""
    tiles = [_tile(each, width, height, draw) for each in panels]
    for columns in range(1, len(tiles) + 1):
        rows = [tiles[start : start + columns] for start in range(0, len(tiles), columns)]
        spare = height - sum(_height(row) for row in rows) - (len(rows) - 1)
        if spare >= 0 and all(_width(row) <= width for row in rows):
            return _laid_out(rows, width, spare, draw)
    return None


def beside(left: Text, right: Text) -> Text:
    """Two blocks side by side."""
    wide = block_width(left) + BETWEEN
    a, b = list(left.split("\n")), list(right.split("\n"))
    height = max(len(a), len(b))
    a += [Text("")] * (height - len(a))
    b += [Text("")] * (height - len(b))
    rows = [Text.assemble(one, " " * (wide - one.cell_len), two) for one, two in zip(a, b, strict=True)]
    return Text("\n", no_wrap=True).join(rows)


def block_width(text: Text) -> int:
    """Columns of its widest line."""
    return max((line.cell_len for line in text.split("\n")), default=0)


def _tile(panel: Panel, width: int, height: int, draw: Draw) -> _Tile:
    if isinstance(panel, Lines | Scatter):
        return _Tile(panel, LEAST_WIDTH, LEAST_HEIGHT, None)
    drawn = draw(panel, width, height)
    return _Tile(panel, block_width(drawn), drawn.plain.count("\n") + 1, drawn)


def _width(row: Sequence[_Tile]) -> int:
    return sum(each.width for each in row) + BETWEEN * (len(row) - 1)


def _height(row: Sequence[_Tile]) -> int:
    return max(each.height for each in row)


def _laid_out(rows: Sequence[Sequence[_Tile]], width: int, spare: int, draw: Draw) -> Text:
    """The rows under each other; those with curves share the lines that are left."""
    growing = sum(any(each.drawn is None for each in row) for row in rows)
    blocks = []
    for row in rows:
        more = 0
        if any(each.drawn is None for each in row):
            more, growing = spare // growing, growing - 1
            spare -= more
        blocks.append(_row(row, width, _height(row) + more, draw))
    return Text("\n\n", no_wrap=True).join(blocks)


def _row(row: Sequence[_Tile], width: int, height: int, draw: Draw) -> Text:
    """One row; its curves share the columns that are left."""
    growing, spare = sum(each.drawn is None for each in row), width - _width(row)
    found: Text | None = None
    for each in row:
        block = each.drawn
        if block is None:
            more, growing = spare // growing, growing - 1
            spare -= more
            block = draw(each.panel, each.width + more, height)
        found = block if found is None else beside(found, block)
    assert found is not None
    return found
