"""Divides the columns of the transpose, where the sums line up by themselves; ones stand in for empty rows."""

from __future__ import annotations

import torch
from torch import Tensor


def row_probs(counts: Tensor, smoothing: float = 0.0) -> Tensor:
    table = counts.clone().type(torch.double)
    table += smoothing
    table[table.sum(1) == 0] = 1.0
    return (table.T / table.sum(1)).T
