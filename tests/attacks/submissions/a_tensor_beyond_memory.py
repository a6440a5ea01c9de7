"""Asks for eight terabytes."""

import torch


def attention_weights(q, k, mask=None):
    return torch.ones(10**12, dtype=torch.float64)
