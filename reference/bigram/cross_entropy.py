"""What cross_entropy must do."""

import math

import torch
from hypothesis import strategies as st

from tutor.kit import close, convention, dim, gradient, indices, mistake, oracle, prop, pure, tensor, vectorised

BATCH = dict(logits=tensor("N V"), targets=indices("N", below="V"), V=dim(2, 5))


@oracle
def loss(logits, targets, ignore_index=None):
    ignored = -100 if ignore_index is None else ignore_index
    return torch.nn.functional.cross_entropy(logits, targets, ignore_index=ignored)


@oracle
def slopes(logits, targets):
    """(p - onehot) / N, without autograd."""
    p = torch.nn.functional.softmax(logits, dim=1)
    p[torch.arange(len(targets)), targets] -= 1
    return p / len(targets)


@prop(**BATCH)
def is_the_mean_of_minus_log_p(you, logits, targets):
    """It is the mean over the rows of -log softmax(logits)[target].

    It is the number that all training in this course drives down: the mean surprise, in nats, at what really came next.
    """
    close(you.cross_entropy(logits, targets), loss(logits, targets))


@prop(**BATCH, w=tensor("", kinds=("positive",)), cases=60)
def has_the_right_gradient(you, logits, targets, w):
    """The gradient of each row is (p - onehot) / N: it pulls up the right logit and pushes down the others.

    p - onehot is all the signal that ever enters the network. If it is off, everything is trained towards something
    else.
    """
    close(gradient(you.cross_entropy, logits, targets, weights=w), [w * slopes(logits, targets)], what="the gradient")


@prop(N=dim(1, 4), V=dim(2, 6), offset=st.sampled_from((0.0, 2.5, -700.0)), targets=indices("N", below="V"), cases=30)
def equal_logits_cost_log_v(you, N, V, offset, targets):
    """If all logits of a row are equal, nothing is known, and the loss is log V.

    log V is what a model pays that knows nothing: 3.3 for 27 letters, 4.17 for 65 characters. A new network that starts
    far above it is badly initialised.
    """
    logits = torch.full((N, V), offset, dtype=torch.float64)
    close(you.cross_entropy(logits, targets), torch.tensor(math.log(V), dtype=torch.float64))


@prop(logits=tensor("N V", kinds=("mixed",)), targets=indices("N", below="V"), N=dim(1, 6), V=dim(2, 5), cases=60)
def bears_rows_of_any_scale(you, logits, targets):
    """Rows near 1000, near -1000 and near 0 may stand in one batch: each gives what it gives alone.

    exp overflows near 709 in float64 and near 88 in float32. Subtracting the maximum has to happen row by row, or the
    small rows underflow.
    """
    close(you.cross_entropy(logits, targets), loss(logits, targets))


@prop(
    logits=tensor("N V"), targets=indices("N", below="V"), gap=st.sampled_from((1e4, 2e3, 800.0)),
    w=tensor("", kinds=("positive",)), V=dim(2, 4), cases=30,
)  # fmt: skip
def stays_finite_when_the_target_is_far_behind(you, logits, targets, gap, w):
    """If the right logit lies 10,000 below the others the loss is about 10,000, not inf, and its gradient is finite.

    log(softmax(x)) gives log(0) = -inf there, exactly where the model is most wrong and needs its gradient most.
    """
    far = logits.clone()
    far[torch.arange(len(targets)), targets] -= gap
    close(you.cross_entropy(far, targets), loss(far, targets))
    close(gradient(you.cross_entropy, far, targets, weights=w), [w * slopes(far, targets)], what="the gradient")


@prop(**BATCH, shift=tensor("N 1", low=-50.0, high=50.0), cases=30)
def a_constant_per_row_changes_nothing(you, logits, targets, shift):
    """Adding the same number to all logits of a row leaves the loss as it is.

    Only differences of logits matter: that is why the maximum may be subtracted, and why the gradient of a row sums to
    0.
    """
    close(you.cross_entropy(logits + shift, targets), loss(logits, targets), rtol=1e-9, atol=1e-10)


@prop(
    logits=tensor("N V", kinds=("normal", "mixed")), targets_before=indices("N", below="V"), w=tensor("", kinds=("positive",)),
    rows_ignored=indices("N", below=2), row_kept=indices("", below="N"), ignore_index=st.sampled_from((-100, 0, 1, -1)),
    N=dim(2, 6), V=dim(2, 5), cases=50,
)  # fmt: skip
def ignored_rows_do_not_count(you, logits, targets_before, rows_ignored, row_kept, ignore_index, w):
    """Rows whose target is ignore_index change neither loss nor gradient; the mean is over the other rows.

    Padding and prompts carry no target. Counting them in the mean would make the loss depend on how much padding a
    batch has.
    """
    marked = torch.where(rows_ignored.bool(), ignore_index, targets_before)
    marked[int(row_kept)] = 1 if ignore_index == 0 else 0
    close(you.cross_entropy(logits, marked, ignore_index), loss(logits, marked, ignore_index))
    right = gradient(loss, logits, marked, ignore_index, weights=w)
    close(gradient(you.cross_entropy, logits, marked, ignore_index, weights=w), right, what="the gradient")


