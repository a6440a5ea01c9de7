"""One draw a step."""

import torch


def generate(model, idx, max_new_tokens, generator=None):
    for _ in range(max_new_tokens):
        logits, _ = model(idx[:, -model.config.block_size :])
        idx = torch.cat((idx, torch.multinomial(logits[:, -1].softmax(-1), 1, generator=generator)), 1)
    return idx
