"""The lowest number of the dtype stands in for minus infinity, so that a row without any key stays finite.

With a true -inf such a row is 0/0 in the softmax: NaN in the result, and NaN in every gradient that passes it. With
the lowest finite number the row becomes uniform, and the last line makes it zero. In every other row the difference
to an allowed score is so large that `exp` gives exactly 0, so the last line changes nothing there. Filling with -inf
and then replacing the NaN rows by `torch.where` or `masked_fill` is right as well: masking the scores also stops the
NaN on the way back.

A constant such as -1e9 is not: float16 cannot hold it, and scores can be lower.

`transpose(-2, -1)` counts from the end and so serves every number of leading dimensions; `k.mT` is the same.
"""

from __future__ import annotations

import torch
from torch import Tensor


def attention_weights(q: Tensor, k: Tensor, mask: Tensor | None = None) -> Tensor:
    """How much each query wants of each key: q [...,T,D], k [...,K,D], mask [T,K] (True = may attend) to [...,T,K]."""
    scores = q @ k.transpose(-2, -1) / q.shape[-1] ** 0.5
    if mask is None:
        return torch.softmax(scores, dim=-1)
    lowest = torch.finfo(scores.dtype).min
    weights = torch.softmax(scores.masked_fill(~mask, lowest), dim=-1)
    return weights.masked_fill(~mask, 0.0)
