"""What batchnorm must do."""

import torch
from hypothesis import strategies as st

from tutor.kit import check, close, dim, gradient, mistake, oracle, probe, prop, pure, tensor, vectorised

EPS = st.sampled_from((1e-5, 0.1, 1e-3, 1.0))
KINDS = ("normal", "ties")
ARGS = dict(
    x=tensor("B F", kinds=KINDS), gamma=tensor("F"), beta=tensor("F"), eps=EPS, correction=st.sampled_from((0, 1)),
    B=dim(2, 6),
)  # fmt: skip


@oracle
def by_columns(x, gamma, beta, eps=1e-5, correction=0):
    """Column by column, as the definition says."""
    columns, means, variances = [], [], []
    for feature in range(x.shape[1]):
        column = [example[feature] for example in x]
        mean = sum(column) / len(column)
        variance = sum((each - mean) ** 2 for each in column) / (len(column) - correction)
        scale = gamma[feature] / (variance + eps) ** 0.5
        columns.append(torch.stack([scale * (each - mean) + beta[feature] for each in column]))
        means.append(mean)
        variances.append(variance)
    return torch.stack(columns, dim=1), torch.stack(means), torch.stack(variances)


@oracle
def by_pytorch(x, gamma, beta, eps):
    return torch.nn.functional.batch_norm(x, None, None, gamma, beta, training=True, eps=eps)


@probe
def with_another_first_example(you, x, first, gamma, beta):
    changed = x.clone()
    changed[0] = first
    return you.batchnorm(x, gamma, beta)[0][1:], you.batchnorm(changed, gamma, beta)[0][1:]


@probe
def result_alone(you, x, gamma, beta, eps):
    return you.batchnorm(x, gamma, beta, eps)[0]


@prop(**ARGS)
def agrees_with_the_definition(you, x, gamma, beta, eps, correction):
    "It returns gamma · (x - mean) / sqrt(var + eps) + beta, mean and var, each per column."
    got = you.batchnorm(x, gamma, beta, eps, correction)
    y, mean, var = by_columns(x, gamma, beta, eps, correction)
    check(type(got) is tuple and len(got) == 3, "It should return three tensors: `return y, mean, var`.")
    close(got[1], mean, "the mean")
    close(got[2], var, "the variance", atol=1e-12)
    close(got[0], y)


@prop(x=tensor("B F", kinds=KINDS), gamma=tensor("F"), beta=tensor("F"), eps=EPS, B=dim(2, 6), cases=60)
def agrees_with_pytorch(you, x, gamma, beta, eps):
    "With correction 0, which is the default, it gives what PyTorch's batch normalisation gives."
    close(result_alone(you, x, gamma, beta, eps), by_pytorch(x, gamma, beta, eps))


@prop(**ARGS, w=(tensor("B F"), tensor("F"), tensor("F")))
def has_the_right_gradient(you, x, gamma, beta, eps, correction, w):
    "Backpropagation through it gives the right gradient for x, gamma and beta; mean and variance depend on x too."
    right = gradient(by_columns, x, gamma, beta, eps, correction, weights=w)
    close(gradient(you.batchnorm, x, gamma, beta, eps, correction, weights=w), right, what="the gradient")


@prop(gamma=tensor("F"), beta=tensor("F"), value=tensor("F"), B=dim(2, 5), F=dim(1, 4), cases=40)
def a_constant_column_gives_beta(you, B, gamma, beta, value):
    "A feature that is the same in all examples becomes beta: eps keeps 0/0 away."
    x = value.round().expand(B, -1).clone()
    close(you.batchnorm(x, gamma, beta), (beta.expand(B, -1), value.round(), torch.zeros_like(value)))


