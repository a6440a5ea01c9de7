"""Addition hands the gradient on; multiplication hands each operand the other one's value; tanh scales by 1 - t².

`+=` does the adding, also when `left` and `right` are the same node: it then runs twice on it. The closures keep `out`,
not `out.grad`: the number is read when the backward pass arrives. `math.tanh` never overflows, whereas the formula
`(e²ˣ - 1) / (e²ˣ + 1)` does from x = 355 on; and `t` is computed once and serves both directions.
"""

from __future__ import annotations

import math

from exercises.micrograd.value import Value as ForwardValue


class Value(ForwardValue):
    """A number whose operations know how to send a gradient one step back."""

    def __add__(self, other: Value | float) -> Value:
        out = super().__add__(other)
        left, right = out._prev

        def _backward() -> None:
            left.grad += out.grad
            right.grad += out.grad

        out._backward = _backward
        return out

    def __mul__(self, other: Value | float) -> Value:
        out = super().__mul__(other)
        left, right = out._prev

        def _backward() -> None:
            left.grad += right.data * out.grad
            right.grad += left.data * out.grad

        out._backward = _backward
        return out

    def tanh(self) -> Value:
        t = math.tanh(self.data)
        out = type(self)(t, (self,), "tanh")

        def _backward() -> None:
            self.grad += (1 - t**2) * out.grad

        out._backward = _backward
        return out
