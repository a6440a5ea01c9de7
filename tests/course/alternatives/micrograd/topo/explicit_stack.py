"""Depth first without recursion: a node is listed when it is met for the second time on the stack."""

from __future__ import annotations

from exercises.micrograd.value import Value


def topo_order(root: Value) -> list[Value]:
    order, entered, listed = [], set(), set()
    stack = [root]
    while stack:
        node = stack[-1]
        if id(node) not in entered:
            entered.add(id(node))
            stack.extend(each for each in node._prev if id(each) not in entered)
            continue
        stack.pop()
        if id(node) not in listed:
            listed.add(id(node))
            order.append(node)
    return order
