"""With number operands turned into nodes by a function of its own, floats throughout, and longer names."""

from __future__ import annotations


class Value:
    grad: float = 0.0

    def __init__(self, data: float, _children: tuple[Value, ...] = (), _op: str = "", label: str = "") -> None:
        self.data = float(data)
        self._prev = tuple(_children)
        self._op = _op
        self.label = label

    def _backward(self) -> None:
        return None

    def __repr__(self) -> str:
        return "Value(data=" + repr(self.data) + ")"

    def _node(self, other: Value | float) -> Value:
        if isinstance(other, (int, float)):
            return self.__class__(other)
        return other

    def __add__(self, other: Value | float) -> Value:
        right = self._node(other)
        return self.__class__(self.data + right.data, _children=(self, right), _op="+")

    def __mul__(self, other: Value | float) -> Value:
        right = self._node(other)
        return self.__class__(self.data * right.data, _children=(self, right), _op="*")
