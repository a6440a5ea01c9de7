"""The softmax written out: shifted by each row's maximum, forbidden keys multiplied by zero, queries scaled first."""

import torch


def attention_weights(q, k, mask=None):
    scores = torch.matmul(q / q.shape[-1] ** 0.5, k.mT)
    if mask is None:
        mask = torch.ones(scores.shape[-2:], dtype=torch.bool)
    allowed = scores.masked_fill(mask.logical_not(), torch.finfo(scores.dtype).min)
    top = allowed.amax(-1, keepdim=True).detach()
    parts = torch.exp(allowed - top) * mask
    return parts / (parts.sum(-1, keepdim=True) + ~mask.any(-1, keepdim=True))