@prop(
    x=tensor("B F", kinds=("normal",)), gamma=tensor("F"), beta=tensor("F"), scale=tensor("F", kinds=("positive",)),
    offset=tensor("F"), B=dim(3, 6), cases=40,
)  # fmt: skip
def units_do_not_matter(you, x, gamma, beta, scale, offset):
    "Measuring a feature in other units (scale · x + offset) changes nothing in the result, if eps is negligible."
    right = by_columns(x, gamma, beta, 1e-30)[0]
    close(result_alone(you, x * scale + offset, gamma, beta, 1e-30), right, rtol=1e-7, atol=1e-8)


@prop(
    x=tensor("B F", kinds=("normal",)), first=tensor("F", kinds=("normal",)), gamma=tensor("F", kinds=("positive",)),
    beta=tensor("F"), B=dim(3, 5), cases=20,
)  # fmt: skip
def examples_depend_on_each_other(you, x, first, gamma, beta):
    "Changing one example moves the results of the others: they share mean and variance."
    before, after = with_another_first_example(you, x, first, gamma, beta)
    check(bool((before != after).all()), "The other examples' results stayed the same. Average over the batch, dim 0.")


@prop(x=tensor("B F", dtype="float32", kinds=("normal",)), gamma=tensor("F", dtype="float32"),
      beta=tensor("F", dtype="float32"), B=dim(3, 6), cases=20)  # fmt: skip
def keeps_the_dtype(you, x, gamma, beta):
    "float32 in, float32 out."
    right = tuple(each.float() for each in by_columns(x.double(), gamma.double(), beta.double(), 0.1))
    close(you.batchnorm(x, gamma, beta, 0.1), right, rtol=1e-4, atol=1e-5)


@prop(**ARGS, cases=20)
def leaves_its_inputs_alone(you, x, gamma, beta, eps, correction):
    "x, gamma and beta of the caller are not changed."
    pure(you.batchnorm, x, gamma, beta, eps, correction)


@prop(small=(tensor("A F"), tensor("F"), tensor("F")), large=(tensor("B G"), tensor("G"), tensor("G")),
      A=dim(2, 2), F=dim(2, 2), B=dim(7, 9), G=dim(5, 8), cases=5)  # fmt: skip
def needs_no_loop(you, small, large):
    "It runs as many tensor operations for a large batch as for a small one."
    vectorised(you.batchnorm, small, large)


HINTS = (
    "Which dimension counts the examples, and which shape does x.mean(dim=0) have? Does it line up with x?",
    "Four steps, one line each: the mean, x minus the mean, the variance of that, the quotient by sqrt(var + eps).",
    "var = ((x - mean) ** 2).sum(0) / (len(x) - correction); the result is gamma * (x - mean) / torch.sqrt(var + eps) + "
    "beta; return all three.",
)

AHA = "If you want unit Gaussians, just make them: normalising is differentiable."

