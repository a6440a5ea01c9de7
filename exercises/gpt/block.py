"""A transformer block

Watch: Lecture 7, 1:26:48 (https://youtu.be/kCc8FmEb1nY?t=5208)
Time: 10 minutes

You have the two halves: attention, where tokens talk, and the MLP, where each one thinks. A block is one round of both.
A GPT is a stack of such rounds: 3 in the lecture's first version, 12 in the smallest GPT-2.

Stacked naively, deep networks train badly: the gradient passes through every layer on its way back, and each one
weakens or distorts it. The remedy is a plus sign. Instead of replacing x, each half **adds** to it:

    x = x + attn(ln_1(x))
    x = x + mlp(ln_2(x))

The x that runs through all blocks is called the *residual stream*. Each half reads from it and writes a correction to
it. Going backwards, a plus sign passes the gradient on unchanged to both sides, so there is a straight road from the
loss to the embeddings.

The LayerNorm stands **before** each half and inside its branch (*pre-norm*). The first transformer paper had it after
the sum, where it sits on the road itself and changes everything that passes. Each half has its own LayerNorm, because
each learns its own scale.

## An example with numbers

Say a token is x = [1, 3], and suppose that attention answers [0.5, 0] and the MLP [0, -1], whatever they are given.

    ln_1(x)             [-1, 1]          what attention reads
    x + attn            [1.5, 3]         not [-1, 1] + [0.5, 0]: the sum is with x itself
    ln_2([1.5, 3])      [-1, 1]          what the MLP reads: the *new* x, normalised
    x + mlp             [1.5, 2]

If both answer zeros, the block gives back x exactly. A fresh block that writes little therefore does no harm, however
many of them are stacked.

## What to write

`Block(n_embd, n_head, block_size, dropout, bias)`, a `torch.nn.Module` with the parts `ln_1`, `attn`, `ln_2` and `mlp`
(GPT-2's names), made of your own classes; hand `dropout` and `bias` on to those that take them. `forward` takes x [B,
T, C] and returns the same shape. The caller's x stays as it is: `x = x + …` makes a new tensor, `x += …` would write
into the old one.
"""

from __future__ import annotations

from torch import Tensor, nn

from exercises.attention.batched_heads import CausalSelfAttention
from exercises.gpt.feed_forward import MLP
from exercises.gpt.layernorm import LayerNorm


class Block(nn.Module):
    """One layer of a GPT: tokens talk (attention), then each one thinks (MLP)."""

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
        """x [B,T,C] to the same shape."""
        raise NotImplementedError
