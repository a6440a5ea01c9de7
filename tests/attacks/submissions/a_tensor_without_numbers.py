"""Returns a tensor on the meta device: it has the right shape and dtype and no entries."""

import torch


def attention_weights(q, k, mask=None):
    return torch.empty((*q.shape[:-1], k.shape[-2]), dtype=q.dtype, device="meta")
