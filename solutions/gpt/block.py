"""Two lines do the work, and both have the same form: x plus a function of the normalised x.

The second line reads the x that the first one made, so each token thinks about what it has just heard. `x = x + …`
makes a new tensor each time; `x += …` would write into the tensor of the caller.
"""

from __future__ import annotations

from torch import Tensor, nn

from exercises.attention.batched_heads import CausalSelfAttention
from exercises.gpt.feed_forward import MLP
from exercises.gpt.layernorm import LayerNorm


class Block(nn.Module):
    """One layer of a GPT: tokens talk (attention), then each one thinks (MLP)."""

    def __init__(self, n_embd: int, n_head: int, block_size: int, dropout: float = 0.0, bias: bool = True) -> None:
        super().__init__()
        self.ln_1 = LayerNorm(n_embd, bias)
        self.attn = CausalSelfAttention(n_embd, n_head, block_size, dropout, bias)
        self.ln_2 = LayerNorm(n_embd, bias)
        self.mlp = MLP(n_embd, dropout, bias)

    def forward(self, x: Tensor) -> Tensor:
        """x [B,T,C] to the same shape."""
        x = x + self.attn(self.ln_1(x))
        x = x + self.mlp(self.ln_2(x))
        return x
