"""Batch norm as a layer, with a memory

Watch: Lecture 4, 1:18:35 (https://youtu.be/P6sfmUTpUmc?t=4715)
Time: 25 minutes

Batch norm ties the examples of a batch together: each one's result depends on which others happened to be there. In
training this does no harm (the jitter even helps a little). But when the trained network is asked about a *single*
example, there is no batch to average over, and the answer should not depend on the neighbours anyway.

So the layer has two ways of working, and a memory. While **training** it normalises with the statistics of the batch,
and keeps a running average of them. In **evaluation** it normalises with that average, which then stays as it is.

The running average moves a little towards each batch: `new = (1 - momentum) * old + momentum * batch`. With momentum
0.1, a running mean of 0 and a batch mean of 5, it becomes 0.5; after a second such batch 0.95. (PyTorch's `momentum`
is the weight of the *new* value.)

A convention to know, because PyTorch's layer does it so: the batch is normalised with the variance that divides by B,
but the variance that goes **into the running average** divides by B - 1. It is meant to describe all data, and this
is the better estimate for it. For the values 1, 2, 6: normalise with 4.667, remember 7.

## What to write

The class `BatchNorm1d` with these attributes, which callers read and replace:

- `gamma`, `beta`: `[dim]`, what the layer learns. They start as ones and zeros.
- `running_mean`, `running_var`: `[dim]`, the memory (a *buffer*). They start as zeros and ones. They are not learned:
  they carry no gradient, and no graph of past batches hangs on them.
- `eps`, `momentum`, and `training`, which starts as `True`; callers set it to `False` for evaluation.
- `out`: the result of the last call. (Later you will draw histograms of it.)

Calling the layer with x `[B, dim]` returns `[B, dim]`:

- training: `batchnorm` of the last exercise, with correction 0; then the running averages are updated.
- evaluation: `gamma * (x - running_mean) / sqrt(running_var + eps) + beta`; the memory stays as it is, and B may be 1.

A training batch of one example has no variance: raise `ValueError`.

`parameters()` returns `[gamma, beta]`: the very tensors that the calls use. Whoever trains the network switches on
their gradients, as in the lecture; this is a plain class, no `nn.Module`.
"""

from __future__ import annotations

import torch
from torch import Tensor

from exercises.diagnostics.batchnorm import batchnorm


class BatchNorm1d:
    """Batch normalisation of [B, dim] with running statistics."""

    def __init__(self, dim: int, eps: float = 1e-5, momentum: float = 0.1) -> None:
        raise NotImplementedError

    def __call__(self, x: Tensor) -> Tensor:
        """x [B, dim] → [B, dim]; in training it also updates the running statistics."""
        raise NotImplementedError

    def parameters(self) -> list[Tensor]:
        """What the layer learns: gamma and beta."""
        raise NotImplementedError
