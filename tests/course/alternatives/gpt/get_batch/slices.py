"""Windows as slices in a list, stacked."""

import torch


def char_corpus(text, train_fraction=0.9):
    chars = sorted(list(set(text)))
    stoi = {ch: i for i, ch in enumerate(chars)}
    itos = {i: ch for i, ch in enumerate(chars)}
    data = torch.tensor([stoi[c] for c in text], dtype=torch.long)
    n = int(train_fraction * len(data))
    return data[:n], data[n:], stoi, itos


def get_batch(data, block_size, batch_size, generator, device="cpu"):
    ix = torch.randint(0, data.size(0) - block_size, (batch_size,), generator=generator)
    x = torch.stack([data[i : i + block_size] for i in ix])
    y = torch.stack([data[i + 1 : i + block_size + 1] for i in ix])
    return x.to(device), y.to(device)
