"""Walks the order backwards by index, and asks only nodes that have operands."""

from __future__ import annotations

from exercises.micrograd.local_backward import Value as LocalValue
from exercises.micrograd.topo import topo_order


class Value(LocalValue):
    def backward(self) -> None:
        order = topo_order(self)
        self.grad = 1
        position = len(order) - 1
        while position >= 0:
            if order[position]._prev:
                order[position]._backward()
            position -= 1
