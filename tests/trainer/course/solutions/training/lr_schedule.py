"""Up, down, and low."""

import math


def get_lr(it, max_lr, min_lr, warmup, decay_iters):
    if it < warmup:
        return max_lr * (it + 1) / (warmup + 1)
    if it > decay_iters:
        return min_lr
    done = (it - warmup) / (decay_iters - warmup)
    return min_lr + (max_lr - min_lr) * (1 + math.cos(math.pi * done)) / 2
