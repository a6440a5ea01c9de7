"""By torch's own statistics, and one slope and one offset per column instead of centring first."""

import torch
from torch import Tensor


def batchnorm(
    x: Tensor, gamma: Tensor, beta: Tensor, eps: float = 1e-5, correction: int = 0
) -> tuple[Tensor, Tensor, Tensor]:
    var, mean = torch.var_mean(x, dim=0, correction=correction)
    slope = gamma * (var + eps).rsqrt()
    return torch.addcmul(beta, x - mean, slope), mean, var
