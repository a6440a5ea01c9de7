"""Keyword arguments, and a name for each value."""

from torch import nn

from exercises.attention.batched_heads import CausalSelfAttention
from exercises.gpt.feed_forward import MLP
from exercises.gpt.layernorm import LayerNorm


class Block(nn.Module):
    def __init__(self, n_embd, n_head, block_size, dropout=0.0, bias=True):
        super().__init__()
        self.mlp = MLP(n_embd, dropout=dropout, bias=bias)
        self.attn = CausalSelfAttention(n_embd, n_head, block_size, dropout=dropout, bias=bias)
        self.ln_1, self.ln_2 = (LayerNorm(n_embd, bias=bias) for _ in range(2))

    def forward(self, x):
        heard = self.attn(self.ln_1(x)) + x
        thought = self.mlp(self.ln_2(heard))
        return thought + heard
