"""How weights begin and how they are changed: PyTorch's ways, each with the signature of the exercise that replaces it.

gpt/init                    init_weights(model, generator)
training/param_groups       param_groups(model, weight_decay)
training/adamw              AdamW(groups, lr, betas, eps, weight_decay)
training/lr_schedule        get_lr(it, max_lr, min_lr, warmup, decay_iters)
recurrent/clip_grad_norm    clip_grad_norm_(params, max_norm)
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

NAMES = {
    "gpt/init": "init_weights",
    "training/param_groups": "param_groups",
    "training/adamw": "AdamW",
    "training/lr_schedule": "get_lr",
    "recurrent/clip_grad_norm": "clip_grad_norm_",
}
"""What each of these exercises defines."""

FIELDS = {"AdamW": "adamw", "clip_grad_norm_": "clip_grad_norm"} | {
    name: name for name in ("init_weights", "param_groups", "get_lr")
}
"""The field of `Tools` that each of these names fills."""

OURS = {
    "gpt/init": "first weights (as gpt/init asks)",
    "training/param_groups": "two groups of parameters",
    "training/adamw": "AdamW (PyTorch's)",
    "training/lr_schedule": "learning rate",
    "recurrent/clip_grad_norm": "clipping",
}
"""What stands in for an exercise that has not passed."""


def init_weights(model: nn.Module, generator: torch.Generator | None = None) -> None:
    """Weights as GPT-2 starts: N(0, 0.02), projections back into the residual stream smaller by √(2·n_layer).

    It is what the exercise gpt/init asks for. Drawn on the CPU, so that all devices start alike.
    """
    n_layer: int = model.config.n_layer  # type: ignore[assignment, union-attr]
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if name.endswith("bias"):
                parameter.zero_()
            elif parameter.dim() >= 2:
                std = 0.02 / math.sqrt(2 * n_layer) if name.endswith("c_proj.weight") else 0.02
                parameter.copy_(torch.randn(parameter.shape, generator=generator) * std)


def param_groups(model: nn.Module, weight_decay: float) -> list[dict[str, Any]]:
    """Matrices and tables, which decay, and all other parameters, which do not."""
    trained = [each for each in model.parameters() if each.requires_grad]
    groups = (
        {"params": [each for each in trained if each.dim() >= 2], "weight_decay": weight_decay},
        {"params": [each for each in trained if each.dim() < 2], "weight_decay": 0.0},
    )
    return [group for group in groups if group["params"]]


def adamw(groups: list[dict[str, Any]], **settings: Any) -> torch.optim.Optimizer:
    """PyTorch's AdamW, all parameters in one kernel where the device has it."""
    kind = groups[0]["params"][0].device.type
    return torch.optim.AdamW(groups, fused=kind in ("cuda", "cpu", "mps"), **settings)


def get_lr(it: int, max_lr: float, min_lr: float, warmup: int, decay_iters: int) -> float:
    """The learning rate of update number `it`, counted from 0: up in a line, down along half a cosine, then low."""
    if it < warmup:
        return max_lr * (it + 1) / (warmup + 1)
    if it > decay_iters:
        return min_lr
    done = (it - warmup) / max(1, decay_iters - warmup)
    return min_lr + 0.5 * (1 + math.cos(math.pi * done)) * (max_lr - min_lr)


def clip_grad_norm_(params: Iterable[Tensor], max_norm: float) -> Tensor:
    """Scales all gradients in place so that their length together is at most `max_norm`; returns it as it was."""
    gradients = [each.grad for each in params if each.grad is not None]
    lengths = torch._foreach_norm(gradients)
    total: Tensor = torch.linalg.vector_norm(torch.stack(lengths))
    if total.device.type != "cpu" or total > max_norm:  # asking a GPU would make it wait
        torch._foreach_mul_(gradients, (max_norm / (total + 1e-6)).clamp(max=1.0))
    return total


@dataclass(frozen=True)
class Tools:
    """The five, each the learner's own or one of these."""

    init_weights: Callable[[nn.Module, torch.Generator], None] = init_weights
    param_groups: Callable[[nn.Module, float], list[dict[str, Any]]] = param_groups
    adamw: Callable[..., Any] = adamw
    get_lr: Callable[[int, float, float, int, int], float] = get_lr
    clip_grad_norm: Callable[[list[Tensor], float], Tensor | float] = clip_grad_norm_
