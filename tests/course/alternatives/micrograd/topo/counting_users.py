"""Kahn's algorithm, from the root: a node is taken when all of its users have been taken."""

from __future__ import annotations

from collections import Counter

from exercises.micrograd.value import Value


def topo_order(root: Value) -> list[Value]:
    nodes, found = [root], {root}
    for node in nodes:
        for each in node._prev:
            if each not in found:
                found.add(each)
                nodes.append(each)
    users = Counter(each for node in nodes for each in node._prev)
    ready, order = [root], []
    while ready:
        node = ready.pop()
        order.append(node)
        for each in node._prev:
            users[each] -= 1
            if users[each] == 0:
                ready.append(each)
    order.reverse()
    return order
