"""A picture as an SVG that needs nothing from elsewhere, for reports: panels under each other on white."""

from __future__ import annotations

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
_EDGE, _BETWEEN = 14, 26


def svg(picture: Picture) -> str:
    """The picture as an SVG document."""
    head = [*picture.says, picture.whose]
    parts = [text_at(_EDGE, _EDGE + LINE, picture.title, ' class="strong"')]
    parts += [text_at(_EDGE, _EDGE + LINE * (n + 2), line) for n, line in enumerate(head)]
    width = max(len(line) for line in [picture.title, *head]) * CHARACTER
    y: float = _EDGE + LINE * (len(head) + 1) + _BETWEEN
    for panel in picture.panels:
        drawn, title = _drawn(panel), "" if isinstance(panel, Graph) else panel.title
        if title:
            parts.append(text_at(_EDGE, y, title, ' class="strong"'))
            y += LINE
        parts += [f'<g transform="translate({_EDGE}, {y:.1f})">', *drawn.parts, "</g>"]
        y, width = y + drawn.height + _BETWEEN, max(width, drawn.width)
    return _DOCUMENT.format(
        mark=MARK, width=round(width + 2 * _EDGE), height=round(y), title=escape(picture.title), body="\n".join(parts)
    )


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
.curve {{ fill: none; stroke-width: 1.5; }}
.side {{ fill: #dfe8f6; }}
</style>
<rect width="100%" height="100%" fill="#ffffff"/>
{body}
</svg>
"""
