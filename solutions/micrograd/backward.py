"""Seed the result with 1, then let every node speak, users before operands.

Operands stand before results in the topological order, so it is walked in reverse. Nothing is set to zero here: the
closures add, and whoever calls `backward` decides when a new sum begins. The cost is one small step per node, about as
much as the forward pass, for the slopes with respect to all inputs at once.
"""

from __future__ import annotations

from exercises.micrograd.local_backward import Value as LocalValue
from exercises.micrograd.topo import topo_order


class Value(LocalValue):
    """A number that can find the slope of itself with respect to everything it was computed from."""

    def backward(self) -> None:
        """Adds to the grad of each node in the graph the slope of this value with respect to it."""
        self.grad = 1.0
        for node in reversed(topo_order(self)):
            node._backward()
