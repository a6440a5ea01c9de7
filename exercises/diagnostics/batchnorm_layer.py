"""A batch norm layer with a memory

Watch: Lecture 4, 1:18:35 (https://youtu.be/P6sfmUTpUmc?t=4715)
Time: 25 minutes

Your `batchnorm` takes mean and variance from the batch. In training that is fine. Later somebody wants the answer for
*one* example, and one example has no variance. And the answer should not depend on who else happens to be in the batch.

So the layer has two ways of working, chosen by its attribute `training`:

- **Training** (`training = True`): normalise with the batch's own mean and variance, and keep a running average of both
  on the side, the **buffers** `running_mean` and `running_var`.
- **Evaluation** (`training = False`): normalise with the buffers. Each example is then treated alone; a batch of one
  works.

A running average moves a little towards each new value. `momentum` (0.1 by default) says how much:

    running = (1 - momentum) * running + momentum * new

gamma and beta are learned by gradient descent. The buffers are not: they are counted along. So they are no parameters,
and the update of a buffer must not become part of the graph that autograd (torch's backpropagation) records: otherwise
each step would hang on the one before, and memory would grow with every batch. Nothing is recorded under
`with torch.no_grad():`.

One more detail of PyTorch, which the lesson on `batchnorm` prepared: a batch is normalised with its **biased** variance
(sum of squares / B), but what goes into `running_var` is the **unbiased** one (sum of squares / (B - 1)), because that
is the better estimate for all data. The biased variance times B / (B - 1) is the unbiased one.

## An example with numbers

A new layer with dim 1: gamma 1, beta 0, running_mean 0, running_var 1. It is in training mode and gets x = 2, 4, 9:

| | |
|---|---|
| mean of the batch | 5 |
| biased variance | (9 + 1 + 16) / 3 = 8.667 |
| y | (x - 5) / √8.667 = -1.019, -0.340, 1.359 |
| running_mean | 0.9·0 + 0.1·5 = 0.5 |
| unbiased variance | 26 / 2 = 13 |
| running_var | 0.9·1 + 0.1·13 = 2.2 |

Now `training = False`, and x = 2 alone: y = (2 - 0.5) / √2.2 = 1.011. The buffers stay 0.5 and 2.2.

## What to write

`BatchNorm1d(dim, eps, momentum)`, a plain Python class. It is no `nn.Module`: modules, and torch's own batch norm, are
not allowed here.

- Attributes `gamma` (ones), `beta` (zeros), `running_mean` (zeros), `running_var` (ones), each a tensor `[dim]` of
  float32 as `torch.ones(dim)` makes it; `training`, True at first.
- `bn(x)`, that is `__call__`: x `[B, dim]` to `[B, dim]`, as above. The result, the very same tensor, is also kept as
  `bn.out`, in both modes, so that you can look at it and at its gradient later.
- In training mode a batch of one is a `ValueError`: its unbiased variance is 0/0. The buffers stay as they were.
- eps stands inside the root, and it is the layer's eps, in both modes.
- `parameters()` returns the list `[gamma, beta]`: those tensors, not copies. Whoever trains them sets `requires_grad`.
- Two layers have nothing in common.

Anybody may put other tensors into the attributes, `bn.gamma = …`; the tests do so to compute in float64, with values
other than ones and zeros. So read the attributes when you are called, and take the dtype from there.
"""

from __future__ import annotations

import torch
from torch import Tensor

from exercises.diagnostics.batchnorm import batchnorm


class BatchNorm1d:
    """Normalises by the batch in training, by what it remembers of all batches in evaluation."""

    def __init__(self, dim: int, eps: float = 1e-5, momentum: float = 0.1) -> None:
        raise NotImplementedError

    def __call__(self, x: Tensor) -> Tensor:
        """x [B,dim] to the same shape, kept as `out`. Raises ValueError for a batch of one in training."""
        raise NotImplementedError

    def parameters(self) -> list[Tensor]:
        """What gradient descent may change: gamma and beta."""
        raise NotImplementedError
