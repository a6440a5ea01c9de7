"""Writing text, one token at a time

Watch: Lecture 7, 22:11 (https://youtu.be/kCc8FmEb1nY?t=1331)
Time: 15 minutes

A model that knows what comes next can write. Ask it for the next token, append the token, ask again: the same loop that
sampled names from the bigram table, now with a model that looks back further than one character.

One round for idx [B, T]:

    crop        the last block_size tokens of idx       the model has no more positions
    model       logits, of which the last position counts: [B, V]
    softmax     probabilities [B, V], each row sums to 1
    draw        one token for each row: [B, 1]
    append      idx is now [B, T+1]

**Drawing, not taking the largest.** A model that always takes the most likely token soon repeats itself. Drawing in
proportion to the probabilities gives the variety of the text that it learned from.

## An example with numbers

V = 3, and the last logits of the two rows of a batch are

    logits          [[0.0, 0.693, 0.0],  [5.0, 0.0, 0.0]]
    probabilities   [[0.25, 0.50, 0.25], [0.987, 0.007, 0.007]]

For the first row token 1 is drawn every second time, for the second row token 0 nearly always. Each row draws for
itself.

With block_size = 3 and idx = [[7, 1, 4, 2]] the model is asked about [[1, 4, 2]], the **last** three tokens; the
result still begins with 7.

## What to write

`generate(model, idx, max_new_tokens, generator)` returns idx [B, T] with n = max_new_tokens tokens behind it, [B, T+n].

- The model is any module that returns a pair from `model(idx)`, whose first part is logits [B, t, V], of all positions
  or of the last one only: your GPT does the latter. Its context is `model.config.block_size`.
- Draw with `torch.multinomial(probs, num_samples=1, generator=generator)`. With None as generator, torch uses its own.
- Keep no graph: nothing is learned here (`torch.no_grad`). Which mode the model is in, train or eval, is the caller's
  business: afterwards it is in the mode in which you found it. idx itself stays as it is.
- With max_new_tokens = 0 nothing is drawn, and the result equals idx.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn


def generate(
    model: nn.Module,
    idx: Tensor,
    max_new_tokens: int,
    generator: torch.Generator | None = None,
) -> Tensor:
    """Tokens idx [B,T] to [B,T+n]: each new one drawn from what the model expects after those before it."""
    raise NotImplementedError
