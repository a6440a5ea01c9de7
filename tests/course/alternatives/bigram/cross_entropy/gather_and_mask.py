"""Keeps all rows, and weighs the ignored ones with 0."""

from __future__ import annotations

import torch
from torch import Tensor


def cross_entropy(logits: Tensor, targets: Tensor, ignore_index: int | None = None) -> Tensor:
    counted = torch.ones_like(targets, dtype=torch.bool) if ignore_index is None else targets.ne(ignore_index)
    safe = torch.where(counted, targets, torch.zeros_like(targets))
    top = torch.amax(logits, 1, keepdim=True).detach()
    log_sums = top + torch.log(torch.sum(torch.exp(logits - top), 1, keepdim=True))
    losses = (log_sums - logits.gather(1, safe.unsqueeze(1))).squeeze(1)
    return torch.where(counted, losses, torch.zeros_like(losses)).sum() / counted.sum()
