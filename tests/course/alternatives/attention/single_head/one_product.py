"""The three weights stacked into one product, and a mask that is added to the scores."""

import torch
from torch import nn

from exercises.attention.scaled_scores import attention_weights


class Head(nn.Module):
    def __init__(self, n_embd, head_size, block_size):
        super().__init__()
        layers = {name: nn.Linear(n_embd, head_size, bias=False) for name in ("query", "key", "value")}
        for name, layer in layers.items():
            self.add_module(name, layer)
        positions = torch.arange(block_size)
        self.register_buffer("tril", positions[:, None] >= positions, persistent=False)

    def forward(self, x):
        T = x.size(1)
        if self.tril.size(0) < T:
            raise ValueError(f"{T} positions are too many")
        stacked = torch.cat([self.query.weight, self.key.weight, self.value.weight])
        q, k, v = nn.functional.linear(x, stacked).chunk(3, dim=-1)
        return torch.einsum("bts,bsd->btd", attention_weights(q, k, self.tril.narrow(0, 0, T).narrow(1, 0, T)), v)
