"""All but the softmax is matrix products, and the batch comes for free: `@` works on the last two dimensions.

The triangle is a buffer of bool, made once for the longest text and cut to size at each call. As a plain attribute it
would stay on the CPU when the model moves; as a parameter an optimizer would train it, and the future would leak in
little by little. A triangle of ones and zeros, compared with 0 where it is used, is as good.

The length is checked by hand because the cut would hide it: `self.tril[:T, :T]` with a T that is too long just gives
a smaller square, and one of size 1 even broadcasts without an error.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from exercises.attention.scaled_scores import attention_weights


class Head(nn.Module):
    """Causal self-attention with one head."""

    def __init__(self, n_embd: int, head_size: int, block_size: int) -> None:
        super().__init__()
        self.key = nn.Linear(n_embd, head_size, bias=False)
        self.query = nn.Linear(n_embd, head_size, bias=False)
        self.value = nn.Linear(n_embd, head_size, bias=False)
        self.register_buffer("tril", torch.ones(block_size, block_size, dtype=torch.bool).tril())

    def forward(self, x: Tensor) -> Tensor:
        """x [B,T,C] to [B,T,D]; position t reads positions 0 … t. Raises ValueError if T > block_size."""
        T = x.shape[1]
        if T > len(self.tril):
            raise ValueError(f"a text of {T} positions is longer than block_size={len(self.tril)}; pass its last part")
        q, k, v = self.query(x), self.key(x), self.value(x)
        weights = attention_weights(q, k, self.tril[:T, :T])
        return weights @ v
