"""One wide Linear, two changes of shape, and the head of the last exercise in the middle.

`view` cuts the C numbers of each token into H pieces and `transpose` brings the pieces of one head together; on the
way back the same two steps are undone in reverse order. `reshape` at the end copies where it must, because after a
transpose the numbers no longer lie in reading order.

The mask can be made anew from the lengths, but a buffer is made once and moves to the GPU with the module; it is not
persistent, because a checkpoint should hold what was learned, and GPT-2's has no such entry under these names.

Dropping weights after the softmax means that now and then a token cannot hear another one. Before the softmax it
would mean something else: a score of 0 is not "nothing", it is just another score.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from exercises.attention.scaled_scores import attention_weights


class CausalSelfAttention(nn.Module):
    """Causal self-attention with n_head heads, computed together."""

    def __init__(self, n_embd: int, n_head: int, block_size: int, dropout: float = 0.0, bias: bool = True) -> None:
        super().__init__()
        if n_embd % n_head != 0:
            raise ValueError(f"n_embd={n_embd} is not a multiple of n_head={n_head}; choose sizes that divide")
        self.n_head = n_head
        self.c_attn = nn.Linear(n_embd, 3 * n_embd, bias=bias)
        self.c_proj = nn.Linear(n_embd, n_embd, bias=bias)
        self.weight_dropout = nn.Dropout(dropout)
        self.result_dropout = nn.Dropout(dropout)
        causal = torch.ones(block_size, block_size, dtype=torch.bool).tril()
        self.register_buffer("causal", causal, persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        """x [B,T,C] to [B,T,C]; position t reads positions 0 … t. Raises ValueError if T > block_size."""
        B, T, C = x.shape
        if T > len(self.causal):
            raise ValueError(
                f"a text of {T} positions is longer than block_size={len(self.causal)}; pass its last part"
            )
        q, k, v = self.c_attn(x).split(C, dim=-1)
        q = self._heads(q)
        k = self._heads(k)
        v = self._heads(v)
        weights = attention_weights(q, k, self.causal[:T, :T])
        weights = self.weight_dropout(weights)
        y = (weights @ v).transpose(1, 2).reshape(B, T, C)
        return self.result_dropout(self.c_proj(y))

    def _heads(self, x: Tensor) -> Tensor:
        """x [B,T,C] to [B,H,T,D]."""
        B, T, C = x.shape
        return x.view(B, T, self.n_head, C // self.n_head).transpose(1, 2)
