"""A number that remembers where it came from

Watch: Lecture 1, 19:09 (https://youtu.be/VMj-3S1tku0?t=1149)
Time: 15 minutes

A network's loss is one long expression: thousands of additions and multiplications that end in a single number. To ask
"which way should I turn each weight?" we must be able to walk back through that expression. Plain Python floats cannot
help: after `d = a * b` the number `d` knows nothing of `a` and `b`. So we wrap each number in a small object that keeps
the numbers it was made from. While the expression is being computed, the objects form a graph, at no extra work.

For `a = Value(2.0)`, `b = Value(-3.0)` and `d = a * b`:

| node | data | _prev    | _op   |
|------|------|----------|-------|
| `a`  | 2.0  | `()`     | `""`  |
| `b`  | -3.0 | `()`     | `""`  |
| `d`  | -6.0 | `(a, b)` | `"*"` |

## What to write

`Value(data)` has these attributes:

- `data`: the number itself.
- `grad`: how much the final result changes when this number does. Nothing is known yet: `0.0`.
- `_prev`: the operands as a **tuple**, left one first; they come in as `_children`. For `a + a` it is `(a, a)`: the
  value was used twice.
- `_op`: `"+"` or `"*"` for a result, `""` for a value you made yourself.
- `label`: a name for pictures; `""` if none is given.
- `_backward`: a function without arguments; for now `lambda: None`. The next exercise fills it.

`a + b` and `a * b` return a **new** object and leave `a` and `b` as they were. The right operand may be a plain number:
`a + 3.0` first turns `3.0` into a node of its own, so that `_prev` holds nodes only.

Make new nodes with `type(self)(...)` instead of `Value(...)`. Later exercises extend this class, and the sum of two
extended values must be an extended value.

`repr(Value(2.0))` is `Value(data=2.0)`.

Write plain Python: no torch, no numpy.
"""

from __future__ import annotations


class Value:
    """A number in a graph of computations."""

    def __init__(
        self,
        data: float,
        _children: tuple[Value, ...] = (),
        _op: str = "",
        label: str = "",
    ) -> None:
        raise NotImplementedError

    def __repr__(self) -> str:
        raise NotImplementedError

    def __add__(self, other: Value | float) -> Value:
        raise NotImplementedError

    def __mul__(self, other: Value | float) -> Value:
        raise NotImplementedError