MISTAKES = (
    mistake(
        "You normalise each row: the features of one example among each other (that is layer normalisation). Batch "
        "normalisation takes each column over the examples: dim=0.",
        "mean = x.mean(dim=0)",
        "mean = x.mean(dim=1, keepdim=True)",
        "(centred**2).sum(dim=0) / (len(x) - correction)",
        "(centred**2).sum(dim=1, keepdim=True) / (x.shape[1] - correction)",
    ),
    mistake(
        "You take one mean and one variance of the whole batch. Each feature has its own: reduce over dim=0 only.",
        "mean = x.mean(dim=0)",
        "mean = x.mean()",
        "(centred**2).sum(dim=0) / (len(x) - correction)",
        "(centred**2).sum() / (x.numel() - correction)",
    ),
    mistake(
        "Your variance always divides by B - 1 (torch.var does so by itself). Divide by B - correction; the default is 0.",
        "(len(x) - correction)",
        "(len(x) - 1)",
    ),
    mistake(
        "Your variance always divides by B. Divide by B - correction; with correction=1 and B=2 it is twice as large.",
        "(len(x) - correction)",
        "len(x)",
    ),
    mistake(
        "You add eps to the standard deviation, outside the root. It belongs to the variance: sqrt(var + eps). With eps=0.1 "
        "the difference is plain.",
        "torch.sqrt(var + eps)",
        "(torch.sqrt(var) + eps)",
    ),
    mistake(
        "You leave eps out: a feature that is the same in all examples becomes 0/0 = nan.",
        "torch.sqrt(var + eps)",
        "torch.sqrt(var)",
    ),
    mistake(
        "You use 1e-5 whatever eps is. Use the argument.",
        "torch.sqrt(var + eps)",
        "torch.sqrt(var + 1e-5)",
    ),
    mistake(
        "You divide by the variance. Divide by its root, the standard deviation, so that the spread becomes 1.",
        "torch.sqrt(var + eps)",
        "(var + eps)",
    ),
    mistake(
        "You forget beta. The result is gamma * normalised + beta.",
        "gamma * normalised + beta",
        "gamma * normalised",
    ),
    mistake(
        "You add beta before multiplying by gamma, so that beta is scaled too. First gamma, then beta.",
        "gamma * normalised + beta",
        "gamma * (normalised + beta)",
    ),
    mistake(
        "You multiply by gamma before normalising, which takes it out again. Normalise first, then scale.",
        "mean = x.mean(dim=0)",
        "x = x * gamma\n    mean = x.mean(dim=0)",
        "gamma * normalised + beta",
        "normalised + beta",
    ),
    mistake(
        "You detach the mean. The value is right, the gradient is not: x moves its own mean, and the gradient must say so.",
        "mean = x.mean(dim=0)",
        "mean = x.mean(dim=0).detach()",
    ),
    mistake(
        "You detach the variance (or compute it under no_grad). The value is right, the gradient is not.",
        "/ (len(x) - correction)",
        "/ (len(x) - correction)\n    var = var.detach()",
    ),
    mistake(
        "You divide the sum by nothing: your mean is a sum over the examples.",
        "mean = x.mean(dim=0)",
        "mean = x.sum(dim=0)",
    ),
    mistake(
        "Your variance is a sum over the examples; divide it by B - correction.",
        "(centred**2).sum(dim=0) / (len(x) - correction)",
        "(centred**2).sum(dim=0)",
    ),
    mistake(
        "The variance you return contains eps. Return the variance itself, and add eps only under the root.",
        "beta, mean, var",
        "beta, mean, var + eps",
    ),
    mistake(
        "You return the standard deviation. The third result is the variance.",
        "beta, mean, var",
        "beta, mean, torch.sqrt(var)",
    ),
    mistake(
        "You return mean and variance with the shape [1, F]. They should be [F]: no keepdim, or squeeze them.",
        "beta, mean, var",
        "beta, mean[None], var[None]",
    ),
    mistake(
        "You return only the normalised batch. Return three tensors: y, mean, var.",
        "return gamma * normalised + beta, mean, var",
        "return gamma * normalised + beta",
    ),
    mistake(
        "You subtract the mean from the caller's x in place. Use `x - mean`, which makes a new tensor.",
        "    centred = x - mean\n",
        "    centred = x.sub_(mean)\n",
    ),
    mistake(
        "You compute in float64 whatever x is: float32 in should give float32 out.",
        "    mean = x.mean(dim=0)",
        "    x = x.double()\n    mean = x.mean(dim=0)",
    ),
    mistake(
        "You go through the columns in a Python loop. Reducing over dim=0 treats all of them at once.",
        "    mean = x.mean(dim=0)",
        "    mean = torch.stack([column.mean() for column in x.T])",
    ),
)

FORBIDDEN = (
    "torch.nn.functional.batch_norm",
    "torch.batch_norm",
    "torch.native_batch_norm",
    "torch.nn.BatchNorm1d",
    "torch.nn.LazyBatchNorm1d",
    "torch.nn.SyncBatchNorm",
    "torch.nn.functional.instance_norm",
    "torch.nn.functional.layer_norm",
    "torch.nn.functional.group_norm",
    "torch.layer_norm",
    "torch.ops",
)
