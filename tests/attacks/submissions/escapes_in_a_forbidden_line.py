"""Uses a forbidden name on a line with what a terminal would obey: the report quotes it."""

import torch


def attention_weights(q, k, mask=None):
    return torch.nn.functional.scaled_dot_product_attention(q, k, "@ESCAPES@")
