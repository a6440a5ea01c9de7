"""Row sums by a matrix product; the nan of empty rows is replaced afterwards."""

from __future__ import annotations

import torch
from torch import Tensor


def row_probs(counts: Tensor, smoothing: float = 0.0) -> Tensor:
    size = counts.size(0)
    n = counts.to(torch.float64).add(smoothing)
    totals = n @ torch.ones(size, 1, dtype=torch.float64)
    return (n / totals).nan_to_num(nan=1.0 / size)
