"""Each operation computes a float and keeps its two operands; the graph is a by-product.

`_prev` is a tuple, where the lecture uses a set: a set would keep one of the two operands of `a + a`, and iterating
over it would visit the operands in another order on every run. `grad` is set in `__init__`, so that each node has its
own.
"""

from __future__ import annotations


class Value:
    """A number in a graph of computations."""

    def __init__(self, data: float, _children: tuple[Value, ...] = (), _op: str = "", label: str = "") -> None:
        self.data = data
        self.grad = 0.0
        self._prev = _children
        self._op = _op
        self.label = label
        self._backward = lambda: None

    def __repr__(self) -> str:
        return f"Value(data={self.data})"

    def __add__(self, other: Value | float) -> Value:
        other = other if isinstance(other, Value) else type(self)(other)
        return type(self)(self.data + other.data, (self, other), "+")

    def __mul__(self, other: Value | float) -> Value:
        other = other if isinstance(other, Value) else type(self)(other)
        return type(self)(self.data * other.data, (self, other), "*")
