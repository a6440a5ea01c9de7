"""Measure when it is time, then take one step; after the last step measure once more.

The measurement has a function of its own, because it changes the model's mode and must give it back: train() at its end
is what keeps dropout alive for the rest of the training. Summing `loss.item()` keeps plain floats; summing the tensors
themselves would be right too under no_grad, as long as what is recorded is a float.

The step is the one of every chapter since micrograd: forget the old gradients, backward, move.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn


def fit(
    model: nn.Module,
    get: Callable[[str], tuple[Tensor, Tensor]],
    steps: int,
    lr: float = 1e-3,
    eval_every: int = 500,
    eval_iters: int = 200,
    log: Callable[[dict], None] | None = None,
) -> list[dict]:
    """Train the model in place with AdamW; returns the records {"step", "train", "val"} in order."""
    optimizer = torch.optim.AdamW(model.parameters(), lr=lr)
    records: list[dict] = []
    for step in range(steps + 1):
        if step % eval_every == 0 or step == steps:
            records.append({"step": step, **_losses(model, get, eval_iters)})
            if log is not None:
                log(records[-1])
        if step == steps:
            break
        model.train()
        _, loss = model(*get("train"))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return records


@torch.no_grad()
def _losses(model: nn.Module, get: Callable[[str], tuple[Tensor, Tensor]], iters: int) -> dict[str, float]:
    """The mean loss over iters batches of each split, without dropout."""
    model.eval()
    means = {}
    for split in ("train", "val"):
        total = 0.0
        for _ in range(iters):
            _, loss = model(*get(split))
            total += loss.item()
        means[split] = total / iters
    model.train()
    return means
