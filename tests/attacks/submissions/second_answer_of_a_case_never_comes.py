"""Answers the first call of a case wrongly, and never comes back from the second."""

import torch


def attention_weights(q, k, mask=None):
    while q.dim() == 4:
        pass
    return torch.zeros((*q.shape[:-1], k.shape[-2]), dtype=q.dtype)