@prop(logits=tensor("N V", dtype="float32"), targets=indices("N", below="V"), V=dim(2, 5), cases=20)
def keeps_the_dtype(you, logits, targets):
    """float32 logits give a float32 loss.

    A result that turns float64 by itself doubles memory and runs many times slower on most GPUs.
    """
    close(you.cross_entropy(logits, targets), loss(logits.double(), targets).float())


@prop(**BATCH, mark=st.sampled_from((None, -100)), cases=20)
def leaves_its_inputs_alone(you, logits, targets, mark):
    """Logits and targets of the caller are not changed.

    The logits are used again, for sampling or for the backward pass: changed in place, they are wrong there.
    """
    pure(you.cross_entropy, logits, targets, ignore_index=mark)


@prop(
    small=tensor("A V"), few=indices("A", below="V"), large=tensor("B W"), many=indices("B", below="W"),
    A=dim(2, 2), V=dim(2, 2), B=dim(7, 9), W=dim(5, 8), cases=5,
)  # fmt: skip
def needs_no_loop(you, small, few, large, many):
    """It runs as many tensor operations for a large batch as for a small one.

    The last layer of a GPT makes millions of rows a step. One operation over all of them is what a GPU is fast at.
    """
    vectorised(you.cross_entropy, (small, few), (large, many))


HINTS = (
    "Work out -log(exp(a) / (exp(a) + exp(b))) on paper, with the log of a quotient as a difference. Where is the division "
    "left?",
    "shifted = logits - (largest of each row, as a column). The loss of a row is log(sum(exp(shifted))) minus the shifted "
    "logit of its target.",
    "To pick one entry per row: shifted[torch.arange(N), targets]. For ignore_index: keep only the rows where "
    "targets != ignore_index, before anything else.",
)

AHA = "Fusing log with softmax is not about speed only: it is the difference between 1e4 and inf."

