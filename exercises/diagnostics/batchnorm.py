"""Batch normalisation, the function

Watch: Lecture 4, 40:40 (https://youtu.be/P6sfmUTpUmc?t=2440)
Time: 20 minutes

A network learns well when the numbers that enter each nonlinearity are neither tiny nor huge. Feed a `tanh` with
numbers around ±20 and it answers ±1 to everything; its slope there is 0, so nothing before it learns. You can try to
choose the first weights so that the numbers come out right. Or you can *make* them come out right: subtract what is
too much, divide by what is too wide. Subtracting and dividing have gradients, so this may stand in the middle of a
network and be trained through. That is **batch normalisation**.

x is `[B, F]`: B examples (the batch), and for each of them F numbers (the features, one per neuron). Each **column** is
treated on its own: it is one neuron, as seen by all B examples.

1. **Mean** of the column: add up its B entries, divide by B. One number per column, so `[F]`.
2. **Variance** of the column: how far entries are from the mean, squared, on average. `[F]` too.
3. **Normalise**: subtract the mean, divide by √(variance + eps). The column then has mean 0 and variance (nearly) 1.
   eps is a small number that keeps a constant column, whose variance is 0, from becoming 0/0.
4. **Scale and shift**: times gamma, plus beta, both `[F]` and both learned. Without them every neuron would be held at
   mean 0 and variance 1 for ever; with them training starts there and may move away.

## An example with numbers

Three examples, two features; gamma = [1, 10], beta = [0, 5]:

| | column 0 | column 1 |
|---|---|---|
| x | 1, 3, 5 | 10, 10, 40 |
| mean | 3 | 20 |
| x - mean | -2, 0, 2 | -10, -10, 20 |
| variance | (4 + 0 + 4) / 3 = 2.667 | (100 + 100 + 400) / 3 = 200 |
| divided by its root | -1.225, 0, 1.225 | -0.707, -0.707, 1.414 |
| y | -1.225, 0, 1.225 | -2.071, -2.071, 19.142 |

The 40 in the last row has moved the *first two* entries of its column. In a batch, what comes out for one example
depends on the others: this is new, no layer before did that.

## Divide by B or by B - 1?

Both are called variance. The sum of the squares divided by B is the variance of these B numbers (*biased*); the paper
and PyTorch normalise with it. Divided by B - 1 it is an estimate for all data that the batch was taken from
(*unbiased*), as `x.var(0)` and the lecture have it. `correction` says what is subtracted from B: 0 or 1. In the
example, correction 1 gives the variances 4 and 300.

## What to write

`batchnorm(x, gamma, beta, eps, correction)` returns three tensors `(y, mean, var)`, `[B, F]`, `[F]` and `[F]`:

- `var` is the sum of squares divided by B - correction, without eps. The same `var` normalises x.
- eps stands inside the root: √(var + eps).
- Columns may lie far from zero, such as 1000.001, 1000.002: compute the variance from x - mean. The shortcut
  "mean of x² minus mean²" loses all its digits there.
- Backpropagation through y must be right for x, gamma and beta. Mean and variance are made of x, so the gradient of x
  flows through them too: detach nothing.
- B is larger than correction; you need not check it. The inputs stay as they are, the dtype is that of x, and there
  is no loop over rows or columns.
- torch's own normalisations (`nn.BatchNorm1d`, `batch_norm`, `layer_norm`, …) are not allowed; `mean` and `var` are.
"""

from __future__ import annotations

import torch
from torch import Tensor


def batchnorm(
    x: Tensor, gamma: Tensor, beta: Tensor, eps: float = 1e-5, correction: int = 0
) -> tuple[Tensor, Tensor, Tensor]:
    """Normalise each column of x [B,F], scale by gamma [F], shift by beta [F]: (y [B,F], mean [F], var [F])."""
    raise NotImplementedError
