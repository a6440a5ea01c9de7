"""Keys first in an einsum, -inf through torch.where, the NaN of empty rows replaced afterwards."""

import math

import torch


def attention_weights(q, k, mask=None):
    scores = torch.einsum("...td,...kd->...tk", q, k) * (1 / math.sqrt(q.size(-1)))
    if mask is not None:
        scores = torch.where(mask, scores, torch.tensor(-math.inf, dtype=scores.dtype))
    weights = scores.softmax(-1)
    if mask is not None:
        weights = torch.where(mask.any(-1, keepdim=True), weights, torch.zeros_like(weights))
    return weights
