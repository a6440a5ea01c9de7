"""One step of an LSTM

Watch: Hochreiter & Schmidhuber, Long Short-Term Memory (1997); Gers et al., Learning to Forget (2000)
Time: 25 minutes

A recurrent network reads a text one step at a time and keeps what it knows in a vector. A plain one pushes that
vector through a matrix and a `tanh` at each step, and after twenty steps nearly nothing of the first one is left;
neither is the gradient that should teach it to remember.

An LSTM keeps **two** vectors:

- `c`, the *cell state*: the memory. A step scales it and **adds** to it; no matrix ever touches it.
- `h`, the *hidden state*: the part of the memory that is shown to the rest of the network.

At each step the network computes four vectors from what comes in (`x`) and what it showed last (`h`). Three of them
are **gates**: a sigmoid squeezes them into (0, 1), and they are multiplied, number by number, with something else. 0
means shut, 1 means open.

| name | from z by | what it decides |
|---|---|---|
| `i` input gate | sigmoid | how much of the candidate is written |
| `f` forget gate | sigmoid | how much of the old memory is kept |
| `g` candidate | tanh | what could be written, in (-1, 1) |
| `o` output gate | sigmoid | how much of the memory is shown |

    z  = [x, h] W + b        all four at once, side by side
    c' = f · c + i · g       keep some, add some
    h' = o · tanh(c')        show some

`·` is the product number by number, `[x, h]` is x and h joined side by side, and `[x, h] W` is a matrix product (`@`).
For B sequences at once, with C numbers coming in and H units: x is [B, C], h and c are [B, H], so [x, h] is [B, C+H]; W
is [C+H, 4H] and b [4H], so z is [B, 4H]: four blocks of H columns. sigmoid(z) = 1 / (1 + exp(-z)) is `torch.sigmoid`.

## An example with numbers

One unit (H = 1). Say z = [0, 2, 1, 1], and the memory is c = 2.

| | |
|---|---|
| i = sigmoid(0) | 0.500 |
| f = sigmoid(2) | 0.881 |
| g = tanh(1) | 0.762 |
| o = sigmoid(1) | 0.731 |
| c' = 0.881 · 2 + 0.500 · 0.762 | 2.142 |
| h' = 0.731 · tanh(2.142) = 0.731 · 0.973 | 0.711 |

The memory may grow beyond 1; what is shown never does.

## Why the forget gate starts open

Follow the gradient back along `c`: one step multiplies it by `f`, and by nothing else. With biases of 0 the gate
starts near sigmoid(0) = 0.5, so the memory halves at every step: 0.5²⁰ is a millionth. A forget bias of 1 makes that
0.73²⁰ = 0.002, a bias of 3 makes it 0.38. This one number decides whether the network can *start* to learn from far
back.

## What to write

1. `lstm_cell`: one step, for B sequences at once, returned as the tuple `(h', c')`. Only the gates' order is a matter
   of taste, and here it is **i, f, g, o**: columns 0 … H-1 of `W` (and entries 0 … H-1 of `b`) make `i`, the next H
   make `f`, and so on. The first C rows of `W` belong to `x`, the other H rows to `h`.
2. `init_forget_bias_`: sets the forget gate's H entries of `b`, in place, and returns nothing. It also has to work on
   an `nn.Parameter`, which torch does not let you change in place while it is recording gradients.

No loop over the batch; the inputs stay as they are; float32 in gives float32 out. `nn.LSTM` and `nn.LSTMCell` are not
allowed.
"""

from __future__ import annotations

import torch
from torch import Tensor


def lstm_cell(
    x: Tensor,
    h: Tensor,
    c: Tensor,
    W: Tensor,
    b: Tensor,
) -> tuple[Tensor, Tensor]:
    """One step: x [B,C], h [B,H], c [B,H], W [C+H,4H], b [4H] to (h' [B,H], c' [B,H]); gate order i, f, g, o."""
    raise NotImplementedError


def init_forget_bias_(b: Tensor, value: float = 1.0) -> None:
    """Set the forget gate's block of b [4H] to `value`, in place; the other three blocks stay as they are."""
    raise NotImplementedError
