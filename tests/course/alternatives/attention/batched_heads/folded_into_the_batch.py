"""Heads folded into the batch, [B·H, T, D], so that all is three-dimensional; one view for q, k and v together."""

import torch
from torch import nn

from exercises.attention.scaled_scores import attention_weights


class CausalSelfAttention(nn.Module):
    def __init__(self, n_embd, n_head, block_size, dropout=0.0, bias=True):
        super().__init__()
        if n_embd // n_head * n_head != n_embd:
            raise ValueError("n_embd must be a multiple of n_head")
        self.heads, self.size = n_head, n_embd // n_head
        self.c_attn = nn.Linear(n_embd, 3 * n_embd, bias)
        self.c_proj = nn.Linear(n_embd, n_embd, bias)
        self.drop = nn.Dropout(dropout)
        self.register_buffer("mask", torch.tril(torch.ones(block_size, block_size)).bool(), persistent=False)

    def forward(self, x):
        B, T, C = x.shape
        if T > self.mask.shape[0]:
            raise ValueError("too long")
        parts = self.c_attn(x).reshape(B, T, 3, self.heads, self.size).permute(2, 0, 3, 1, 4)
        q, k, v = parts.reshape(3, B * self.heads, T, self.size)
        y = torch.bmm(self.drop(attention_weights(q, k, self.mask[:T, :T])), v)
        y = y.reshape(B, self.heads, T, self.size).permute(0, 2, 1, 3).contiguous().view(B, T, C)
        return self.drop(self.c_proj(y))
