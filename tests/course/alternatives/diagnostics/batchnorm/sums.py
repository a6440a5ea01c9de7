"""Sums by a product with ones, keepdim and squeeze, a power of -1/2."""

from __future__ import annotations

import torch
from torch import Tensor


def batchnorm(
    x: Tensor, gamma: Tensor, beta: Tensor, eps: float = 1e-5, correction: int = 0
) -> tuple[Tensor, Tensor, Tensor]:
    size = x.size(0)
    ones = x.new_ones(1, size)
    mean = ones @ x / size
    var = ones @ (x - mean).pow(2) / (size - correction)
    y = (x - mean) * (var + eps).pow(-0.5)
    return torch.addcmul(beta, gamma, y), mean.squeeze(0), var.squeeze(0)
