"""Mean and variance over dim 0, the examples; their shape [F] then lines up with the columns of x by itself.

Normalising comes first, gamma and beta after it. The centred x serves both the variance and the quotient. Writing the
variance out shows what `correction` is; `x.var(dim=0, correction=correction)` computes the same. Nothing is detached: a
change of one example moves mean and variance, and so every other example's result, and the gradient has to know that.
"""

from __future__ import annotations

import torch
from torch import Tensor


def batchnorm(
    x: Tensor, gamma: Tensor, beta: Tensor, eps: float = 1e-5, correction: int = 0
) -> tuple[Tensor, Tensor, Tensor]:
    """x [B, F], gamma [F], beta [F] → (y [B, F], mean [F], var [F])."""
    mean = x.mean(dim=0)
    centred = x - mean
    var = (centred**2).sum(dim=0) / (len(x) - correction)
    normalised = centred / torch.sqrt(var + eps)
    return gamma * normalised + beta, mean, var
