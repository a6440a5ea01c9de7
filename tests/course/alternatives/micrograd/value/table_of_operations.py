"""One method computes both operations."""

from __future__ import annotations

import operator


def nothing() -> None:
    pass


class Value:
    def __init__(self, data: float, _children: tuple[Value, ...] = (), _op: str = "", label: str = "") -> None:
        vars(self).update(data=data, grad=0.0, _prev=_children, _op=_op, label=label, _backward=nothing)

    def __repr__(self) -> str:
        return f"Value(data={self.data!r})"

    def __add__(self, other: Value | float) -> Value:
        return self._apply("+", other)

    def __mul__(self, other: Value | float) -> Value:
        return self._apply("*", other)

    def _apply(self, sign: str, other: Value | float) -> Value:
        if not isinstance(other, Value):
            other = type(self)(other)
        compute = {"+": operator.add, "*": operator.mul}[sign]
        result = type(self)(compute(self.data, other.data))
        result._prev = (self, other)
        result._op = sign
        return result
