"""A whole picture as text: title, sentences, panels; the same for a terminal, a screen and a file."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import replace

from rich.cells import cell_len
from rich.text import Text

from tutor.core.picture import Graph, Grid, Lines, Panel, Picture, Scatter, Table
from tutor.drawing.graph import draw_graph
from tutor.drawing.grid import Cursor, draw_grid, inside
from tutor.drawing.lines import draw_lines
from tutor.drawing.look import Look, in_ascii
from tutor.drawing.scatter import draw_scatter
from tutor.drawing.tiles import BETWEEN, beside, block_width, tiled


def draw_picture(picture: Picture, look: Look) -> Text:
    """All of it, panels under each other, or side by side where two fit."""
    text = Text("\n").join([_heading(picture.title), *_sentences(picture, look)])
    for block in _arranged([draw_panel(each, look) for each in picture.panels], look.width):
        text.append("\n\n").append_text(block)
    text.no_wrap = True
    return in_ascii(text) if look.ascii else text


def draw_panel(panel: Panel, look: Look, cursor: Cursor | None = None) -> Text:
    """One panel under its title."""
    match panel:
        case Graph():
            body = draw_graph(panel, look)
        case Grid():
            body = draw_grid(panel, look, cursor)
        case Lines():
            body = draw_lines(panel, look)
        case Scatter():
            body = draw_scatter(panel, look)
        case Table():
            body = _table(panel)
    if not isinstance(panel, Graph) and panel.title:
        body = Text("\n", no_wrap=True).join([Text(panel.title, "bold"), body])
    body = body if look.colour else Text(body.plain, no_wrap=True)
    return in_ascii(body) if look.ascii else body


def draw_together(panels: Sequence[Panel], look: Look, cursor: Cursor | None = None) -> Text | None:
    """All the panels in the room of `look`, the cursor in each grid; None where they do not fit."""

    def draw(panel: Panel, width: int, height: int) -> Text:
        inner = replace(look, width=width, height=height - heading_lines(panel), cut=False)
        return draw_panel(panel, inner, inside(panel, cursor) if isinstance(panel, Grid) and cursor else None)

    return tiled(panels, look.width, look.height, draw)


def heading_lines(panel: Panel) -> int:
    """Lines of a panel's title."""
    return 0 if isinstance(panel, Graph) or not panel.title else 1


def _heading(title: str) -> Text:
    return Text(title, "bold")


def _sentences(picture: Picture, look: Look) -> list[Text]:
    """What there is to see and whose code it was, broken into lines."""
    wide = max(20, min(look.width, 100))
    says = [Text(line) for each in picture.says for line in textwrap.wrap(each, wide)]
    return [*says, *(Text(line, "dim") for line in textwrap.wrap(picture.whose, wide))]


def _table(table: Table) -> Text:
    """Columns as wide as they need, numbers to the right."""
    rows = [table.columns, *table.rows]
    widths = [max(cell_len(row[column]) for row in rows) for column in range(len(table.columns))]
    lines = ["  ".join(word.rjust(width) for word, width in zip(row, widths, strict=True)) for row in rows]
    text = Text("\n".join(lines), no_wrap=True)
    text.stylize("bold", 0, len(lines[0]))
    return text


def _arranged(blocks: list[Text], width: int) -> list[Text]:
    """Neighbours side by side where the room is enough."""
    found: list[Text] = []
    for block in blocks:
        if found and block_width(found[-1]) + BETWEEN + block_width(block) <= width:
            found[-1] = beside(found[-1], block)
        else:
            found.append(block)
    return found
