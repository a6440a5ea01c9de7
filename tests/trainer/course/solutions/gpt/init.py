"""Small numbers, smaller ones where blocks add to the stream."""

import torch


def init_weights(model, generator=None):
    with torch.no_grad():
        for name, each in model.named_parameters():
            if name.endswith("bias"):
                each.zero_()
            elif each.dim() >= 2:
                std = 0.02 / (2 * model.config.n_layer) ** 0.5 if name.endswith("c_proj.weight") else 0.02
                each.copy_(torch.randn(each.shape, generator=generator) * std)
