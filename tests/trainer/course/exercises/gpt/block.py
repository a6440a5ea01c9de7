"""One block

Time: 1 minutes
"""

from torch import nn


class Block(nn.Module):
    def __init__(self, config):
        raise NotImplementedError
