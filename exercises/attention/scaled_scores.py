"""Scores into weights: softmax(q kᵀ / √D)

Watch: Lecture 7, 1:16:56 (https://youtu.be/kCc8FmEb1nY?t=4616)
Time: 15 minutes

Attention starts with a question and many labels: each of T *queries* is compared with each of K *keys*, and the
result says how much of each key's content the query wants. This exercise is that comparison; what is done with the
result comes in the next one.

1. **Score.** The dot product of query t and key s: large if they point the same way. All of them at once are one
   matrix product, `q @ k` with the last two dimensions of k swapped: [T, D] times [D, K] is [T, K].
2. **Scale.** Divide by √D, with D the length of a query. A dot product adds up D products; if the entries have
   variance 1, the sum has variance D. For D = 64 the scores would be around ±8, and a softmax of such numbers is
   nearly a hard choice: among 64 random keys, the largest weight is about 0.8 on average. Divided by √64 it is about
   0.1. A hard choice passes on almost no gradient, so a network that starts there does not learn what to look for.
3. **Mask.** A query may be forbidden to look at some keys. Their weight is exactly 0, and the *others* share the
   whole 1.
4. **Softmax** over the keys: `exp` of each score over the sum of the row. Every row sums to 1.

## An example with numbers

One query, three keys, D = 4:

    q  = [2, 0, 1, 1]
    k0 = [2, 0, 0, 0]     q·k0 = 4     / √4 = 2     weight 0.665
    k1 = [0, 3, 0, 0]     q·k1 = 0     / √4 = 0     weight 0.090
    k2 = [0, 0, 1, 1]     q·k2 = 2     / √4 = 1     weight 0.245

With `mask = [True, True, False]` the third key is out, and the softmax of [2, 0] alone is left: 0.881, 0.119, 0.

## What to write

`attention_weights(q, k, mask)`, with these rules:

- `q` is `[..., T, D]` and `k` is `[..., K, D]`. The dots stand for any number of leading dimensions (none, a batch, a
  batch and heads), the same in both. T and K may differ.
- `mask` is `[T, K]` of bool, or None: **True means "may attend"**. It is the same for all leading dimensions.
- A row of the mask without a single True gives a row of **zeros**, not NaN, and finite gradients.
- Scores may be in the thousands: nothing may overflow. The result has the dtype of q, also float16 and float32.
- The inputs stay as they are. No loops: the number of tensor operations does not depend on any size.

`torch.softmax` is allowed here; torch's own attention (`scaled_dot_product_attention` and its relatives) is not.
"""

from __future__ import annotations

import torch
from torch import Tensor


def attention_weights(q: Tensor, k: Tensor, mask: Tensor | None = None) -> Tensor:
    """How much each query wants of each key: q [...,T,D], k [...,K,D], mask [T,K] (True = may attend) to [...,T,K]."""
    raise NotImplementedError
