"""Windows at random places."""

import torch


def char_corpus(text, train_fraction=0.9):
    stoi = {c: i for i, c in enumerate(sorted(set(text)))}
    data = torch.tensor([stoi[c] for c in text])
    cut = int(len(data) * train_fraction)
    return data[:cut], data[cut:], stoi, {i: c for c, i in stoi.items()}


def get_batch(data, block_size, batch_size, generator, device="cpu"):
    starts = torch.randint(len(data) - block_size, (batch_size,), generator=generator)
    windows = torch.stack([data[i : i + block_size + 1] for i in starts]).to(device)
    return windows[:, :-1], windows[:, 1:]  # which are not contiguous, as the real course's
