"""F.dropout with the mode handed on, the cube as a product, the constant as digits."""

import torch
import torch.nn.functional as F  # noqa: N812
from torch import nn


def gelu(x):
    return x / 2 * (1 + torch.tanh(0.7978845608028654 * (x + 0.044715 * x * x * x)))


class MLP(nn.Module):
    def __init__(self, n_embd, dropout=0.0, bias=True):
        super().__init__()
        self.p = dropout
        self.c_fc = nn.Linear(n_embd, n_embd * 4, bias)
        self.c_proj = nn.Linear(n_embd * 4, n_embd, bias)

    def forward(self, x):
        x = self.c_fc(x)
        x = gelu(x)
        x = self.c_proj(x)
        return F.dropout(x, p=self.p, training=self.training)
