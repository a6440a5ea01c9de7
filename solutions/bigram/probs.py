"""Add, sum each row with keepdim, divide, and replace the rows that had nothing to divide by.

`keepdim=True` keeps the sums as a column [V, 1], which is stretched along each row. k·V need not be written out:
summing after the addition counts k once for each of the V entries. `double()` makes a new tensor, so the caller's
counts are safe, and float64 because float32 has only seven digits. `torch.where` takes 1/V where a total is 0; the
0/0 beside it is computed too, and not used.
"""

from __future__ import annotations

import torch
from torch import Tensor


def row_probs(counts: Tensor, smoothing: float = 0.0) -> Tensor:
    """counts [V, V] int64 → probabilities [V, V] float64; each row sums to 1."""
    weights = counts.double() + smoothing
    totals = weights.sum(dim=1, keepdim=True)
    return torch.where(totals > 0, weights / totals, 1 / counts.shape[1])
