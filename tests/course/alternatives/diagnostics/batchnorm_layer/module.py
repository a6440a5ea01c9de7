"""As an nn.Module: parameters and registered buffers, which are updated in place by lerp_."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from exercises.diagnostics.batchnorm import batchnorm


class BatchNorm1d(nn.Module):
    def __init__(self, dim: int, eps: float = 1e-5, momentum: float = 0.1) -> None:
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(dim))
        self.beta = nn.Parameter(torch.zeros(dim))
        self.register_buffer("running_mean", torch.zeros(dim))
        self.register_buffer("running_var", torch.ones(dim))
        self.eps, self.momentum = eps, momentum

    def forward(self, x: Tensor) -> Tensor:
        if not self.training:
            scale = self.gamma * torch.rsqrt(self.running_var + self.eps)
            self.out = x * scale + (self.beta - self.running_mean * scale)
            return self.out
        if x.shape[0] < 2:
            raise ValueError("more than one example is needed")
        self.out, mean, var = batchnorm(x, self.gamma, self.beta, self.eps)
        self.running_mean.lerp_(mean.detach(), self.momentum)
        self.running_var.lerp_(var.detach() * (len(x) / (len(x) - 1)), self.momentum)
        return self.out

    def parameters(self, recurse: bool = True) -> list[Tensor]:
        return list(super().parameters(recurse))
