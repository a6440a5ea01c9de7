"""Computes in float32 and returns the result as float64: the last nine digits are noise."""

import torch


def attention_weights(q, k, mask=None):
    scores = q.float() @ k.float().transpose(-2, -1) / q.shape[-1] ** 0.5
    if mask is None:
        return torch.softmax(scores, dim=-1).to(q.dtype)
    weights = torch.softmax(scores.masked_fill(~mask, torch.finfo(scores.dtype).min), dim=-1)
    return weights.masked_fill(~mask, 0.0).to(q.dtype)
