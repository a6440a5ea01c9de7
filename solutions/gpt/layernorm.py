"""Mean and variance over the last dimension with keepdim, so that they broadcast back over each token's channels.

The variance is the biased one, `((x - mean) ** 2).mean()`: a sum divided by C, not by C - 1. Writing it out costs no
more than `x.var(-1, correction=0)`, and shows that the centred x is used twice. eps stands inside the root: it is
added to a variance, and keeps a constant row, whose variance is 0, from becoming 0/0.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn


class LayerNorm(nn.Module):
    """Normalises each token's channels to mean 0 and variance 1, then scales and shifts each channel."""

    def __init__(self, n_embd: int, bias: bool = True, eps: float = 1e-5) -> None:
        super().__init__()
        self.eps = eps
        self.weight = nn.Parameter(torch.ones(n_embd))
        self.bias = nn.Parameter(torch.zeros(n_embd)) if bias else None

    def forward(self, x: Tensor) -> Tensor:
        """x [..., C] to the same shape."""
        centred = x - x.mean(dim=-1, keepdim=True)
        variance = (centred**2).mean(dim=-1, keepdim=True)
        normed = centred / torch.sqrt(variance + self.eps)
        scaled = normed * self.weight
        return scaled if self.bias is None else scaled + self.bias
