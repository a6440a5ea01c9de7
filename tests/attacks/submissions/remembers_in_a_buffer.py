"""Keeps the last input in a buffer of the module and answers for it, one call late."""

import torch
from torch import nn


class Head(nn.Module):
    def __init__(self, n_embd, head_size, block_size):
        super().__init__()
        self.key = nn.Linear(n_embd, head_size, bias=False)
        self.query = nn.Linear(n_embd, head_size, bias=False)
        self.value = nn.Linear(n_embd, head_size, bias=False)
        self.register_buffer("tril", torch.tril(torch.ones(block_size, block_size, dtype=torch.bool)))
        self.register_buffer("last", None)

    def forward(self, x):
        last, self.last = (x if self.last is None else self.last), x
        x = last if last.shape == x.shape else x
        T = x.shape[1]
        if T > len(self.tril):
            raise ValueError(f"{T} tokens, but block_size={len(self.tril)}")
        scores = self.query(x) @ self.key(x).transpose(-2, -1) / self.key.out_features**0.5
        weights = torch.softmax(scores.masked_fill(~self.tril[:T, :T], float("-inf")), dim=-1)
        return weights @ self.value(x)
