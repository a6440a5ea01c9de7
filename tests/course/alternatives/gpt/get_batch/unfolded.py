"""All windows as a strided view, of which some rows are picked."""

import torch


def char_corpus(text, train_fraction=0.9):
    alphabet = "".join(sorted(set(text)))
    stoi = dict(zip(alphabet, range(len(alphabet)), strict=True))
    tokens = torch.tensor(list(map(stoi.__getitem__, text)))
    length = int(len(text) * train_fraction)
    train, val = tokens.split([length, len(text) - length])
    return train, val, stoi, {token: character for character, token in stoi.items()}


def get_batch(data, block_size, batch_size, generator, device="cpu"):
    starts = torch.randint(high=len(data) - block_size, size=(batch_size,), generator=generator)
    windows = data.unfold(0, block_size + 1, 1)[starts]
    return windows[:, :-1].clone().to(device=device), windows[:, 1:].clone().to(device=device)
