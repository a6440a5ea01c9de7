"""The whole is short because the parts are done: look up, add, stack, normalise, compare with the vocabulary.

Assigning `self.wte.weight` to the head's `weight` makes the two one Parameter, not two with equal values: it is counted
once, and gradients from both ends meet in it. The blocks sit in an nn.ModuleList, because a plain list would hide their
parameters from `parameters()`, `to()`, `train()` and the optimizer.

For the loss, [B,T,V] and [B,T] become [B·T,V] and [B·T]: flattening keeps the vocabulary last, so each row of logits
still belongs to its target. Without targets only the last position is of interest, and cutting x before the head saves
the widest matrix product of the model for all the other positions.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from exercises.bigram.cross_entropy import cross_entropy
from exercises.gpt.block import Block
from exercises.gpt.layernorm import LayerNorm


@dataclass
class GPTConfig:
    """The sizes of a GPT."""

    block_size: int = 256
    vocab_size: int = 65
    n_layer: int = 6
    n_head: int = 6
    n_embd: int = 384
    dropout: float = 0.2
    bias: bool = True


class GPT(nn.Module):
    """Tokens to the logits of the token that follows each of them."""

    def __init__(self, config: GPTConfig) -> None:
        super().__init__()
        self.config = config
        self.wte = nn.Embedding(config.vocab_size, config.n_embd)
        self.wpe = nn.Embedding(config.block_size, config.n_embd)
        self.drop = nn.Dropout(config.dropout)
        self.h = nn.ModuleList(
            Block(config.n_embd, config.n_head, config.block_size, config.dropout, config.bias)
            for _ in range(config.n_layer)
        )
        self.ln_f = LayerNorm(config.n_embd, config.bias)
        self.lm_head = nn.Linear(config.n_embd, config.vocab_size, bias=False)
        self.lm_head.weight = self.wte.weight

    def forward(self, idx: Tensor, targets: Tensor | None = None) -> tuple[Tensor, Tensor | None]:
        """idx [B,T] and targets [B,T] to logits [B,T,V] and the loss []; without targets to logits [B,1,V] and None."""
        length = idx.shape[1]
        if length > self.config.block_size:
            raise ValueError(f"{length} tokens do not fit into a context of {self.config.block_size}; crop them first")
        positions = torch.arange(length, device=idx.device)
        x = self.drop(self.wte(idx) + self.wpe(positions))
        for block in self.h:
            x = block(x)
        x = self.ln_f(x)
        if targets is None:
            return self.lm_head(x[:, -1:]), None
        logits = self.lm_head(x)
        loss = cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=-1)
        return logits, loss
