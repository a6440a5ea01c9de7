"""Layer normalisation

Watch: Lecture 7, 1:32:51 (https://youtu.be/kCc8FmEb1nY?t=5571)
Time: 15 minutes

In a deep network the numbers drift: each layer makes them a little larger or smaller, and after many layers they are
huge or nearly zero, and so are the gradients. Layer normalisation sets them straight: it takes the C numbers that
describe **one token**, shifts them to mean 0 and scales them to variance 1.

You know batch normalisation, which does this to each *column*: one channel, over all examples of the batch. Layer
normalisation does it to each *row*: one token, over all its channels. That small change removes everything that was
unpleasant about batch normalisation. No example depends on the others, so there are no running averages to keep, and
training and generating text do exactly the same.

## An example with numbers

One token with C = 4 channels:

    x                  [2, 4, 6, 8]
    mean               5
    x - mean           [-3, -1, 1, 3]
    variance           (9 + 1 + 1 + 9) / 4 = 5
    / √(5 + eps)       [-1.342, -0.447, 0.447, 1.342]

The sum is divided by C = 4, not by C - 1 = 3: this is the *biased* variance. With many channels one hardly sees the
difference, with four it is 1.342 against 1.162.

Then each channel c is multiplied by `weight[c]`, and `bias[c]` is added. Both are learned. They begin with ones and
zeros, which change nothing; the network can find out that other values are better.

`eps` is added to the variance **inside** the root. It is there for rows like [3, 3, 3, 3], whose variance is 0.

## What to write

`LayerNorm(n_embd, bias, eps)`, a `torch.nn.Module`:

- Parameters `weight` [C], ones at first, and `bias` [C], zeros at first. With `bias=False`, the attribute `bias` is
  None and there is one parameter. Nothing else is stored in the module's state.
- `forward(x)` takes x [..., C]: any number of dimensions, the last of size C, and each row along the last dimension is
  normalised on its own. For [B, T, C] that makes B·T rows. The result has the shape and dtype of x, and x stays as
  it is.
- torch's own normalisations (`nn.LayerNorm`, `layer_norm`, `group_norm`, …) are not allowed; `mean` and `var` are.
"""

from __future__ import annotations

from torch import Tensor, nn


class LayerNorm(nn.Module):
    """Normalises each token's channels to mean 0 and variance 1, then scales and shifts each channel."""

    def __init__(self, n_embd: int, bias: bool = True, eps: float = 1e-5) -> None:
        super().__init__()
        raise NotImplementedError

    def forward(self, x: Tensor) -> Tensor:
        """x [..., C] to the same shape."""
        raise NotImplementedError
