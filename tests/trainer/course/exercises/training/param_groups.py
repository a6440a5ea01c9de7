"""Two groups

Time: 1 minutes
"""


def param_groups(model, weight_decay):
    raise NotImplementedError
