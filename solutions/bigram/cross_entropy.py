"""log-sum-exp minus the right logit, after each row's largest logit was taken off.

The probabilities are never formed: log and exp meet in one expression whose largest exponential is 1. Indexing with
two vectors, `[0 … N-1]` and `targets`, picks one entry per row; `gather` does the same. Rows to be ignored are
dropped first, so that their target, which may be no index at all, is never used, and the mean divides by the rows
that are left. The maximum may stay in the graph: its gradient cancels exactly.
"""

from __future__ import annotations

import torch
from torch import Tensor


def cross_entropy(logits: Tensor, targets: Tensor, ignore_index: int | None = None) -> Tensor:
    """logits [N, V], targets [N] int64 → mean of -log p(target) over the rows that count, shape []."""
    if ignore_index is not None:
        counted = targets != ignore_index
        logits, targets = logits[counted], targets[counted]
    shifted = logits - logits.max(dim=1, keepdim=True).values
    log_sums = shifted.exp().sum(dim=1).log()
    right = shifted[torch.arange(len(targets)), targets]
    return (log_sums - right).mean()
