"""Cross entropy, and why it is one function

Watch: Lecture 3, 32:49 (https://youtu.be/TCH_1BHY58I?t=1969)
Time: 20 minutes

A network gives a number for each possible next character, a **logit**; any number will do, and larger means more
likely. For N examples and V possible characters that is a tensor `[N, V]`. The loss asks one question per example: how
probable did you make the character that really came? If it had the probability p, the loss is `-log p`: 0 for
certainty, 2.3 for p = 0.1, and without limit as p goes to 0. (log is the natural logarithm, `torch.log`.) The loss of a
batch is the mean over its rows.

Logits become probabilities by **softmax**: exponentiate, and divide by the sum of the row. For the logits `[1, 2, 4]`:

```
exp            2.72   7.39   54.60     sum 64.71
probability    0.042  0.114  0.844
loss if the right one is 2:   -log 0.844 = 0.170
loss if the right one is 0:   -log 0.042 = 3.170
```

## The trouble with doing it step by step

`exp(1000)` is `inf`, and `exp(-1000)` is 0, whose log is `-inf`. But the loss itself is harmless: for the logits
`[0, -1000]` and target 1 it is 1000. Two observations save us:

- log of a quotient is a difference: `-log p = log(sum of exp(logits)) - logits[target]`.
- A constant subtracted from all logits of a **row** changes nothing in its probabilities. Subtract the row's largest:
  then the largest exponential is 1, nothing overflows, and the sum is at least 1, so that its log is finite.

## What to write

`cross_entropy(logits, targets, ignore_index)`:

- `logits` is a floating tensor `[N, V]`, `targets` an int64 tensor `[N]` of numbers 0 … V-1. The result is a tensor of
  shape `[]` and of the dtype of `logits`.
- If `ignore_index` is given, rows whose target is that number do not count, neither in the sum nor in the number that
  the mean divides by. It may lie outside 0 … V-1 (-100 is usual: padding). At least one row counts.
- The loss and its gradient are finite even where logits differ by 10,000, and gradients flow back to `logits`.
- The caller's tensors stay as they are. No Python loops.
- What has the answer ready is not allowed: torch's `cross_entropy`, `nll_loss`, `log_softmax`, `logsumexp` and their
  relatives. `exp`, `log`, `sum` and `max` are all you need.
"""

from __future__ import annotations

import torch
from torch import Tensor


def cross_entropy(
    logits: Tensor,
    targets: Tensor,
    ignore_index: int | None = None,
) -> Tensor:
    """logits [N, V], targets [N] int64 → mean of -log p(target) over the rows that count, shape []."""
    raise NotImplementedError
