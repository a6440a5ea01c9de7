"""Crop, ask, draw, append: four lines, and the loop does not know what kind of model it is asking.

`logits[:, -1]` works for a model that returns the logits of all positions and for one that returns only those of the
last. The crop is taken from idx on its way into the model; idx itself keeps growing. `torch.multinomial` takes rows of
weights and draws for each row on its own. `torch.no_grad` as a decorator covers the whole loop: nothing here is
learned, and without it each step would keep the graph of all steps before.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn


@torch.no_grad()
def generate(model: nn.Module, idx: Tensor, max_new_tokens: int, generator: torch.Generator | None = None) -> Tensor:
    """Tokens idx [B,T] to [B,T+n]: each new one drawn from what the model expects after those before it."""
    for _ in range(max_new_tokens):
        context = idx[:, -model.config.block_size :]
        logits, _ = model(context)
        probs = torch.softmax(logits[:, -1], dim=-1)
        following = torch.multinomial(probs, num_samples=1, generator=generator)
        idx = torch.cat((idx, following), dim=1)
    return idx
