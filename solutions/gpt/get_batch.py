"""The starts are drawn in one call, and one indexing operation cuts all windows.

`starts[:, None] + torch.arange(block_size + 1)` is a table of positions: one row per window, one column per place in
it. Indexing `data` with it gives windows of block_size + 1 tokens, and inputs and targets are two views of the same
window: all but its last token, and all but its first. Cutting slices in a list and stacking them is just as right.

The upper end of `randint` is exclusive. The last start that still has a target for each of its tokens is
N - block_size - 1, so the number to pass is N - block_size.
"""

from __future__ import annotations

import torch
from torch import Tensor


def char_corpus(text: str, train_fraction: float = 0.9) -> tuple[Tensor, Tensor, dict[str, int], dict[int, str]]:
    """The tokens of the first part of the text, those of the rest, and the tables character → token and back."""
    itos = dict(enumerate(sorted(set(text))))
    stoi = {character: token for token, character in itos.items()}
    data = torch.tensor([stoi[character] for character in text], dtype=torch.long)
    cut = int(train_fraction * len(data))
    return data[:cut], data[cut:], stoi, itos


def get_batch(
    data: Tensor, block_size: int, batch_size: int, generator: torch.Generator, device: str = "cpu"
) -> tuple[Tensor, Tensor]:
    """Random windows of data [N]: inputs [B,T], and as targets [B,T] the token that follows each of them."""
    starts = torch.randint(len(data) - block_size, (batch_size,), generator=generator)
    positions = starts[:, None] + torch.arange(block_size + 1)
    windows = data[positions].to(device)
    return windows[:, :-1], windows[:, 1:]
