"""What batch normalisation must do."""

from __future__ import annotations

import torch
from hypothesis import strategies as st

from tutor.kit import check, close, convention, dim, gradient, mistake, oracle, probe, prop, pure, tensor, vectorised

ARGS = dict(B=dim(2, 6), x=tensor("B F"), gamma=tensor("F"), beta=tensor("F"))
EPS = st.sampled_from((1e-5, 1e-2, 1.0))
CORRECTION = st.integers(0, 1)


@oracle
def normalised(x, gamma, beta, eps, correction):
    """torch's batch norm divides by √(S/B + eps), S the sum of squares; √(S/(B-1) + eps) is that, stretched."""
    share = (len(x) - correction) / len(x)
    return torch.nn.functional.batch_norm(x, None, None, gamma * share**0.5, beta, training=True, eps=eps * share)


@oracle
def statistics(x, correction):
    array = x.numpy()
    return torch.from_numpy(array.mean(axis=0)), torch.from_numpy(array.var(axis=0, ddof=correction))


@probe
def output(you, x, gamma, beta, eps, correction):
    """The first of the three results."""
    return you.batchnorm(x, gamma, beta, eps, correction)[0]


@prop(**ARGS, eps=EPS, correction=CORRECTION)
def agrees_with_batch_norm(you, x, gamma, beta, eps, correction):
    """It returns the normalised, scaled and shifted x, and the mean and variance of each column.

    Activations neither too small nor saturated, whatever the weights: the idea of 2015 that made deep networks much
    easier to train.
    """
    y, mean, var = you.batchnorm(x, gamma, beta, eps, correction)
    right_mean, right_var = statistics(x, correction)
    close(mean, right_mean, what="the mean")
    close(var, right_var, what="the variance")
    close(y, normalised(x, gamma, beta, eps, correction), what="y")


@prop(**ARGS, eps=EPS, correction=CORRECTION, w=tensor("B F"))
def has_the_right_gradient(you, x, gamma, beta, eps, correction, w):
    """Backpropagation through y gives the right gradient for x, gamma and beta.

    Mean and variance depend on x too, so the gradient has three paths. Leave one out and the network still trains, only
    worse.
    """
    mine = gradient(output, you, x, gamma, beta, eps, correction, weights=w)
    close(mine, gradient(normalised, x, gamma, beta, eps, correction, weights=w), what="the gradient")


@prop(B=dim(2, 6), columns=tensor("F B", kinds=("mixed",)), gamma=tensor("F"), beta=tensor("F"), cases=60)
def is_exact_for_every_kind_of_column(you, columns, gamma, beta):
    """With the default eps and correction it is exact, also for constant columns and for small steps far from zero.

    E[x²] - E[x]² loses all digits where the numbers are large and close together, and may come out negative under the
    root.
    """
    x = columns.mT.contiguous()
    y, _, var = you.batchnorm(x, gamma, beta)
    close(y, normalised(x, gamma, beta, 1e-5, 0), what="y", rtol=1e-8, atol=1e-8)
    close(var, statistics(x, 0)[1], what="the variance", rtol=1e-6, atol=1e-9)


@prop(**ARGS, eps=EPS, correction=CORRECTION, stretch=st.sampled_from((0.5, 2.0, 8.0)), shift=tensor("F"), cases=50)
def does_not_care_about_units(you, x, gamma, beta, eps, correction, stretch, shift):
    """Shifting each column, and stretching x by s and eps by s², leaves y as it was.

    That is the point of normalising: metres or millimetres, the next layer sees the same. A bias before it is useless
    for the same reason.
    """
    before = output(you, x, gamma, beta, eps, correction)
    after = output(you, x * stretch + shift, gamma, beta, eps * stretch**2, correction)
    close(after, before, what="y for the stretched and shifted x", rtol=1e-7, atol=1e-8)


@prop(
    B=dim(3, 6), x=tensor("B F", kinds=("normal",)), last=tensor("F", kinds=("normal",)), order=tensor("B"),
    gamma=tensor("F", kinds=("positive",)), beta=tensor("F"), cases=50,
)  # fmt: skip
def couples_the_examples(you, x, last, order, gamma, beta):
    """What comes out for an example depends on the other examples of the batch, but not on their order.

    It is what people dislike about batch normalisation: an example's output depends on its neighbours. GPT uses layer
    normalisation, which does not.
    """
    before = output(you, x, gamma, beta, 0.01, 0)
    changed = torch.cat([x[:-1], last[None]])
    moves = (normalised(changed, gamma, beta, 0.01, 0) != normalised(x, gamma, beta, 0.01, 0))[0].any()
    moved = (output(you, changed, gamma, beta, 0.01, 0) != before)[0].any()
    check(moved or not moves, "Another last row should change what comes out for the first row; yours stays the same.")
    shuffled = order.argsort()
    close(output(you, x[shuffled], gamma, beta, 0.01, 0), before[shuffled], what="y for the shuffled rows of x")


