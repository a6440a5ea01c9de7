"""Who may speak when

Watch: Lecture 1, 1:17:32 (https://youtu.be/VMj-3S1tku0?t=4652)
Time: 15 minutes

Backpropagation walks the graph from the result back to the inputs. A node passes its gradient on to its operands, so it
must not be asked before its own gradient is complete, and that is the case only after **every** node that used it has
passed on its share. We need an order in which each node stands after all its operands; walked backwards, it then puts
every node after all its users. Such an order is called *topological*.

A graph where the order matters:

```python
d = a * b
e = d + a
L = d * e
```

`d` is used by `L` and by `e`. Walking back level by level (first `L`, then its operands `d` and `e`, then theirs) would
ask `d` before `e` has spoken: half of d's gradient is missing when it is passed on to `a` and `b`. Right orders are
`a, b, d, e, L` and `b, a, d, e, L`.

One way to find such an order: to list a node, first list all its operands (in the same way), then the node itself;
skip a node that is listed already. Without that last rule the work explodes: in `x = x + x`, done 40 times, there are
2⁴⁰ ways from the last `x` back to the first.

## What to write

`topo_order(root)` returns a list:

- every node that can be reached from `root` through `_prev`, **once**, and nothing else;
- each node after all of its operands; so `root` is last.

Where more than one order is right, any of them will do. Tell nodes apart by identity (`is`, or a set of the nodes), not
by their number: two values may both be 2.0 and still be two values. The graph itself stays as it is.

Write plain Python: no torch, no numpy, and no `graphlib`, which has the answer ready.
"""

from __future__ import annotations

from exercises.micrograd.value import Value


def topo_order(root: Value) -> list[Value]:
    """All nodes that `root` was computed from, each after its operands; root last."""
    raise NotImplementedError
