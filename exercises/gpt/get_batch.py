"""From a text to batches

Watch: Lecture 7, 14:27 (https://youtu.be/kCc8FmEb1nY?t=867)
Time: 20 minutes

A language model learns from one question, asked over and over: here is a piece of text, which character comes next?
A text of a million characters holds a million such questions. This exercise turns the text into numbers, keeps a part
of it aside, and cuts random pieces out of the rest.

**Tokens.** A model works with numbers, so each different character gets one: its place among all characters of the
text in sorted order. The text "hello" has the characters e, h, l, o, so

    stoi = {"e": 0, "h": 1, "l": 2, "o": 3}        character to token
    itos = {0: "e", 1: "h", 2: "l", 3: "o"}        token to character
    data = [1, 0, 2, 2, 3]                         "hello"

**Train and val.** The model will see the first part of the data only. On the rest, the *validation* part, we measure
whether it has learned the language or only the text by heart. The cut is at one place. Picking random characters or
windows for the validation part would leave their neighbours, and so nearly the same windows, in the training part.

**Windows.** `block_size` T says how many tokens the model sees at once. A window is T tokens that stand in a row. Its
target is the same window one place later: at each place, the token that follows. Cut from data = [10, 11, 12, 13, 14,
15] at start 1 with T = 3:

    x = [11, 12, 13]
    y = [12, 13, 14]

That is one window but three questions: after 11 comes 12; after 11, 12 comes 13; after 11, 12, 13 comes 14. A window of
T tokens trains the model on contexts of every length from 1 to T, and that is why it can later begin with one token.

**Batches.** `batch_size` B windows from random places make a batch [B, T]. They do not know of each other; a GPU just
prefers much work at once. In data of N tokens, a window with its target needs T + 1 tokens. So the starts are 0, 1, …,
N - T - 1: that is N - T different ones. In the example above, N - T = 3: start 2 gives x = [12, 13, 14] and y = [13,
14, 15], and nothing starts later.

## What to write

- `char_corpus(text, train_fraction)` returns train, val, stoi, itos. Both parts are int64 tensors with one dimension;
  train has `int(train_fraction * number of tokens)` tokens, and val all the others. The tables are made from the whole
  text, so that val has no unknown characters.
- `get_batch(data, block_size, batch_size, generator, device)` returns x and y, both int64 [B, T], on `device`. Draw the
  starts by `torch.randint(len(data) - block_size, (batch_size,), generator=generator)`. Drawing from the `generator`
  that you are given, and from nothing else, makes a training repeatable. `torch.utils.data` is not allowed.
"""

from __future__ import annotations

import torch
from torch import Tensor


def char_corpus(
    text: str,
    train_fraction: float = 0.9,
) -> tuple[Tensor, Tensor, dict[str, int], dict[int, str]]:
    """The tokens of the first part of the text, those of the rest, and the tables character → token and back."""
    raise NotImplementedError


def get_batch(
    data: Tensor,
    block_size: int,
    batch_size: int,
    generator: torch.Generator,
    device: str = "cpu",
) -> tuple[Tensor, Tensor]:
    """Random windows of data [N]: inputs [B,T], and as targets [B,T] the token that follows each of them."""
    raise NotImplementedError
