"""The learning rate

Time: 1 minutes
"""


def get_lr(it, max_lr, min_lr, warmup, decay_iters):
    raise NotImplementedError
