"""Updates its buffers in place from detached values, and uses torch.var for them."""

from __future__ import annotations

import torch
from torch import Tensor

from exercises.diagnostics.batchnorm import batchnorm


class BatchNorm1d:
    def __init__(self, dim: int, eps: float = 1e-5, momentum: float = 0.1) -> None:
        self.dim, self.eps, self.momentum, self.training = dim, eps, momentum, True
        self.gamma, self.beta = torch.ones(dim), torch.zeros(dim)
        self.running_mean, self.running_var = torch.zeros(dim), torch.ones(dim)

    def __call__(self, x: Tensor) -> Tensor:
        if not self.training:
            self.out = (x - self.running_mean) / (self.running_var + self.eps) ** 0.5 * self.gamma + self.beta
            return self.out
        if x.shape[0] == 1:
            raise ValueError("one example has no variance")
        self.running_mean.lerp_(x.detach().mean(0), self.momentum)
        self.running_var.lerp_(x.detach().var(0), self.momentum)
        self.out = batchnorm(x, self.gamma, self.beta, self.eps)[0]
        return self.out

    def parameters(self) -> list[Tensor]:
        return [self.gamma, self.beta]
