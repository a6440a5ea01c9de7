"""All heads at once, as GPT-2 does it

Watch: Lecture 7, 1:46:22 (https://youtu.be/kCc8FmEb1nY?t=6382)
Time: 30 minutes

One head can follow one thread: "which noun does this verb belong to?". Several heads side by side can follow several.
Each has its own queries, keys and values of D = C / H numbers, and their outputs are joined to C numbers again. After
that one more matrix lets the heads' findings mix.

A list of heads with a Python loop over it works, but runs H small operations one after the other. The heads never
talk to each other while they attend, just as the texts of a batch do not. So a head can be **one more batch
dimension**: [B, H, T, D] instead of [B, T, D], and `attention_weights` does all of them in one go.

The way there and back is a matter of shapes:

    x                 [B, T, C]
    c_attn(x)         [B, T, 3C]     one Linear makes queries, keys and values side by side
    split             3 × [B, T, C]
    view              [B, T, H, D]   the C numbers of a token, cut into H pieces
    transpose         [B, H, T, D]   heads to the front, time and D to the end
    weights @ v       [B, H, T, D]
    transpose         [B, T, H, D]
    merge             [B, T, C]      the pieces side by side again
    c_proj            [B, T, C]

## An example with numbers

Two tokens, C = 4, H = 2, so D = 2. The queries are [1, 2, 3, 4] and [5, 6, 7, 8].

    right:   view(T, H, D), then transpose      wrong:   view(H, T, D) at once
    head 0   [1, 2], [5, 6]                     head 0   [1, 2], [3, 4]     both from token 0!
    head 1   [3, 4], [7, 8]                     head 1   [5, 6], [7, 8]     both from token 1!

The shapes agree, nothing complains, and the loss even falls. But in the wrong one "time" is now partly "channel", and
the mask forbids the wrong things. `view` never moves a number; it only cuts the same row of numbers in other places.
To change the order of dimensions you need `transpose`. After it the numbers no longer lie in order, and `view` may
refuse: use `reshape`, or `contiguous()` first.

## What to write

`CausalSelfAttention(n_embd, n_head, block_size, dropout, bias)`, a `torch.nn.Module`:

- `c_attn`: `nn.Linear(n_embd, 3 * n_embd)`: queries first, then keys, then values. Head h takes rows h·D … (h+1)·D-1
  of each of the three. `c_proj`: `nn.Linear(n_embd, n_embd)`. `bias` says whether both have a bias.
- These are GPT-2's names, and its weights will fit: so `state_dict()` holds the weights (and biases) of `c_attn` and
  `c_proj` and **nothing else**. A mask that you keep is a buffer (a plain attribute would stay behind when the module
  moves to a GPU), and needs `persistent=False` so that it is not saved.
- **Dropout** with probability `dropout` in two places: on the attention weights (after the softmax) and on the result
  of `c_proj`. It works only while training; `nn.Dropout` knows that by itself.
- `ValueError` if `n_embd` is not a multiple of `n_head`, and in `forward` if x is longer than `block_size`.
- No loop over heads, batch or time. x may be non-contiguous (a transposed view), and stays as it is.
- Not torch's own attention (`scaled_dot_product_attention`, `nn.MultiheadAttention`, …).

Causal as before: position t reads positions 0 … t, with the scale √D.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from exercises.attention.scaled_scores import attention_weights


class CausalSelfAttention(nn.Module):
    """Causal self-attention with n_head heads, computed together."""

    def __init__(
        self,
        n_embd: int,
        n_head: int,
        block_size: int,
        dropout: float = 0.0,
        bias: bool = True,
    ) -> None:
        super().__init__()
        raise NotImplementedError

    def forward(self, x: Tensor) -> Tensor:
        """x [B,T,C] to [B,T,C]; position t reads positions 0 … t. Raises ValueError if T > block_size."""
        raise NotImplementedError
