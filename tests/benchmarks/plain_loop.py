"""What a good programmer writes by hand to train this one GPT fast, and nothing else: the rival of `tutor train`.

Fused attention and AdamW, autocast, TF32, pinned batches, no number read on the way. It logs and saves nothing.
"""

from __future__ import annotations

import contextlib
import math
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812 (its usual name)
from torch import Tensor, nn

from tutor.core.presets import Schedule, Shape


class Block(nn.Module):
    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.heads, self.drop, wide = shape.n_head, shape.dropout, shape.n_embd
        self.norm1, self.norm2 = (nn.LayerNorm(wide, bias=shape.bias) for _ in range(2))
        self.qkv, self.out = nn.Linear(wide, 3 * wide, shape.bias), nn.Linear(wide, wide, shape.bias)
        self.up, self.down = nn.Linear(wide, 4 * wide, shape.bias), nn.Linear(4 * wide, wide, shape.bias)

    def forward(self, x: Tensor) -> Tensor:
        B, T, C = x.shape
        q, k, v = self.qkv(self.norm1(x)).view(B, T, 3, self.heads, C // self.heads).permute(2, 0, 3, 1, 4).unbind(0)
        drop = self.drop if self.training else 0.0
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True, dropout_p=drop).transpose(1, 2).reshape(B, T, C)
        x = x + F.dropout(self.out(y), drop, self.training)
        return x + F.dropout(self.down(F.gelu(self.up(self.norm2(x)), approximate="tanh")), drop, self.training)


class Model(nn.Module):
    def __init__(self, shape: Shape, vocabulary: int) -> None:
        super().__init__()
        self.drop = shape.dropout
        self.tokens = nn.Embedding(vocabulary, shape.n_embd)
        self.places = nn.Parameter(torch.zeros(shape.block_size, shape.n_embd))
        self.blocks = nn.ModuleList(Block(shape) for _ in range(shape.n_layer))
        self.norm = nn.LayerNorm(shape.n_embd, bias=shape.bias)
        for name, each in self.named_parameters():
            if each.dim() >= 2:
                small = name.endswith(("out.weight", "down.weight"))
                nn.init.normal_(each, std=0.02 / math.sqrt(2 * shape.n_layer) if small else 0.02)
            elif name.endswith("bias"):
                nn.init.zeros_(each)

    def forward(self, idx: Tensor, targets: Tensor) -> Tensor:
        x = F.dropout(self.tokens(idx) + self.places[: idx.shape[1]], self.drop, self.training)
        for block in self.blocks:
            x = block(x)
        logits = F.linear(self.norm(x), self.tokens.weight)
        return F.cross_entropy(logits.flatten(0, 1), targets.flatten())


class PlainLoop:
    """The rival; `steps(n)` trains so many."""

    def __init__(
        self,
        shape: Shape,
        schedule: Schedule,
        data: Tensor,
        vocabulary: int,
        device: str,
        precision: str,
        compiled: bool,
    ) -> None:
        self.shape, self.schedule, self.data, self.device = shape, schedule, data, device
        self.model: Any = Model(shape, vocabulary).to(device).train()
        parameters = list(self.model.parameters())
        groups = [
            {"params": [each for each in parameters if each.dim() >= 2], "weight_decay": schedule.weight_decay},
            {"params": [each for each in parameters if each.dim() < 2], "weight_decay": 0.0},
        ]
        betas = (schedule.beta1, schedule.beta2)
        self.optimizer = torch.optim.AdamW(groups, lr=schedule.learning_rate, betas=betas, fused=True)
        self.parameters, self.done = parameters, 0
        dtype = getattr(torch, precision)
        half = dtype != torch.float32
        self.autocast = (lambda: torch.autocast(device, dtype=dtype)) if half else contextlib.nullcontext
        self.offsets = torch.arange(shape.block_size + 1)
        self.forward = torch.compile(self.model) if compiled else self.model
        self.next = self.batch()

    def steps(self, count: int) -> None:
        """Trains so many steps; on a GPU they may still be running at the end."""
        for _ in range(count):
            x, y = self.next
            with self.autocast():
                loss = self.forward(x, y)
            self.optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(self.parameters, self.schedule.grad_clip, foreach=True)
            for group in self.optimizer.param_groups:
                group["lr"] = self.rate()
            self.optimizer.step()
            self.next = self.batch()
            self.done += 1

    def rate(self) -> float:
        plan, it = self.schedule, self.done
        if it < plan.warmup:
            return plan.learning_rate * (it + 1) / (plan.warmup + 1)
        part = min(1.0, (it - plan.warmup) / (plan.steps - plan.warmup))
        wave = 0.5 * (1 + math.cos(math.pi * part))
        return plan.min_learning_rate + wave * (plan.learning_rate - plan.min_learning_rate)

    def batch(self) -> tuple[Tensor, Tensor]:
        starts = torch.randint(len(self.data) - self.shape.block_size, (self.schedule.batch_size, 1))
        windows = self.data[starts + self.offsets]
        if self.device == "cuda":
            windows = windows.pin_memory().to("cuda", non_blocking=True)
        return windows[:, :-1], windows[:, 1:]
