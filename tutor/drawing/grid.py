"""A grid of numbers as shades: colours where there are any, characters else; with a cursor that says one entry."""

from __future__ import annotations

from rich.style import Style
from rich.text import Text

from tutor.core.picture import Grid, Number
from tutor.drawing.look import Look

Cursor = tuple[int, int]
"""Row and column."""
_SWATCHES = 10
"""Cells of the scale."""


def draw_grid(grid: Grid, look: Look, cursor: Cursor | None = None) -> Text:
    """The grid and what its shades mean; cut to what fits around the cursor, and then it says which part it is."""
    edge = max((len(name) for name in grid.rows), default=0) + 1
    cell = 2 if edge + 2 * len(grid.columns) <= look.width or _named(grid) else 1
    room = max(1, (look.width - edge) // cell)
    columns = _window(len(grid.columns), room, cursor[1] if cursor else 0)
    rows = (
        _window(len(grid.rows), max(1, look.height - (3 if cursor else 2)), cursor[0] if cursor else 0)
        if look.cut
        else None
    )
    rows = rows or range(len(grid.rows))
    text = Text(_head(grid, columns, cell, edge) + "\n", no_wrap=True)
    if cursor is not None and cursor[1] in columns and look.colour:
        start = edge + columns.index(cursor[1]) * cell
        text.stylize("bold reverse", start, start + 1)
    for row in rows:
        here = cursor is not None and cursor[0] == row
        text.append(grid.rows[row].rjust(edge - 1) + " ", "bold reverse" if here and look.colour else "")
        for column in columns:
            text.append(*_cell(grid, look, row, column, cell, cursor))
        text.append("\n")
    if cursor is not None:
        text.append(entry(grid, cursor) + "\n")
    return text.append_text(_scale(grid, look)).append(_part(grid, rows, columns))


def entry(grid: Grid, cursor: Cursor) -> str:
    """What the cursor stands on, in a sentence."""
    row, column = cursor
    value = grid.values[row][column]
    note = f" ({grid.notes[row][column]})" if grid.notes else ""
    names = f"{grid.row_name} {grid.rows[row] or row} {grid.column_name} {grid.columns[column] or column}".strip()
    return f"{names}: {'nan' if value is None else f'{value:.4f}'}{note}"


def inside(grid: Grid, cursor: Cursor) -> Cursor:
    """The nearest entry that there is."""
    row, column = cursor
    return min(max(row, 0), len(grid.rows) - 1), min(max(column, 0), len(grid.columns) - 1)


def _named(grid: Grid) -> bool:
    """Whether each column has a name of its own to stand above it."""
    return all(grid.columns)


def _window(size: int, room: int, at: int) -> range:
    if size <= room:
        return range(size)
    start = min(max(0, at - room // 2), size - room)
    return range(start, start + room)


def _head(grid: Grid, columns: range, cell: int, edge: int) -> str:
    line = " " * edge
    for place, column in enumerate(columns):
        name = grid.columns[column]
        at = edge + place * cell
        if name and len(line) <= at:
            line = line.ljust(at) + name
    return line


def _cell(grid: Grid, look: Look, row: int, column: int, width: int, cursor: Cursor | None) -> tuple[str, str | Style]:
    share = share_of(grid, grid.values[row][column])
    if cursor == (row, column):
        return "[]" if width == 2 else "X", "bold reverse" if look.colour else ""
    if share is None:
        return "?" * width, ""
    if look.colour and look.hues:
        return " " * width, Style(bgcolor=colour_of(share))
    shades = look.shades(width)
    return shades[min(int(share * len(shades)), len(shades) - 1)], ""


def share_of(grid: Grid, value: Number) -> float | None:
    """Where between low and high: 0 to 1."""
    return None if value is None else min(max((value - grid.low) / (grid.high - grid.low), 0.0), 1.0)


def colour_of(share: float) -> str:
    """From dark blue over green-blue to light yellow: lightness alone tells it, for eyes that see no hues."""
    stops = ((18, 22, 46), (38, 86, 130), (48, 158, 136), (170, 205, 80), (253, 238, 130))
    place = min(share * 4, 3.999)
    low, high, part = stops[int(place)], stops[int(place) + 1], place % 1
    red, green, blue = (round(a + part * (b - a)) for a, b in zip(low, high, strict=True))
    return f"#{red:02x}{green:02x}{blue:02x}"


def _scale(grid: Grid, look: Look) -> Text:
    """The shades from the lowest value to the highest."""
    low, high = limits_text(grid)
    text = Text(f"{low} ", no_wrap=True)
    if look.colour and look.hues:
        for n in range(_SWATCHES):
            text.append(" ", Style(bgcolor=colour_of(n / (_SWATCHES - 1))))
    else:
        text.append("".join(look.shades(1)))
    return text.append(f" {high}")


def limits_text(grid: Grid) -> tuple[str, str]:
    """The ends of the scale; values may lie beyond them."""
    values = [value for row in grid.values for value in row if value is not None]
    low, high = min(values, default=grid.low), max(values, default=grid.high)
    slack = 1e-6 * (grid.high - grid.low)
    return (
        f"{grid.low:.3g}" + (" or less" if low < grid.low - slack else ""),
        f"{grid.high:.3g}" + (" or more" if high > grid.high + slack else ""),
    )


def _part(grid: Grid, rows: range, columns: range) -> str:
    """What is seen of a grid that is cut."""
    cut = [
        f"{name}s {shown.start + 1} to {shown.stop} of {size}"
        for name, shown, size in (("row", rows, len(grid.rows)), ("column", columns, len(grid.columns)))
        if len(shown) < size
    ]
    return f"   {', '.join(cut)}" if cut else ""
