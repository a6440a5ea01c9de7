"""The training loop

Watch: Lecture 7, 34:53 (https://youtu.be/kCc8FmEb1nY?t=2093)
Time: 30 minutes

Everything that you have written since the first `Value` meets here. A step of training is four lines that you know: a
batch and its loss, forget the old gradients, backward, move. What moves the parameters is **AdamW**, an optimizer that
gives each parameter its own step size, from the recent size of its gradients.

**Measuring.** The loss of one batch is a lottery ticket: the next one may be 10 % higher. So now and then we stop and
take the mean over `eval_iters` batches, for the training part and for the validation part. If the two drift apart, the
model is learning the text by heart.

While measuring, the model must be in *eval* mode, so that dropout is off; no gradients are wanted; and afterwards the
model must go back to *train* mode. Forgetting the last gives no error: the training just goes on without dropout.

## An example with numbers

With steps = 5 and eval_every = 2:

    measure, record step 0
    step, step                  two batches, two updates
    measure, record step 2
    step, step
    measure, record step 4
    step
    measure, record step 5      the end is always recorded

`step` in a record is the number of updates so far. With steps = 4 the records are at 0, 2 and 4, and 4 appears once.
One record looks like this:

    {"step": 2, "train": 2.51, "val": 2.54}

## What to write

`fit(model, get, steps, lr, eval_every, eval_iters, log)` trains the model in place and returns the list of records.

- `get("train")` and `get("val")` return a new batch (x, y) each time. `model(x, y)` returns logits and loss.
- The optimizer is `torch.optim.AdamW(model.parameters(), lr=lr)`, made once.
- Measuring takes eval_iters batches of "train" and as many of "val", and happens before the step's own batch is taken.
  Each step takes one batch of "train". `get` is called for nothing else.
- `train` and `val` in a record are plain floats (`loss.item()`), the mean over the batches. A tensor would keep its
  whole graph alive.
- If `log` is not None, it is called with each record as soon as there is one.
"""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor, nn


def fit(
    model: nn.Module,
    get: Callable[[str], tuple[Tensor, Tensor]],
    steps: int,
    lr: float = 1e-3,
    eval_every: int = 500,
    eval_iters: int = 200,
    log: Callable[[dict], None] | None = None,
) -> list[dict]:
    """Train the model in place with AdamW; returns the records {"step", "train", "val"} in order."""
    raise NotImplementedError
