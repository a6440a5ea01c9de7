"""Two matrix products with a bend between them; dropout comes last, where the result meets the residual stream.

The formula is typed as it stands. `x**3` is safe for large numbers here: tanh of something huge is exactly 1 or -1, and
the factor 0.5·(1 ± 1) is 1 or 0. The MLP never looks along the time dimension: nn.Linear works on the last dimension
and treats all others as a batch.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn


def gelu(x: Tensor) -> Tensor:
    """The tanh form of GELU, entry by entry: any shape to the same shape."""
    inner = math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)
    return 0.5 * x * (1 + torch.tanh(inner))


class MLP(nn.Module):
    """Widens each token's C channels to 4C, bends them with GELU, and narrows them to C again."""

    def __init__(self, n_embd: int, dropout: float = 0.0, bias: bool = True) -> None:
        super().__init__()
        self.c_fc = nn.Linear(n_embd, 4 * n_embd, bias=bias)
        self.c_proj = nn.Linear(4 * n_embd, n_embd, bias=bias)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor) -> Tensor:
        """x [..., C] to the same shape, each token on its own."""
        hidden = gelu(self.c_fc(x))
        return self.dropout(self.c_proj(hidden))
