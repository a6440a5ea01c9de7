"""One head of causal self-attention

Watch: Lecture 7, 1:02:00 (https://youtu.be/kCc8FmEb1nY?t=3720)
Time: 25 minutes

Each position of a text is a vector of C numbers. So far each of them knows only about itself. A *head* lets every
position gather information from the positions before it, and choose from which ones.

From its own vector each position makes three shorter ones, of D numbers (D is the *head size*), with three matrices
that are learned:

- a **query**: what am I looking for?
- a **key**: what do I contain?
- a **value**: what will I tell you, if you are interested?

The query of position t is compared with the keys of all positions s ≤ t; the comparison gives weights that sum to 1
(your `attention_weights` does that), and the output of t is the weighted average of their *values*. It is called
**self**-attention because queries, keys and values all come from the same x.

**Causal** means that position t reads only positions 0 … t. In training the model predicts the next token at every
position at once, and position t+1 holds the very answer that position t has to guess. A triangle of ones says who may
read whom (row t reads column s):

    1 0 0
    1 1 0
    1 1 1

## An example with numbers

Three positions, C = 2, head size D = 1, so that queries, keys and values are single numbers and √D = 1:

| t | x | query | key | value |
|---|---|---|---|---|
| 0 | [1, 0] | 1 | 1 | 2 |
| 1 | [0, 1] | 0 | 1 | 4 |
| 2 | [1, 1] | 1 | 2 | 6 |

(made by the weights query [[1, 0]], key [[1, 1]], value [[2, 4]])

| t | scores of keys 0 … t | weights | output |
|---|---|---|---|
| 0 | 1 | 1 | 2 |
| 1 | 0, 0 | 0.5, 0.5 | 0.5·2 + 0.5·4 = 3 |
| 2 | 1, 1, 2 | 0.212, 0.212, 0.576 | 0.212·2 + 0.212·4 + 0.576·6 = 4.73 |

## What to write

`Head(n_embd, head_size, block_size)`, a `torch.nn.Module`:

- `key`, `query`, `value`: three `nn.Linear(n_embd, head_size)` **without bias**, under these names. They are its only
  parameters.
- `tril`: the triangle, `[block_size, block_size]`, registered with `register_buffer`: it is not learned, but it moves
  along when the module moves to a GPU. The forward pass takes the mask from it. Entries may be bool or 0 and 1.
- `forward(x)`: x `[B, T, C]` to `[B, T, D]`. T may be anything up to `block_size`: use the upper left part of `tril`.
  A longer x is a `ValueError`.

The scale is √D, the size of a key, and not √C. `attention_weights` takes a mask of bool and already divides by the
right number. No loop over batch or time, and not torch's own attention (`scaled_dot_product_attention`, …).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from exercises.attention.scaled_scores import attention_weights


class Head(nn.Module):
    """Causal self-attention with one head."""

    def __init__(self, n_embd: int, head_size: int, block_size: int) -> None:
        super().__init__()
        raise NotImplementedError

    def forward(self, x: Tensor) -> Tensor:
        """x [B,T,C] to [B,T,D]; position t reads positions 0 … t. Raises ValueError if T > block_size."""
        raise NotImplementedError
