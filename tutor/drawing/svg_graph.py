"""A computation graph as boxes and arrows in SVG, and in the language of Graphviz."""

from __future__ import annotations

from collections import defaultdict
from xml.sax.saxutils import escape

from tutor.core.picture import Graph, Node
from tutor.drawing.graph import short
from tutor.drawing.svg_panel import CHARACTER, LINE, Drawn

_GAP = 64
"""Pixels between two columns."""


def graph_parts(graph: Graph) -> Drawn:
    """Boxes and arrows."""
    places, width, height = _places(graph)
    return Drawn([part for node in graph.nodes for part in _node_svg(node, places)], width, height)


def _node_svg(node: Node, places: dict[int, tuple[float, float, float]]) -> list[str]:
    """The box, its operation in a circle before it, and the lines from its operands."""
    x, y, width = places[node.id]
    fields = _fields(node)
    tall = LINE * len(fields) + 8
    parts = [f'<rect x="{x}" y="{y - tall / 2}" width="{width}" height="{tall}" rx="4" class="box"/>']
    for n, each in enumerate(fields):
        parts.append(f'<text x="{x + 8}" y="{y - tall / 2 + LINE * (n + 1) - 1}">{escape(each)}</text>')
    if not node.op:
        return parts
    wide = 12 + 3.5 * len(node.op)
    centre = x - wide - 8
    for operand in node.operands:
        ox, oy, owidth = places[operand]
        start, end = ox + owidth, centre - wide
        bend = (start + end) / 2
        parts.append(f'<path d="M{start} {oy} C{bend} {oy} {bend} {y} {end} {y}" class="line"/>')
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
    step = 3 * LINE + 26
    tallest = max(map(len, columns.values())) * step
    places: dict[int, tuple[float, float, float]] = {}
    x = 10.0
    for column in sorted(columns):
        nodes = columns[column]
        width = max(len(field) for node in nodes for field in _fields(node)) * CHARACTER + 16
        x += max((24 + 7 * len(node.op) for node in nodes if node.op), default=0) if column else 0
        for row, node in enumerate(nodes):
            places[node.id] = (x, (row + 0.5) * tallest / len(nodes), width)
        x += width + _GAP
    return places, round(x - _GAP + 10), tallest


def graph_dot(graph: Graph, mark: str) -> str:
    """The graph in Graphviz' language, the mark as a comment."""
    lines = [f"// {mark}", "digraph {", "  rankdir=LR;", "  node [shape=record];"]
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
