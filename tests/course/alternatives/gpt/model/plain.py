"""Sequential blocks, positions as a slice of the table, and the head as a matrix product."""

from dataclasses import dataclass

from torch import nn

from exercises.bigram import cross_entropy as bigram
from exercises.gpt import block, layernorm


@dataclass
class GPTConfig:
    block_size: int = 256
    vocab_size: int = 65
    n_layer: int = 6
    n_head: int = 6
    n_embd: int = 384
    dropout: float = 0.2
    bias: bool = True


class GPT(nn.Module):
    def __init__(self, config: GPTConfig):
        super().__init__()
        self.config = config
        shape = (config.n_embd, config.n_head, config.block_size, config.dropout, config.bias)
        self.wte = nn.Embedding(config.vocab_size, config.n_embd)
        self.wpe = nn.Embedding(config.block_size, config.n_embd)
        self.drop = nn.Dropout(p=config.dropout)
        self.h = nn.Sequential(*[block.Block(*shape) for _ in range(config.n_layer)])
        self.ln_f = layernorm.LayerNorm(config.n_embd, config.bias)
        self.lm_head = nn.Linear(config.n_embd, config.vocab_size, bias=False)
        self.lm_head.weight = self.wte.weight

    def forward(self, idx, targets=None):
        length = idx.shape[-1]
        if length > self.config.block_size:
            raise ValueError("too many tokens")
        x = self.ln_f(self.h(self.drop(self.wpe.weight[:length] + self.wte(idx))))
        loss = None
        if targets is None:
            x = x[:, length - 1 : length, :]
        logits = x @ self.wte.weight.T
        if targets is not None:
            rows = logits.reshape(-1, logits.shape[2])
            loss = bigram.cross_entropy(rows, targets.reshape(-1), -1)
        return logits, loss
