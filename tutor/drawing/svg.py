"""A picture as an SVG that needs nothing from elsewhere: a graph as boxes and arrows, else what the terminal shows."""

from __future__ import annotations

import io
from collections import defaultdict
from xml.sax.saxutils import escape

from rich.console import Console
from rich.terminal_theme import TerminalTheme

from tutor.core.picture import Graph, Node, Picture
from tutor.drawing.graph import short
from tutor.drawing.look import Look
from tutor.drawing.picture import draw_picture

MARK = "<!-- drawn by tutor picture -->"
"""By which a file is known as one that may be drawn anew."""


def svg(picture: Picture, width: int = 100) -> str:
    """The picture as an SVG document."""
    graph = next((each for each in picture.panels if isinstance(each, Graph)), None)
    return _graph_svg(graph, picture) if graph else _terminal_svg(picture, width)


def dot(picture: Picture) -> str | None:
    """The picture's graph in Graphviz' language; None if it has none."""
    graph = next((each for each in picture.panels if isinstance(each, Graph)), None)
    if graph is None:
        return None
    lines = [f"// {MARK}", "digraph {", "  rankdir=LR;", "  node [shape=record];"]
    for node in graph.nodes:
        label = " | ".join(_quoted(each) for each in _fields(node))
        lines.append(f'  v{node.id} [label="{{ {label} }}"];')
        if node.op:
            lines += [f'  o{node.id} [label="{_quoted(node.op)}", shape=circle];', f"  o{node.id} -> v{node.id};"]
        lines += [f"  v{operand} -> o{node.id};" for operand in node.operands]
    return "\n".join([*lines, "}", ""])


def _fields(node: Node) -> list[str]:
    return [*([node.name] if node.name else []), f"data {short(node.data)}", f"grad {short(node.grad)}"]


def _quoted(text: str) -> str:
    return "".join(f"\\{each}" if each in '\\"{}|<>' else each for each in text)


_LINE, _CHARACTER, _GAP = 17, 7.4, 64
"""Pixels of a line of text, a character of it, and between two columns."""


def _graph_svg(graph: Graph, picture: Picture) -> str:
    places, width, height = _places(graph)
    head = [*picture.says, picture.whose]
    top = 20 + _LINE * len(head)
    width = max(width, round(max(map(len, head)) * _CHARACTER) + 20)
    parts = [f'<text x="10" y="{_LINE * (n + 1)}">{escape(line)}</text>' for n, line in enumerate(head)]
    for node in graph.nodes:
        parts += _node_svg(node, places, top)
    size = f'width="{width}" height="{height + top}" viewBox="0 0 {width} {height + top}"'
    return _DOCUMENT.format(mark=MARK, size=size, title=escape(picture.title), body="\n".join(parts))


def _node_svg(node: Node, places: dict[int, tuple[float, float, float]], top: int) -> list[str]:
    """The box, its operation in a circle before it, and the lines from its operands."""
    x, y, width = places[node.id]
    y += top
    fields = _fields(node)
    tall = _LINE * len(fields) + 8
    parts = [f'<rect x="{x}" y="{y - tall / 2}" width="{width}" height="{tall}" rx="4" class="box"/>']
    for n, each in enumerate(fields):
        parts.append(f'<text x="{x + 8}" y="{y - tall / 2 + _LINE * (n + 1) - 1}">{escape(each)}</text>')
    if not node.op:
        return parts
    wide = 12 + 3.5 * len(node.op)
    centre = x - wide - 8
    for operand in node.operands:
        ox, oy, owidth = places[operand]
        start, end = ox + owidth, centre - wide
        bend = (start + end) / 2
        parts.append(f'<path d="M{start} {oy + top} C{bend} {oy + top} {bend} {y} {end} {y}" class="line"/>')
    parts.append(f'<path d="M{centre + wide} {y} L{x} {y}" class="line"/>')
    parts.append(f'<ellipse cx="{centre}" cy="{y}" rx="{wide}" ry="14" class="op"/>')
    parts.append(f'<text x="{centre}" y="{y + 5}" text-anchor="middle">{escape(node.op)}</text>')
    return parts


def _places(graph: Graph) -> tuple[dict[int, tuple[float, float, float]], int, int]:
    """Left edge, middle line and width of each node, and the size of all: columns by the longest way from an input."""
    depth: dict[int, int] = {}
    for node in graph.nodes:
        depth[node.id] = 1 + max((depth[each] for each in node.operands), default=-1)
    users = [(node.id, operand) for node in graph.nodes for operand in node.operands]
    for node in reversed(graph.nodes):  # an input stands just before its first user, not far off on the left
        if not node.operands:
            depth[node.id] = min((depth[user] for user, operand in users if operand == node.id), default=1) - 1
    columns: dict[int, list[Node]] = defaultdict(list)
    for node in graph.nodes:
        columns[depth[node.id]].append(node)
    step = 3 * _LINE + 26
    tallest = max(map(len, columns.values())) * step
    places: dict[int, tuple[float, float, float]] = {}
    x = 10.0
    for column in sorted(columns):
        nodes = columns[column]
        width = max(len(field) for node in nodes for field in _fields(node)) * _CHARACTER + 16
        x += max((24 + 7 * len(node.op) for node in nodes if node.op), default=0) if column else 0
        for row, node in enumerate(nodes):
            places[node.id] = (x, (row + 0.5) * tallest / len(nodes), width)
        x += width + _GAP
    return places, round(x - _GAP + 10), tallest


def _terminal_svg(picture: Picture, width: int) -> str:
    console = Console(
        width=width, file=io.StringIO(), record=True, force_terminal=True, color_system="truecolor",
        legacy_windows=False, highlight=False, _environ={},
    )  # fmt: skip
    console.print(draw_picture(picture, Look(width, 24)))
    return console.export_svg(title=picture.title, theme=_PAPER, code_format=_TERMINAL)


_PAPER = TerminalTheme(
    (255, 255, 255),
    (29, 34, 48),
    [
        (29, 34, 48), (179, 32, 63), (43, 110, 30), (138, 82, 0),
        (31, 95, 191), (128, 48, 150), (0, 112, 122), (86, 92, 107),
    ],
)  # fmt: skip
"""Colours that can be read and printed on white."""

_FONT = "font-family: ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace;"

_DOCUMENT = (
    """\
<svg xmlns="http://www.w3.org/2000/svg" {size}>
{mark}
<title>{title}</title>
<style>
text {{ """
    + _FONT
    + """ font-size: 12px; fill: #1d2230; }}
.box {{ fill: #f4f4f1; stroke: #1f5fbf; }}
.op {{ fill: #ffffff; stroke: #8a5200; }}
.line {{ fill: none; stroke: #565c6b; }}
</style>
<rect width="100%" height="100%" fill="#ffffff"/>
{body}
</svg>
"""
)

_TERMINAL = (
    """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">
"""
    + MARK
    + """
<style>
.{unique_id}-matrix {{ """
    + _FONT
    + """ font-size: {char_height}px; line-height: {line_height}px; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/>
</clipPath>
{lines}
</defs>
<rect width="100%" height="100%" fill="#ffffff"/>
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""
)
