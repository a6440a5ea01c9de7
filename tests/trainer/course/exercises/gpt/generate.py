"""Writing

Time: 1 minutes
"""


def generate(model, idx, max_new_tokens, generator=None):
    raise NotImplementedError
