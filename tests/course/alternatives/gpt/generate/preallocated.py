"""A tensor of the final size, filled from left to right, without building a longer one in each round."""

import torch


def generate(model, idx, max_new_tokens, generator=None):
    B, T = idx.shape
    text = idx.new_zeros(B, T + max_new_tokens)
    text[:, :T] = idx
    with torch.inference_mode():
        for end in range(T, T + max_new_tokens):
            logits, _ = model(text[:, max(0, end - model.config.block_size) : end])
            last = logits[:, -1]
            weights = torch.exp(last - last.amax(dim=-1, keepdim=True))
            text[:, end] = torch.multinomial(weights, 1, generator=generator).squeeze(1)
    return text