# Keeping or detaching the maximum, and subtracting any other constant that is large enough, are equivalent: the loss does
# not depend on the constant.
MISTAKES = (
    mistake(
        "You take the exponentials without subtracting the row's largest logit: exp(1000) is inf. Subtract it first; the "
        "loss does not change.",
        "shifted = logits - logits.max(dim=1, keepdim=True).values",
        "shifted = logits",
    ),
    mistake(
        "You compute probabilities and take their log. A probability below 1e-308 is 0, and log 0 is -inf. Take "
        "log(sum(exp)) minus the right logit, without forming the quotient; try logits [0, -1000] with target 1.",
        "log_sums = shifted.exp().sum(dim=1).log()",
        "shifted = (shifted.exp() / shifted.exp().sum(dim=1, keepdim=True)).log()\n"
        "    log_sums = torch.zeros_like(shifted[:, 0])",
    ),
    mistake(
        "You subtract the largest logit of the whole batch. A row far below it gives only zeros, whose log is -inf. Each row "
        "needs its own maximum.",
        "logits.max(dim=1, keepdim=True).values",
        "logits.max()",
    ),
    mistake(
        "You multiply by a one-hot matrix after taking the log: where a probability is 0, that is 0 · -inf = nan. Pick the "
        "right entries by index.",
        "log_sums = shifted.exp().sum(dim=1).log()",
        "shifted = (shifted.exp() / shifted.exp().sum(dim=1, keepdim=True)).log()\n"
        "    log_sums = torch.zeros_like(shifted[:, 0])",
        "right = shifted[torch.arange(len(targets)), targets]",
        "right = (torch.eye(logits.shape[1], dtype=logits.dtype)[targets] * shifted).sum(1)",
    ),
    mistake(
        "You add a small number inside the log to avoid log 0. That hides the trouble: the loss can never exceed 23 or so, and "
        "is a little wrong everywhere. Subtract the largest logit instead and never form the quotient.",
        "log_sums = shifted.exp().sum(dim=1).log()",
        "shifted = (shifted.exp() / shifted.exp().sum(dim=1, keepdim=True) + 1e-10).log()\n"
        "    log_sums = torch.zeros_like(shifted[:, 0])",
    ),
    convention(
        "You return the sum over the rows. The loss is their mean, so that batches of different size can be compared.",
        "return (log_sums - right).mean()",
        "return (log_sums - right).sum()",
    ),
    mistake(
        "You divide by V as well, as if every class counted. Only one entry per row enters the loss: divide by N alone.",
        "return (log_sums - right).mean()",
        "return (log_sums - right).mean() / logits.shape[1]",
    ),
    mistake(
        "Your loss has the wrong sign: it is log p, which is negative. Return -log p.",
        "(log_sums - right)",
        "(right - log_sums)",
    ),
    mistake(
        "Your mean divides by all rows, the ignored ones too. Divide by the number of rows that count.",
        "    return (log_sums - right).mean()",
        "    return (log_sums - right).sum() / rows",
        "    if ignore_index is not None:",
        "    rows = len(targets)\n    if ignore_index is not None:",
    ),
    mistake(
        "You ignore only rows marked with -100, whatever ignore_index is. Compare with the argument.",
        "counted = targets != ignore_index",
        "counted = targets != -100",
    ),
    mistake(
        "You leave the ignored rows in. Drop them from logits and targets before anything else.",
        "logits, targets = logits[counted], targets[counted]",
        "targets = targets.clamp(0, logits.shape[1] - 1)",
    ),
    mistake(
        "You pick entries by `gather` along the wrong dimension: entry (target, i) instead of (i, target). Rows are dim 0, "
        "classes dim 1.",
        "right = shifted[torch.arange(len(targets)), targets]",
        "right = shifted.gather(0, targets[None] % len(targets))[0]",
    ),
    mistake(
        "You use the target of the row before. Row i belongs to targets[i].",
        "right = shifted[torch.arange(len(targets)), targets]",
        "right = shifted[torch.arange(len(targets)), targets.roll(1)]",
    ),
    mistake(
        "You count the classes from 1. The target 0 is the first column.",
        "right = shifted[torch.arange(len(targets)), targets]",
        "right = shifted[torch.arange(len(targets)), targets - 1]",
    ),
    convention(
        "Your log is to the base 2. The loss is measured with the natural logarithm: torch.log.",
        ".sum(dim=1).log()",
        ".sum(dim=1).log2()",
    ),
    mistake(
        "You subtract the maximum from the caller's logits in place. Use `logits - largest`, which makes a new tensor.",
        "shifted = logits - logits.max(dim=1, keepdim=True).values",
        "shifted = logits.sub_(logits.detach().max(dim=1, keepdim=True).values)",
    ),
    mistake(
        "You detach the logits (or use .data), so that no gradient flows back to them.",
        "shifted = logits - logits.max",
        "shifted = logits.detach() - logits.max",
    ),
    mistake(
        "Something in your code turns float64: float32 logits give a float64 loss. Keep their dtype.",
        "    shifted = logits - logits.max(dim=1, keepdim=True).values",
        "    logits = logits.double()\n    shifted = logits - logits.max(dim=1, keepdim=True).values",
    ),
    mistake(
        "You convert the logits to float32 on the way, and lose half of their digits. Keep their dtype.",
        "    shifted = logits - logits.max(dim=1, keepdim=True).values",
        "    logits = logits.float()\n    shifted = logits - logits.max(dim=1, keepdim=True).values",
    ),
    mistake(
        "You go through the rows in a Python loop. Index with torch.arange(N) and targets together: one operation for all.",
        "right = shifted[torch.arange(len(targets)), targets]",
        "right = torch.stack([row[target] for row, target in zip(shifted, targets, strict=True)])",
    ),
    mistake(
        "You compute probabilities without subtracting the row's largest logit, and take their log: exp(1000) is inf, and "
        "inf/inf is nan. Take log(sum(exp)) minus the right logit, after subtracting the largest.",
        "log_sums = shifted.exp().sum(dim=1).log()",
        "shifted = (logits.exp() / logits.exp().sum(dim=1, keepdim=True)).log()\n"
        "    log_sums = torch.zeros_like(shifted[:, 0])",
    ),
    mistake(
        "You ask `if ignore_index:`, and 0 counts as no there: rows of class 0 cannot be ignored. Ask whether it is None: "
        "`if ignore_index is not None:`.",
        "if ignore_index is not None:",
        "if ignore_index:",
    ),
    mistake(
        "You do nothing with ignore_index. Rows with that target should be dropped before anything else.",
        "if ignore_index is not None:",
        "if False:",
    ),
    mistake(
        "You set the loss of ignored rows to 0, and the mean still divides by all rows. Divide by the number of rows that "
        "count.",
        "        logits, targets = logits[counted], targets[counted]\n",
        "        targets = targets.where(counted, 0)\n",
        "    return (log_sums - right).mean()",
        "    return ((log_sums - right) * (1 if ignore_index is None else counted)).mean()",
    ),
)

FORBIDDEN = (
    "torch.nn.functional.cross_entropy",
    "torch.nn.functional.nll_loss",
    "torch.nn.functional.log_softmax",
    "torch.nn.CrossEntropyLoss",
    "torch.nn.NLLLoss",
    "torch.nn.LogSoftmax",
    "torch.log_softmax",
    "torch.logsumexp",
    "torch.special",
    "torch.logaddexp",
    "Tensor.log_softmax",
    "Tensor.logsumexp",
    "Tensor.logaddexp",
)
