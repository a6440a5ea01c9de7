"""A picture as an SVG that needs nothing from elsewhere, for reports: panels on white, side by side where they fit."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from xml.sax.saxutils import escape

from tutor.core.picture import Graph, Grid, Lines, Panel, Picture, Scatter, Table
from tutor.drawing.svg_graph import graph_dot, graph_parts
from tutor.drawing.svg_panel import (
    CHARACTER,
    LINE,
    Drawn,
    grid_parts,
    lines_parts,
    scatter_parts,
    table_parts,
    text_at,
)

MARK = "<!-- drawn by tutor picture -->"
"""By which a file is known as one that may be drawn anew."""
PNG_MARK = b"Software\x00tutor picture"
"""The same in a PNG that was made of it: the note that says which program drew it."""
_EDGE, _BETWEEN = 14, 26
_CHARACTERS, _PAGE = 104, 1000
"""Of a line of the sentences, and pixels of a row of panels."""


def svg(picture: Picture) -> str:
    """The picture as an SVG document."""
    head = [line for each in (*picture.says, picture.whose) for line in textwrap.wrap(each, _CHARACTERS)]
    parts = [text_at(_EDGE, _EDGE + LINE, picture.title, ' class="strong"')]
    parts += [text_at(_EDGE, _EDGE + LINE * (n + 2), line) for n, line in enumerate(head)]
    width = max(len(line) for line in [picture.title, *head]) * CHARACTER
    y: float = _EDGE + LINE * (len(head) + 1) + _BETWEEN
    for row in _arranged([_titled(each) for each in picture.panels]):
        x: float = _EDGE
        for each in row:
            parts += [f'<g transform="translate({x:.1f}, {y:.1f})">', *each.parts, "</g>"]
            x += each.width + _BETWEEN
        y, width = y + max(each.height for each in row) + _BETWEEN, max(width, x - _EDGE - _BETWEEN)
    return _DOCUMENT.format(
        mark=MARK, width=round(width + 2 * _EDGE), height=round(y), title=escape(picture.title), body="\n".join(parts)
    )


def _titled(panel: Panel) -> Drawn:
    """The panel below its title."""
    drawn = _drawn(panel)
    if isinstance(panel, Graph) or not panel.title:
        return drawn
    parts = [text_at(0, 0, panel.title, ' class="strong"'), f'<g transform="translate(0, {LINE})">', *drawn.parts]
    return Drawn([*parts, "</g>"], max(drawn.width, len(panel.title) * CHARACTER), drawn.height + LINE)


def _arranged(panels: list[Drawn]) -> list[list[Drawn]]:
    """The panels in rows as wide as a page; as wide as two pages where they would be a long strip."""
    rows = list(_rows(panels, _PAGE))
    height = sum(max(each.height for each in row) for row in rows)
    return rows if height < 2 * _PAGE else list(_rows(panels, 2 * _PAGE))


def _rows(panels: list[Drawn], page: float) -> Iterator[list[Drawn]]:
    """Neighbours side by side where they are no wider than that."""
    row: list[Drawn] = []
    for each in panels:
        if row and sum(one.width + _BETWEEN for one in row) + each.width > page:
            yield row
            row = []
        row.append(each)
    if row:
        yield row


def dot(picture: Picture) -> str | None:
    """The picture's graph in Graphviz' language; None if it has none."""
    graph = next((each for each in picture.panels if isinstance(each, Graph)), None)
    return graph_dot(graph, MARK) if graph else None


def _drawn(panel: Panel) -> Drawn:
    match panel:
        case Graph():
            return graph_parts(panel)
        case Grid():
            return grid_parts(panel)
        case Lines():
            return lines_parts(panel)
        case Scatter():
            return scatter_parts(panel)
        case Table():
            return table_parts(panel)


_DOCUMENT = """\
<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">
{mark}
<title>{title}</title>
<style>
text {{ font: 12px ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace; fill: #1d2230; }}
.strong, .point {{ font-weight: bold; }}
.box {{ fill: #f4f4f1; stroke: #1f5fbf; }}
.op {{ fill: #ffffff; stroke: #8a5200; }}
.line {{ fill: none; stroke: #565c6b; }}
.frame {{ fill: none; stroke: #b9bac0; }}
.tick {{ stroke: #e7e7e2; }}
.curve {{ fill: none; stroke-width: 1.5; }}
.sign {{ font-weight: bold; text-anchor: middle; stroke: #ffffff; stroke-width: 4px; paint-order: stroke; }}
.side {{ fill: #dfe8f6; }}
</style>
<rect width="100%" height="100%" fill="#ffffff"/>
{body}
</svg>
"""
