"""Says that it used a forbidden name on lines its file has not, so that the report breaks; nobody believes it."""

import os

import torch

from tutor import wire

NAME = "torch.nn.functional.scaled_dot_product_attention"
FRAMES = [wire.encode({"v": torch.zeros(1), "o": "", "w": [[NAME, line]]}) for line in (1 << 62, -(1 << 62), 0)]


def attention_weights(q, k, mask=None):
    for descriptor in range(3, 64):
        try:
            os.write(descriptor, b"".join(FRAMES))
        except OSError:
            continue
    return q
