"""First weights

Time: 1 minutes
"""


def init_weights(model, generator=None):
    raise NotImplementedError
