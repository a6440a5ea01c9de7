"""A node is appended on the way back from its operands, so all of them stand before it.

`seen` is filled on the way in and holds the nodes themselves: a `Value` is hashed by identity. Marking on the way in is
enough because a graph of computations has no cycles. The recursion is as deep as the longest chain of operations; an
explicit stack of (node, operands still to visit) does the same for chains beyond Python's limit of about 1000 calls.
"""

from __future__ import annotations

from exercises.micrograd.value import Value


def topo_order(root: Value) -> list[Value]:
    """All nodes that `root` was computed from, each after its operands; root last."""
    order: list[Value] = []
    seen: set[Value] = set()

    def visit(node: Value) -> None:
        if node in seen:
            return
        seen.add(node)
        for operand in node._prev:
            visit(operand)
        order.append(node)

    visit(root)
    return order
