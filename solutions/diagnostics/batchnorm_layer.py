"""Two ways of working: the batch's own statistics in training, the remembered ones in evaluation.

The update stands under `no_grad`, so the buffers never carry a graph. `batchnorm` returns the biased variance that it
normalised with; B / (B - 1) makes it unbiased for the buffer. That the two differ is PyTorch's convention.

A batch of one is refused before anything is changed. Without the check the division by B - 1 = 0 would put NaN into
running_var, and no later batch would ever get it out again.
"""

from __future__ import annotations

import torch
from torch import Tensor

from exercises.diagnostics.batchnorm import batchnorm


class BatchNorm1d:
    """Normalises by the batch in training, by what it remembers of all batches in evaluation."""

    def __init__(self, dim: int, eps: float = 1e-5, momentum: float = 0.1) -> None:
        self.eps = eps
        self.momentum = momentum
        self.training = True
        self.gamma = torch.ones(dim)
        self.beta = torch.zeros(dim)
        self.running_mean = torch.zeros(dim)
        self.running_var = torch.ones(dim)

    def __call__(self, x: Tensor) -> Tensor:
        """x [B,dim] to the same shape, kept as `out`. Raises ValueError for a batch of one in training."""
        if self.training:
            B = len(x)
            if B == 1:
                raise ValueError("a batch of one has no variance; set training to False, or pass more examples")
            y, mean, var = batchnorm(x, self.gamma, self.beta, self.eps)
            with torch.no_grad():
                self.running_mean = (1 - self.momentum) * self.running_mean + self.momentum * mean
                self.running_var = (1 - self.momentum) * self.running_var + self.momentum * var * B / (B - 1)
        else:
            normed = (x - self.running_mean) / torch.sqrt(self.running_var + self.eps)
            y = self.gamma * normed + self.beta
        self.out = y
        return self.out

    def parameters(self) -> list[Tensor]:
        """What gradient descent may change: gamma and beta."""
        return [self.gamma, self.beta]
