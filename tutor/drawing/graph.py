"""A computation graph in a terminal: operands on the left, the result on the right; where that is too wide, a tree.

a = 2        grad 6 ──┐
                      ├─ * = -6  grad -2 ──
b = -3      grad -4 ──┘
"""

from __future__ import annotations

from dataclasses import dataclass

from rich.text import Text

from tutor.core.picture import Graph, Node, Number
from tutor.drawing.look import Look


@dataclass(frozen=True)
class _Block:
    """Lines of equal width; the one at `port` goes on to the right."""

    lines: tuple[str, ...]
    port: int

    @property
    def width(self) -> int:
        return len(self.lines[0])


def draw_graph(graph: Graph, look: Look) -> Text:
    """The graph in at most look.width columns."""
    block = _block(graph, graph.nodes[-1], set())
    lines = block.lines if block.width <= look.width else _tree(graph, look.width)
    return _painted("\n".join(line.rstrip(" ─") for line in lines))


def short(number: Number) -> str:
    """At most four digits that matter."""
    return "nan" if number is None else f"{number:.4g}"


def _texts(node: Node) -> tuple[str, str]:
    name = " ".join(each for each in (node.op, node.name) if each)
    name = f"{name} = " if name else ""
    return f"{name}{short(node.data)}", f"grad {short(node.grad)}"


def _block(graph: Graph, node: Node, seen: set[int]) -> _Block:
    """The node with all it was computed from; what was drawn before is only named."""
    upper, lower = _texts(node)
    if node.id in seen:
        return _Block((f"{upper} (above) ─",), 0)
    seen.add(node.id)
    width = max(len(upper), len(lower))
    own = (f"{upper} ".ljust(width + 1, "─") + "─", lower.ljust(width + 2))
    if not node.operands:
        return _Block(own, 0)
    stack = _stack([_block(graph, graph.nodes[each], seen) for each in node.operands])
    return _joined(*stack, own)


def _stack(blocks: list[_Block]) -> tuple[list[str], list[int]]:
    """The blocks under each other, and the lines at which they go on."""
    width = max(each.width for each in blocks)
    lines: list[str] = []
    ports: list[int] = []
    for block in blocks:
        ports.append(len(lines) + block.port)
        for place, line in enumerate(block.lines):
            lines.append(line.ljust(width, "─" if place == block.port else " "))
    return lines, ports


def _joined(lines: list[str], ports: list[int], own: tuple[str, str]) -> _Block:
    """The stack, a line that joins its ports, and the result in the middle of them."""
    middle = (ports[0] + ports[-1]) // 2
    while len(lines) < middle + 2:
        lines.append(" " * len(lines[0]))
    found = []
    for place, line in enumerate(lines):
        right = own[place - middle] if place - middle in (0, 1) else " " * len(own[0])
        between = "─ " if place == middle else "  "
        found.append(line + _joint(place, ports, middle) + between + right)
    return _Block(tuple(found), middle)


def _joint(place: int, ports: list[int], middle: int) -> str:
    first, last = ports[0], ports[-1]
    if first == last:
        return "─" if place == first else " "
    left, right = place in ports, place == middle
    if not first <= place <= last:
        return " "
    if place == first:
        return "┬" if right else "┐"
    if place == last:
        return "┴" if right else "┘"
    return {(True, True): "┼", (True, False): "┤", (False, True): "├"}.get((left, right), "│")


def _tree(graph: Graph, width: int) -> list[str]:
    """The result on top, what it was computed from below it."""
    lines: list[str] = []
    seen: set[int] = set()

    def visit(node: Node, lead: str, below: str) -> None:
        again = node.id in seen
        seen.add(node.id)
        line = f"{lead}{'  '.join(_texts(node))}{' (above)' if again else ''}"
        lines.append(line if len(line) <= width else line[: width - 1] + "…")
        for place, operand in enumerate(() if again else node.operands):
            last = place == len(node.operands) - 1
            visit(graph.nodes[operand], below + ("└─ " if last else "├─ "), below + ("   " if last else "│  "))

    visit(graph.nodes[-1], "", "")
    return lines


def _painted(drawing: str) -> Text:
    text = Text(drawing, no_wrap=True)
    text.highlight_regex(r"grad \S+", "yellow")
    text.highlight_regex(r"[─│┌┐└┘├┤┬┴┼]+", "blue")
    return text
