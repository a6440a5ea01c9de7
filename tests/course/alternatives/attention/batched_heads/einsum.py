"""Heads stay where they are: einsum names the dimensions, and no transpose is written. The mask is made in forward."""

import math

import torch
from torch import nn
from torch.nn import functional as F


class CausalSelfAttention(nn.Module):
    def __init__(self, n_embd, n_head, block_size, dropout=0.0, bias=True):
        super().__init__()
        if n_embd % n_head:
            raise ValueError("n_embd must be a multiple of n_head")
        self.n_head, self.block_size, self.dropout = n_head, block_size, dropout
        self.c_attn = nn.Linear(n_embd, 3 * n_embd, bias=bias)
        self.c_proj = nn.Linear(n_embd, n_embd, bias=bias)

    def forward(self, x):
        T = x.shape[1]
        if T > self.block_size:
            raise ValueError("too long")
        q, k, v = (part.unflatten(-1, (self.n_head, -1)) for part in self.c_attn(x).chunk(3, dim=-1))
        scores = torch.einsum("bthd,bshd->bhts", q, k) / math.sqrt(q.shape[-1])
        later = torch.ones(T, T, dtype=torch.bool, device=x.device).triu(1)
        weights = scores.masked_fill(later, -math.inf).softmax(-1)
        weights = F.dropout(weights, self.dropout, self.training)
        y = torch.einsum("bhts,bshd->bthd", weights, v).flatten(2)
        return F.dropout(self.c_proj(y), self.dropout, self.training)
