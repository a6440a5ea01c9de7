"""The model

Time: 1 minutes
"""

from torch import nn

from exercises.gpt.block import Block


class GPT(nn.Module):
    def __init__(self, config):
        raise NotImplementedError