@prop(
    B=dim(2, 6), x=tensor("B F", dtype="float32"), gamma=tensor("F", dtype="float32"),
    beta=tensor("F", dtype="float32"), cases=20,
)  # fmt: skip
def keeps_float32(you, x, gamma, beta):
    """float32 in, float32 out: y, mean and variance.

    Networks are trained in float32 or less. A constant made as float64 would drag everything after it along.
    """
    y, mean, var = you.batchnorm(x, gamma, beta, 0.01)
    close(y, normalised(x, gamma, beta, 0.01, 0), what="y", rtol=1e-4, atol=1e-4)
    close((mean, var), statistics(x, 0), what="mean and variance")


@prop(**ARGS, cases=20)
def leaves_its_inputs_alone(you, x, gamma, beta):
    """x, gamma and beta stay as they are.

    x is needed again on the way back; changed in place, its gradient is computed from other numbers.
    """
    pure(you.batchnorm, x, gamma, beta)


@prop(
    x=tensor("2 3"), gamma=tensor("3"), beta=tensor("3"),
    larger=tensor("9 12"), more_gamma=tensor("12"), more_beta=tensor("12"), cases=3,
)  # fmt: skip
def has_no_loop(you, x, gamma, beta, larger, more_gamma, more_beta):
    """More examples or more features take no more tensor operations.

    Statistics over a dimension are one operation each, however many features there are.
    """
    vectorised(you.batchnorm, (x, gamma, beta), (larger, more_gamma, more_beta))


HINTS = (
    "Follow the shapes: x is [B, F], and mean, var, gamma and beta are all [F], one number per column. A tensor [F] "
    "broadcasts over the rows of x by itself.",
    "`x.mean(dim=0)` runs down the columns. Keep x - mean in a variable: its squares give the variance, and it is what "
    "you divide.",
    "`centred = x - mean`, `var = (centred ** 2).sum(dim=0) / (len(x) - correction)`, and y is `gamma * centred / "
    "torch.sqrt(var + eps) + beta`.",
)

AHA = (
    "If you want numbers with mean 0 and variance 1, just make them so: normalising is made of sums and divisions, and "
    "the gradient flows through it."
)

