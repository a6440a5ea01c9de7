"""The table is tied the other way round, and all logits are computed before the last is taken."""

from dataclasses import dataclass

import torch
from torch import nn

from exercises.bigram.cross_entropy import cross_entropy
from exercises.gpt.block import Block
from exercises.gpt.layernorm import LayerNorm


@dataclass(frozen=True)
class GPTConfig:
    block_size: int = 256
    vocab_size: int = 65
    n_layer: int = 6
    n_head: int = 6
    n_embd: int = 384
    dropout: float = 0.2
    bias: bool = True


class GPT(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.config = config
        C = config.n_embd
        self.lm_head = nn.Linear(C, config.vocab_size, bias=False)
        self.wte = nn.Embedding(config.vocab_size, C)
        self.wte.weight = self.lm_head.weight
        self.wpe = nn.Embedding(config.block_size, C)
        self.drop = nn.Dropout(config.dropout)
        self.h = nn.ModuleList()
        for _ in range(config.n_layer):
            self.h.append(Block(C, config.n_head, config.block_size, dropout=config.dropout, bias=config.bias))
        self.ln_f = LayerNorm(C, bias=config.bias)

    def forward(self, idx, targets=None):
        B, T = idx.size()
        if self.config.block_size < T:
            raise ValueError(f"cannot forward a sequence of length {T}, the block size is {self.config.block_size}")
        x = self.wte(idx) + self.wpe(torch.arange(0, T, dtype=torch.long, device=idx.device).unsqueeze(0))
        x = self.drop(x)
        for block in self.h:
            x = block(x)
        logits = self.lm_head(self.ln_f(x))
        if targets is None:
            return logits[:, [-1], :], None
        return logits, cross_entropy(logits.view(B * T, -1), targets.reshape(B * T), ignore_index=-1)
