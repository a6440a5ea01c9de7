"""Batch normalisation

Watch: Lecture 4, 40:40 (https://youtu.be/P6sfmUTpUmc?t=2440)
Time: 20 minutes

Training goes well when the numbers that enter a nonlinearity have a mean near 0 and a spread near 1: larger ones
saturate tanh, smaller ones make the layers behave like one linear layer. Careful initial weights achieve this for the
first step. Ioffe and Szegedy (2015) had a blunter idea: if you want such numbers, *make* them so. Subtract the mean
and divide by the standard deviation. Both are sums and quotients, so gradients flow through them like through
anything else.

The statistics are taken per **feature** (a column, one neuron), over the **examples** of the batch (the rows). For one
feature and a batch of three, with values 1, 2, 6:

```
mean        (1 + 2 + 6) / 3            = 3
variance    (4 + 1 + 9) / 3            = 4.667
normalised  (1-3)/2.160, (2-3)/2.160, (6-3)/2.160  =  -0.926, -0.463, 1.389
```

A network may want another mean and spread, so each feature gets two numbers to learn: the result is
`gamma * normalised + beta`. With gamma 2 and beta 10 the first value becomes 8.148.

Two details decide whether your numbers are the right ones:

- `eps`, a small number, is added to the **variance**, inside the root: `sqrt(var + eps)`. It keeps a feature that is
  the same in all examples from becoming 0/0.
- The variance divides the sum of squares by `B - correction`. With `correction=0` it is the plain mean of the
  squares, as in the paper and in PyTorch's layer. With `correction=1` it is the estimate for the population behind
  the batch, which the lecture uses. In the example: 4.667 or 7.

## What to write

`batchnorm(x, gamma, beta, eps, correction)` with `x` of shape `[B, F]` and `gamma`, `beta` of shape `[F]` returns
three tensors: the result `[B, F]`, and the mean and the variance that it used, each `[F]`. (The layer in the next
exercise keeps track of them.) eps is not part of the returned variance. Gradients flow back to x, gamma and beta,
through mean and variance too. All results have the dtype of x. No Python loops; nothing of the caller's is changed.
"""

from __future__ import annotations

import torch
from torch import Tensor


def batchnorm(
    x: Tensor, gamma: Tensor, beta: Tensor, eps: float = 1e-5, correction: int = 0
) -> tuple[Tensor, Tensor, Tensor]:
    """x [B, F], gamma [F], beta [F] → (y [B, F], mean [F], var [F])."""
    raise NotImplementedError
