"""The tutor's own GPT, for comparison with the learner's: same sizes and names, torch's fused layers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812 (its usual name)
from torch import Tensor, nn

from tutor.trainer.gelu import gelu

REVISION = 1
"""Changes with the meaning of the weights: a checkpoint of another revision is refused."""


@dataclass
class GPTConfig:
    """Sizes of a GPT."""

    block_size: int = 256
    vocab_size: int = 65
    n_layer: int = 6
    n_head: int = 6
    n_embd: int = 384
    dropout: float = 0.2
    bias: bool = True


class _Attention(nn.Module):
    def __init__(self, config: GPTConfig) -> None:
        super().__init__()
        self.n_head, self.dropout = config.n_head, config.dropout
        self.c_attn = nn.Linear(config.n_embd, 3 * config.n_embd, bias=config.bias)
        self.c_proj = nn.Linear(config.n_embd, config.n_embd, bias=config.bias)

    def forward(self, x: Tensor) -> Tensor:
        B, T, C = x.shape  # noqa: N806 (as everywhere)
        q, k, v = self.c_attn(x).view(B, T, 3, self.n_head, C // self.n_head).permute(2, 0, 3, 1, 4).unbind(0)
        dropout = self.dropout if self.training else 0.0
        y = F.scaled_dot_product_attention(q, k, v, dropout_p=dropout, is_causal=True)
        return _dropped(self.c_proj(y.transpose(1, 2).flatten(2)), dropout)


class _MLP(nn.Module):
    def __init__(self, config: GPTConfig) -> None:
        super().__init__()
        self.dropout = config.dropout
        self.c_fc = nn.Linear(config.n_embd, 4 * config.n_embd, bias=config.bias)
        self.c_proj = nn.Linear(4 * config.n_embd, config.n_embd, bias=config.bias)

    def forward(self, x: Tensor) -> Tensor:
        return _dropped(self.c_proj(gelu(self.c_fc(x))), self.dropout if self.training else 0.0)


class _Block(nn.Module):
    def __init__(self, config: GPTConfig) -> None:
        super().__init__()
        self.ln_1 = nn.LayerNorm(config.n_embd, bias=config.bias)
        self.attn = _Attention(config)
        self.ln_2 = nn.LayerNorm(config.n_embd, bias=config.bias)
        self.mlp = _MLP(config)

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.attn(self.ln_1(x))
        return torch.add(x, self.mlp(self.ln_2(x)))


def _dropped(x: Tensor, probability: float) -> Tensor:
    return F.dropout(x, probability) if probability else x


class GPT(nn.Module):
    """Logits and loss from tokens; the output head is the token table."""

    def __init__(self, config: GPTConfig) -> None:
        super().__init__()
        self.config = config
        self.wte = nn.Embedding(config.vocab_size, config.n_embd)
        self.wpe = nn.Embedding(config.block_size, config.n_embd)
        self.h = nn.ModuleList(_Block(config) for _ in range(config.n_layer))
        self.ln_f = nn.LayerNorm(config.n_embd, bias=config.bias)

    def forward(self, idx: Tensor, targets: Tensor | None = None) -> tuple[Tensor, Tensor | None]:
        """Tokens [B,T] to logits [B,T,V] and loss; to logits [B,1,V] and None without targets."""
        x = self.wte(idx) + self.wpe.weight[: idx.shape[1]]
        x = _dropped(x, self.config.dropout if self.training else 0.0)
        for block in self.h:
            x = block(x)
        x = self.ln_f(x if targets is not None else x[:, -1:])
        logits = F.linear(x, self.wte.weight)
        if targets is None:
            return logits, None
        return logits, F.cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=-1)


def char_corpus(text: str, train_fraction: float = 0.9) -> tuple[Tensor, Tensor, dict[str, int], dict[int, str]]:
    """Numbers of the first part and of the rest, and the two tables between characters and numbers."""
    stoi = {character: number for number, character in enumerate(sorted(set(text)))}
    data = torch.tensor([stoi[character] for character in text])
    cut = int(train_fraction * len(data))
    return data[:cut], data[cut:], stoi, {number: character for character, number in stoi.items()}


def get_batch(
    data: Tensor, block_size: int, batch_size: int, generator: torch.Generator, device: str = "cpu"
) -> tuple[Tensor, Tensor]:
    """Windows at random places, and the same windows one later."""
    starts = torch.randint(len(data) - block_size, (batch_size,), generator=generator)
    windows = data[starts[:, None] + torch.arange(block_size + 1)]
    return windows[:, :-1].to(device), windows[:, 1:].to(device)


@torch.no_grad()
def generate(model: Any, idx: Tensor, max_new_tokens: int, generator: torch.Generator | None = None) -> Tensor:
    """The tokens and as many more, each drawn from the model's distribution."""
    for _ in range(max_new_tokens):
        logits, _ = model(idx[:, -model.config.block_size :])
        following = torch.multinomial(logits[:, -1].softmax(-1), 1, generator=generator)
        idx = torch.cat((idx, following), dim=1)
    return idx
