"""The feed-forward part: where each token thinks

Watch: Lecture 7, 1:24:25 (https://youtu.be/kCc8FmEb1nY?t=5065)
Time: 15 minutes

Attention lets the tokens exchange information. What they have collected must then be worked on, and that happens in a
small network of two layers, a *multi-layer perceptron* (MLP), that every token passes through by itself:

    c_fc      Linear   C → 4C      many features: "is this a vowel after a q?"
    gelu               4C → 4C     a bend, without which two Linear layers were no more than one
    c_proj    Linear   4C → C      what the features say, in C numbers again
    dropout

The factor 4 is a custom from the first transformer paper (512 → 2048). The names are those of GPT-2.

**GELU** is the bend. ReLU cuts off everything below zero: its slope there is exactly 0, and a feature that has sunk
below zero for all inputs never learns again. GELU is its smooth relative. It multiplies x by a number between 0 and 1
that says how large x is among normally distributed numbers. GPT-2 uses an approximation with tanh:

    gelu(x) = 0.5 · x · (1 + tanh( √(2/π) · (x + 0.044715 · x³) ))

## An example with numbers

    x              -3        -1        0      1         3
    relu(x)        0         0         0      1         3
    gelu(x)        -0.0036   -0.1588   0      0.8412    2.9964

For x = 1 by hand: x + 0.044715·x³ = 1.044715; times √(2/π) = 0.797885 makes 0.833562; its tanh is 0.682384; and 0.5 ·
1 · 1.682384 = 0.841192. There is also an exact form, with the error function: 0.841345 at 1. The two differ by less
than 0.0005, but GPT-2's weights were trained with the tanh form, and here it is the tanh form that counts.

## What to write

- `gelu(x)`: the formula above, entry by entry, for a tensor of any shape. For very large x the result is x, for very
  negative x it is 0; neither may become NaN.
- `MLP(n_embd, dropout, bias)`, a `torch.nn.Module` with `c_fc = nn.Linear(C, 4C)`, then gelu, then `c_proj =
  nn.Linear(4C, C)`, then `nn.Dropout(dropout)`. `bias` says whether both Linear layers have one. x is [..., C] and the
  result has the same shape. No other parameters: 8C² + 5C numbers with biases.

Dropout comes once, at the very end, and works only while training; `nn.Dropout` knows that by itself. torch's own GELU
is not allowed.
"""

from __future__ import annotations

from torch import Tensor, nn


def gelu(x: Tensor) -> Tensor:
    """The tanh form of GELU, entry by entry: any shape to the same shape."""
    raise NotImplementedError


class MLP(nn.Module):
    """Widens each token's C channels to 4C, bends them with GELU, and narrows them to C again."""

    def __init__(
        self,
        n_embd: int,
        dropout: float = 0.0,
        bias: bool = True,
    ) -> None:
        super().__init__()
        raise NotImplementedError

    def forward(self, x: Tensor) -> Tensor:
        """x [..., C] to the same shape, each token on its own."""
        raise NotImplementedError
