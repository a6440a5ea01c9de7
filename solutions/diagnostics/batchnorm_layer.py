"""Two paths in one call; the memory is updated under no_grad.

Without `torch.no_grad()` each running average would hold on to the graph of its batch, and through the old average to
all batches before it: memory would grow with every step. `batchnorm` returns the variance that divides by B; the
factor B / (B - 1) makes of it the one that is remembered, which is also why a batch of one must be refused. `lerp`
would write the update in one call; the two products say more.
"""

from __future__ import annotations

import torch
from torch import Tensor

from exercises.diagnostics.batchnorm import batchnorm


class BatchNorm1d:
    """Batch normalisation of [B, dim] with running statistics."""

    def __init__(self, dim: int, eps: float = 1e-5, momentum: float = 0.1) -> None:
        self.eps = eps
        self.momentum = momentum
        self.training = True
        self.gamma = torch.ones(dim)
        self.beta = torch.zeros(dim)
        self.running_mean = torch.zeros(dim)
        self.running_var = torch.ones(dim)

    def __call__(self, x: Tensor) -> Tensor:
        """x [B, dim] → [B, dim]; in training it also updates the running statistics."""
        if self.training:
            self.out = self._normalise_and_remember(x)
        else:
            scale = self.gamma / torch.sqrt(self.running_var + self.eps)
            self.out = scale * (x - self.running_mean) + self.beta
        return self.out

    def _normalise_and_remember(self, x: Tensor) -> Tensor:
        B = len(x)
        if B < 2:
            raise ValueError("a training batch needs at least two examples: one has no variance")
        y, mean, var = batchnorm(x, self.gamma, self.beta, self.eps)
        with torch.no_grad():
            unbiased = var * B / (B - 1)
            self.running_mean = (1 - self.momentum) * self.running_mean + self.momentum * mean
            self.running_var = (1 - self.momentum) * self.running_var + self.momentum * unbiased
        return y

    def parameters(self) -> list[Tensor]:
        """What the layer learns: gamma and beta."""
        return [self.gamma, self.beta]
