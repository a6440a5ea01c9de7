"""Backpropagation

Watch: Lecture 1, 1:22:28 (https://youtu.be/VMj-3S1tku0?t=4948)
Time: 15 minutes

You have both halves: every node can pass its gradient one step back, and you know in which order to ask the nodes. Put
together they are the algorithm that trains every neural network.

Take `a = 2`, `b = -3`, `d = a * b = -6`, `e = d + a = -4`, `L = d * e = 24`, and call `L.backward()`:

| step | whom we ask | what it adds                                | complete now            |
|------|-------------|---------------------------------------------|-------------------------|
| 0    |             | `L.grad = 1`: L moves exactly as L does     | `L.grad = 1`            |
| 1    | `L = d * e` | to d: e = -4; to e: d = -6                  | `e.grad = -6`           |
| 2    | `e = d + a` | to d: -6; to a: -6                          | `d.grad = -10`          |
| 3    | `d = a * b` | to a: -10·b = 30; to b: -10·a = -20         | `a.grad = 24`, `b.grad = -20` |

Check one of them by hand: with `a = 2.001` the result is L = -6.003 · -4.002 = 24.024, so L rose by 24 times the nudge.

## What to write

`backward()` sets the `grad` of the node it is called on to `1.0`, whatever it was, and then calls `_backward()` once on
each node of its graph, from this node back to the inputs.

All other gradients are **added to** what is there. It is the caller who sets them to zero between two passes;
forgetting this is one of the most common bugs in training, and sometimes (two losses, one set of weights) exactly
what is wanted.

Write plain Python: no torch, no numpy.
"""

from __future__ import annotations

from exercises.micrograd.local_backward import Value as LocalValue
from exercises.micrograd.topo import topo_order


class Value(LocalValue):
    """A number that can find the slope of itself with respect to everything it was computed from."""

    def backward(self) -> None:
        """Adds to the grad of each node in the graph the slope of this value with respect to it."""
        raise NotImplementedError
