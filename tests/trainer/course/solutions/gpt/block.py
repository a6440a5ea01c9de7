"""A block that looks at the mean of what was; dropout makes the random numbers matter."""

import torch
from torch import nn


class Block(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.c_fc = nn.Linear(2 * config.n_embd, 4 * config.n_embd, bias=config.bias)
        self.c_proj = nn.Linear(4 * config.n_embd, config.n_embd, bias=config.bias)
        self.drop = nn.Dropout(config.dropout)

    def forward(self, x):
        count = torch.arange(1, x.shape[1] + 1, device=x.device)[:, None]
        past = x.cumsum(1) / count
        return x + self.drop(self.c_proj(torch.tanh(self.c_fc(torch.cat((x, past), -1)))))