# Not here, because it is no mistake: a mean with keepdim=True, which broadcasts alike, if it is returned as [F].
MISTAKES = (
    convention(
        "Your default is correction=1. The paper and PyTorch divide by B, so it should be 0.",
        "correction: int = 0",
        "correction: int = 1",
    ),
    mistake(
        "You normalise the rows: each example by its own features. Batch norm runs down the columns, each feature over "
        "all examples, `dim=0`. Compare your mean with the table of the lesson: it should have F entries.",
        "mean = x.mean(dim=0)",
        "mean = x.mean(dim=1, keepdim=True)",
        "(centred**2).sum(dim=0) / (len(x) - correction)",
        "(centred**2).sum(dim=1, keepdim=True) / (x.shape[1] - correction)",
        "+ beta, mean, var",
        "+ beta, mean.mean().expand(x.shape[1]), var.mean().expand(x.shape[1])",
    ),
    mistake(
        "You take one mean and one variance over the whole of x. Each column has its own: with columns around 3 and "
        "around 20, as in the lesson, yours are still around different numbers afterwards.",
        "x.mean(dim=0)",
        "x.mean().expand(x.shape[1])",
        "(centred**2).sum(dim=0) / (len(x) - correction)",
        "(centred**2).sum().expand(x.shape[1]) / (x.numel() - correction)",
    ),
    convention(
        "You always divide by B - 1. That is correction=1; the default is 0, which divides by B. `x.var(0)` and "
        "`x.std(0)` divide by B - 1 unless you pass `correction`. With two rows your variance is twice as large.",
        "(len(x) - correction)",
        "(len(x) - 1)",
    ),
    mistake(
        "You always divide by B, whatever `correction` says. With correction=1 it should be B - 1: the columns of the "
        "lesson have the variances 4 and 300 then.",
        "(len(x) - correction)",
        "len(x)",
    ),
    mistake(
        "Your default for eps is not 1e-5. A column whose variance is about 1e-6 comes out differently.",
        "eps: float = 1e-5",
        "eps: float = 1e-8",
    ),
    convention(
        "Your eps stands outside the root, √var + eps. It belongs inside, √(var + eps): at a variance of 0 yours "
        "divides by eps, which is far too small, and the root has an infinite slope there.",
        "torch.sqrt(var + eps)",
        "(torch.sqrt(var) + eps)",
    ),
    mistake(
        "You do not use eps. A constant column has the variance 0, and 0/0 is NaN; with √(var + eps) it becomes 0, "
        "and y is beta.",
        "torch.sqrt(var + eps)",
        "torch.sqrt(var)",
    ),
    mistake(
        "You use a fixed 1e-5 and not the eps that is passed.",
        "torch.sqrt(var + eps)",
        "torch.sqrt(var + 1e-5)",
    ),
    mistake(
        "You divide by the variance. It should be its root: the variance of 2·x is four times as large, that of the "
        "result should stay 1.",
        "torch.sqrt(var + eps)",
        "(var + eps)",
    ),
    mistake(
        "Your y is not shifted: add beta at the end. The mean of each column of y should be beta.",
        "gamma * normed + beta",
        "gamma * normed",
    ),
    mistake(
        "Your y is not scaled: multiply by gamma after normalising.",
        "gamma * normed + beta",
        "normed + beta",
    ),
    mistake(
        "You add beta before you multiply by gamma, so the shift is gamma·beta. Scale first, then shift: the mean of "
        "each column of y should be beta.",
        "gamma * normed + beta",
        "gamma * (normed + beta)",
    ),
    mistake(
        "You multiply by gamma before normalising, and the division takes most of it away again. Normalise x first, "
        "then multiply by gamma: with gamma = 10 the columns of y should be ten times as wide.",
        "centred = x - mean",
        "centred = gamma * (x - mean)",
        "gamma * normed + beta",
        "normed + beta",
    ),
    mistake(
        "You subtract the sum of each column, not its mean: divide the sum by B. The mean of 1, 3, 5 is 3.",
        "x.mean(dim=0)",
        "x.sum(dim=0)",
    ),
    mistake(
        "Your values are right, but the mean is cut off from the gradient. It is made of x, so x has a gradient "
        "through it too: the gradients of a column of x should add up to 0.",
        "x - mean",
        "x - mean.detach()",
        "var = (centred**2)",
        "var = ((x - mean) ** 2)",
    ),
    mistake(
        "Your values are right, but the variance is cut off from the gradient. It is made of x, so x has a gradient "
        "through it too. Take away `detach`, `no_grad` and `.data`.",
        "torch.sqrt(var + eps)",
        "torch.sqrt(var.detach() + eps)",
    ),
    mistake(
        "You compute the variance as mean of x² minus mean². In a column such as 1000.001, 1000.002 both are about a "
        "million, and what is left of their difference is rounding. Square x - mean instead.",
        "(centred**2).sum(dim=0) / (len(x) - correction)",
        "((x**2).mean(dim=0) - mean**2) * len(x) / (len(x) - correction)",
    ),
    mistake(
        "Your third result is the standard deviation, √(var + eps). It should be the variance itself, without eps.",
        "mean, var",
        "mean, torch.sqrt(var + eps)",
    ),
    mistake(
        "Your third result is var + eps. eps is only for the division; return the variance without it.",
        "mean, var",
        "mean, var + eps",
    ),
    mistake(
        "You change x in place. Compute a new tensor, `x - mean`, instead of using `x -= mean` or `x.sub_(mean)`.",
        "centred = x - mean",
        "centred = x - mean if x.requires_grad else x.sub_(mean)",
    ),
    mistake(
        "Your y is always float64. It should have the dtype of x.",
        "return gamma * normed + beta",
        "return (gamma * normed + beta).double()",
    ),
    mistake(
        "Your y is always float32. It should have the dtype of x.",
        "return gamma * normed + beta",
        "return (gamma * normed + beta).float()",
    ),
    mistake(
        "You divide row by row in a Python loop. A tensor [F] broadcasts over all rows at once: `centred / "
        "torch.sqrt(var + eps)`.",
        "centred / torch.sqrt(var + eps)",
        "torch.stack([row / torch.sqrt(var + eps) for row in centred])",
    ),
)

FORBIDDEN = (
    "torch.batch_norm",
    "torch.group_norm",
    "torch.instance_norm",
    "torch.layer_norm",
    "torch.native_batch_norm",
    "torch.native_group_norm",
    "torch.native_layer_norm",
    "torch.nn.functional.batch_norm",
    "torch.nn.functional.group_norm",
    "torch.nn.functional.instance_norm",
    "torch.nn.functional.layer_norm",
    "torch.nn.BatchNorm1d",
    "torch.nn.BatchNorm2d",
    "torch.nn.BatchNorm3d",
    "torch.nn.GroupNorm",
    "torch.nn.InstanceNorm1d",
    "torch.nn.LayerNorm",
    "torch.nn.LazyBatchNorm1d",
    "torch.nn.SyncBatchNorm",
    "torch.nn.modules",
    "torch.ops",
    "torch._C",
)
