"""(1 + tanh(u)) / 2 is the sigmoid of 2u."""

import torch
from torch import nn

SLOPE = 2 * (2 / torch.pi) ** 0.5


def gelu(x):
    return x * torch.sigmoid(SLOPE * (x + 0.044715 * torch.pow(x, 3)))


class MLP(nn.Module):
    def __init__(self, n_embd, dropout=0.0, bias=True):
        super().__init__()
        hidden = 4 * n_embd
        self.drop = nn.Dropout(p=dropout)
        self.c_proj = nn.Linear(hidden, n_embd, bias=bias)
        self.c_fc = nn.Linear(n_embd, hidden, bias=bias)

    def forward(self, x):
        return self.drop(self.c_proj(gelu(self.c_fc(x))))
