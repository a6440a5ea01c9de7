"""The slopes are known in the forward pass; only the upstream gradient is read later."""

from __future__ import annotations

import math

from exercises.micrograd.value import Value as ForwardValue


def send(out: Value, *slopes: float):
    def _backward() -> None:
        for node, slope in zip(out._prev, slopes, strict=True):
            node.grad = node.grad + slope * out.grad

    out._backward = _backward
    return out


class Value(ForwardValue):
    def __add__(self, other: Value | float) -> Value:
        return send(super().__add__(other), 1.0, 1.0)

    def __mul__(self, other: Value | float) -> Value:
        out = super().__mul__(other)
        left, right = out._prev
        return send(out, right.data, left.data)

    def tanh(self) -> Value:
        out = type(self)(math.tanh(self.data), (self,), "tanh")
        return send(out, 1.0 - out.data * out.data)
