"""One matrix product makes all four gates: a GPU would rather multiply once by [C+H, 4H] than four times by [C+H, H].

`chunk` then cuts the result into four views without copying anything; slices `z[:, :H]` … do the same. Two products,
`x @ W[:C] + h @ W[C:]`, are just as right as joining x and h first.

The line for the memory is the whole point. Its derivative by the old memory is the forget gate itself, with no matrix
and no slope of a tanh in the way: where that gate is open, a gradient passes a thousand steps unchanged. The tanh on
the way to h' only shapes what is shown; it must not be stored back, or the memory would shrink at every step.

A parameter takes part in gradients, so torch refuses to change it in place unless recording is off; hence `no_grad`.
`b.data[...] = value` or `torch.nn.init.constant_(b[size : 2 * size], value)` are other ways.
"""

from __future__ import annotations

import torch
from torch import Tensor


def lstm_cell(x: Tensor, h: Tensor, c: Tensor, W: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    """One step: x [B,C], h [B,H], c [B,H], W [C+H,4H], b [4H] to (h' [B,H], c' [B,H]); gate order i, f, g, o."""
    z = torch.cat([x, h], dim=1) @ W + b
    i, f, g, o = z.chunk(4, dim=1)
    c_next = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
    h_next = torch.sigmoid(o) * torch.tanh(c_next)
    return h_next, c_next


def init_forget_bias_(b: Tensor, value: float = 1.0) -> None:
    """Set the forget gate's block of b [4H] to `value`, in place; the other three blocks stay as they are."""
    size = b.shape[0] // 4
    with torch.no_grad():
        b[size : 2 * size] = value
