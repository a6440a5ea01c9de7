"""From counts to probabilities

Watch: Lecture 2, 36:17 (https://youtu.be/PaCmpygFfXo?t=2177)
Time: 15 minutes

The simplest language model there is: look at the last character, and guess the next one by how often it came next in
the training names. With V different characters, the table `counts` has V rows and V columns: entry `[i, j]` says how
often character `j` followed character `i`. To use it we need probabilities, so each row must be divided by its own sum.

```
counts = [[2, 6],      row sums [8, 2]      probabilities = [[0.25, 0.75],
          [1, 1]]                                            [0.50, 0.50]]
```

That is one division, and the place of the most famous bug of the lecture. Tensors of different shapes are lined up
**from the right**. The table is `[V, V]`. Row sums of shape `[V, 1]` are stretched to the right: each row is divided
by its own sum. Row sums of shape `[V]` are taken as `[1, V]` and stretched *downwards*: each **column** is divided,
by the sum of another row. Both run without complaint. Always ask which shape a sum has.

## Two refinements

*Smoothing.* A pair that was never seen gets probability 0, and a name that contains it is declared impossible. So we
pretend to have seen every pair `k` times more than we did: `(n + k) / (row sum + k·V)`. With k = 1 the first row above
becomes `[3/10, 7/10]`. A large k makes all rows nearly uniform.

*Empty rows.* With k = 0 a character that never had a successor has the row sum 0, and 0/0 is `nan`. Such a row says
nothing, so all successors are equally likely: 1/V each.

## What to write

`row_probs(counts, smoothing)`: `counts` is an int64 tensor `[V, V]`, `smoothing` the number k ≥ 0. The result is a
float64 tensor `[V, V]`. The caller's table stays as it is. No Python loops: the same few tensor operations must do
for V = 2 and for V = 27. No numpy, and not `torch.nn.functional.normalize`.
"""

from __future__ import annotations

import torch
from torch import Tensor


def row_probs(counts: Tensor, smoothing: float = 0.0) -> Tensor:
    """counts [V, V] int64 → probabilities [V, V] float64; each row sums to 1."""
    raise NotImplementedError
