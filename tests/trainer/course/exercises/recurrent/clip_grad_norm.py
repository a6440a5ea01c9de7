"""Short gradients

Time: 1 minutes
"""


def clip_grad_norm_(params, max_norm):
    raise NotImplementedError
