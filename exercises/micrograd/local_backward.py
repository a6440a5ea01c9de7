"""One node's share of the gradient

Watch: Lecture 1, 1:09:02 (https://youtu.be/VMj-3S1tku0?t=4142)
Time: 20 minutes

Suppose somebody tells a node: "if you grow by a tiny ε, the final result grows by 4ε". That 4 is the node's `grad`. The
node now has to tell its operands what *they* do to the final result. It needs nothing but its own operation:

- **Sum** `out = a + b`. Nudge `a` by ε and `out` moves by ε. So `a` has the same effect as `out`: 4. The same for `b`.
- **Product** `out = a * b` with `a = 2`, `b = -3`. Nudge `a` by ε and `out` moves by `b·ε = -3ε`, and the final result
  by `4 · -3 = -12` times ε. For `b` it is `4 · 2 = 8`.
- **tanh** `out = tanh(x)`, a curve that squeezes any number into -1 … 1: steep at 0, flat far from it. Its slope at x
  is `1 - tanh(x)²`, which is `1 - out²`. With `out = 0.5` the operand receives `4 · (1 - 0.25) = 3`.

This is the chain rule: **the slope of this operation times the gradient of its result**.

A node must *add* its share to what its operands already have. A value that is used in two places has two reasons to
change the result, and the effects add up. For `out = a + a` each operand is `a`, so `a` receives 4 twice: 8.

## What to write

This class extends the `Value` of the last exercise. Its sums and products are computed there; `out._prev` holds the
two operands. What is missing is the function `_backward` of each result: it takes no arguments, reads `out.grad` when
it is **called** (during the forward pass nobody knows it yet), and adds to the `grad` of each operand. It changes
nothing else, and goes one step only: whether the operands pass on theirs is not its business.

`tanh` is a new method: it returns a node with `_prev == (self,)` and `_op == "tanh"`, which needs a `_backward` too. It
must work for any number: for 1000.0 the answer is 1.0. (`math.exp(2 * 1000.0)` raises OverflowError; the standard
library knows a better way.)

Write plain Python: no torch, no numpy.
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
            raise NotImplementedError

        out._backward = _backward
        return out

    def __mul__(self, other: Value | float) -> Value:
        out = super().__mul__(other)
        left, right = out._prev

        def _backward() -> None:
            raise NotImplementedError

        out._backward = _backward
        return out

    def tanh(self) -> Value:
        raise NotImplementedError
