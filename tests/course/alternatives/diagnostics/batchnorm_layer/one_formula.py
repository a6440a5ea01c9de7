"""Chooses the statistics first; one formula then serves both modes. Calls the earlier exercise with correction 1."""

from __future__ import annotations

import torch
from torch import Tensor

from exercises.diagnostics.batchnorm import batchnorm


class BatchNorm1d:
    def __init__(self, dim: int, eps: float = 1e-5, momentum: float = 0.1) -> None:
        self.eps = eps
        self.momentum = momentum
        self.training = True
        self.gamma = torch.ones(dim, requires_grad=True)
        self.beta = torch.zeros(dim, requires_grad=True)
        self.running_mean = torch.zeros(dim)
        self.running_var = torch.ones(dim)
        self.out: Tensor | None = None

    def __call__(self, x: Tensor) -> Tensor:
        if self.training and len(x) < 2:
            raise ValueError(f"cannot train on {len(x)} example(s)")
        mean, var = (x.mean(0), x.var(0, correction=0)) if self.training else (self.running_mean, self.running_var)
        self.out = self.gamma * ((x - mean) / torch.sqrt(var + self.eps)) + self.beta
        if self.training:
            _, mean, var = batchnorm(x.detach(), self.gamma.detach(), self.beta.detach(), self.eps, 1)
            self.running_mean = self.running_mean + self.momentum * (mean - self.running_mean)
            self.running_var = self.running_var + self.momentum * (var - self.running_var)
        return self.out

    def parameters(self) -> list[Tensor]:
        return [self.gamma, self.beta]
