"""Everything runs down the columns, dim 0, and every statistic is [F], which broadcasts back over the rows by itself.

The centred x is used twice: its squares give the variance, and divided by the root it is the normalised x. Written with
`x.var(dim=0, correction=correction)` it is one line shorter and the same. Autograd follows mean and variance back to x:
that part of the gradient is what takes away any wish of the loss to shift or stretch a whole column.

A bias added before this is useless: it moves the mean by as much, and is subtracted again. beta does its work.
"""

from __future__ import annotations

import torch
from torch import Tensor


def batchnorm(
    x: Tensor, gamma: Tensor, beta: Tensor, eps: float = 1e-5, correction: int = 0
) -> tuple[Tensor, Tensor, Tensor]:
    """Normalise each column of x [B,F], scale by gamma [F], shift by beta [F]: (y [B,F], mean [F], var [F])."""
    mean = x.mean(dim=0)
    centred = x - mean
    var = (centred**2).sum(dim=0) / (len(x) - correction)
    normed = centred / torch.sqrt(var + eps)
    return gamma * normed + beta, mean, var
