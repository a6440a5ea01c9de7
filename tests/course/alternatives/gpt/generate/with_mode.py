"""Switches to eval mode and back, and picks with a context manager."""

import torch
import torch.nn.functional as F  # noqa: N812


def generate(model, idx, max_new_tokens, generator=None):
    was_training = model.training
    model.eval()
    with torch.no_grad():
        for _ in range(max_new_tokens):
            excess = max(idx.size(1) - model.config.block_size, 0)
            idx_cond = idx[:, excess:]
            logits = model(idx_cond)[0][:, -1, :]
            probs = F.softmax(logits, dim=-1)
            idx_next = torch.multinomial(probs, num_samples=1, generator=generator)
            idx = torch.cat([idx, idx_next], dim=1)
    model.train(was_training)
    return idx
