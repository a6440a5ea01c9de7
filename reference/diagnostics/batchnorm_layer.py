"""What a batch norm layer must do, call after call."""

from __future__ import annotations

import torch
from hypothesis import strategies as st

from tutor.kit import (
    check,
    close,
    convention,
    counts,
    dim,
    gradient,
    load,
    mistake,
    oracle,
    probe,
    prop,
    pure,
    raises,
    same,
    tensor,
)

STATE = dict(gamma=tensor("F"), beta=tensor("F"), mean=tensor("F"), var=tensor("F", kinds=("positive",)))
"""What the layer holds before the first step."""
SCRIPT = dict(S=dim(1, 4), B=dim(2, 5), x=tensor("S B F"), evaluating=counts("S", most=1), **STATE)
"""S steps with a batch each; evaluating is 1 where a step runs in evaluation mode."""
SETTINGS = dict(eps=st.sampled_from((1e-5, 1e-2, 1.0)), momentum=st.sampled_from((0.1, 0.3, 0.9)))


@oracle
def torch_script(x, evaluating, gamma, beta, mean, var, eps, momentum):
    """Outputs and buffers of all steps, by torch's own layer; gamma and beta keep their gradient.

    Each step gets buffers of its own: torch changes them in place, unseen by autograd, and an evaluation step before
    that would go back through the new ones.
    """
    layer = torch.nn.BatchNorm1d(x.shape[-1], eps=eps, momentum=momentum, dtype=x.dtype)
    outputs, means, variances = [], [mean.detach()], [var.detach()]
    for batch, mode in zip(x, evaluating, strict=True):
        layer.train(not mode)
        buffers = {"running_mean": means[-1].clone(), "running_var": variances[-1].clone()}
        outputs.append(torch.func.functional_call(layer, {"weight": gamma, "bias": beta, **buffers}, (batch,)))
        means.append(buffers["running_mean"])
        variances.append(buffers["running_var"])
    return outputs, means[1:], variances[1:]


@oracle
def torch_last(x, evaluating, gamma, beta, mean, var, eps, momentum):
    return torch_script(x, evaluating, gamma, beta, mean, var, eps, momentum)[0][-1]


@probe
def filled(you, gamma, beta, mean, var, eps=1e-5, momentum=0.1):
    """A layer that holds these tensors."""
    layer = you.BatchNorm1d(len(gamma), eps, momentum)
    load(layer, {"gamma": with_gradient(gamma), "beta": with_gradient(beta)})
    layer.running_mean, layer.running_var = mean.detach().clone(), var.detach().clone()
    return layer


@probe
def with_gradient(value):
    return value if value.requires_grad else value.clone().requires_grad_()


@probe
def script(you, x, evaluating, gamma, beta, mean, var, eps, momentum):
    """Outputs and buffers of all steps."""
    layer = filled(you, gamma, beta, mean, var, eps, momentum)
    outputs, means, variances = [], [], []
    for batch, mode in zip(x, evaluating.tolist(), strict=True):
        layer.training = not mode
        outputs.append(layer(batch))
        means.append(layer.running_mean.clone())
        variances.append(layer.running_var.clone())
    return outputs, means, variances


@probe
def last_output(you, x, evaluating, gamma, beta, mean, var, eps, momentum):
    """The output of the last step: nobody may need the gradient of an earlier one after buffers changed in place."""
    return script(you, x, evaluating, gamma, beta, mean, var, eps, momentum)[0][-1]


@probe
def one_by_one(you, x, gamma, beta, mean, var):
    """The outputs for the rows of x, each in a batch of its own, in evaluation mode."""
    layer = filled(you, gamma, beta, mean, var)
    layer.training = False
    return [layer(row[None]) for row in x]


@probe
def fresh(you, x):
    """A new layer's tensors and mode, its output for x, and its buffers after that."""
    layer = you.BatchNorm1d(x.shape[-1])
    held = {name: getattr(layer, name).detach().clone() for name in ("gamma", "beta", "running_mean", "running_var")}
    training = layer.training
    return held, training, layer(x), (layer.running_mean, layer.running_var)


@probe
def inventory(you, x):
    """Names of what parameters() lists and the type of the list; which buffers carry a gradient after two steps."""
    layer = you.BatchNorm1d(x.shape[-1])
    names = ("gamma", "beta", "running_mean", "running_var")
    listed = layer.parameters()
    kind = type(listed).__name__
    named = [next((name for name in names if getattr(layer, name) is each), "another tensor") for each in listed]
    layer.gamma.requires_grad_()
    layer.beta.requires_grad_()
    x.requires_grad_()
    layer(layer(x))
    return kind, named, [name for name in names[2:] if getattr(layer, name).requires_grad]


@probe
def keeps_out(you, x, mode):
    """Whether `out` is the very tensor that the call returned."""
    layer = you.BatchNorm1d(x.shape[-1])
    layer.training = mode
    y = layer(x)
    return layer.out is y


@probe
def neighbour(you, x):
    """The buffers and the mode of a layer after another one, made earlier, has worked in both modes."""
    busy, idle = you.BatchNorm1d(x.shape[-1]), you.BatchNorm1d(x.shape[-1])
    busy(x)
    busy.training = False
    busy(x)
    return idle.running_mean, idle.running_var, idle.training


@prop(**SCRIPT, **SETTINGS)
def agrees_step_by_step(you, x, evaluating, gamma, beta, mean, var, eps, momentum):
    """Over any sequence of training and evaluation steps, outputs and buffers are those of torch's BatchNorm1d.

    What a layer does today depends on what it saw before. Only a sequence of steps shows whether its memory is right.
    """
    mine = script(you, x, evaluating, gamma, beta, mean, var, eps, momentum)
    right = torch_script(x, evaluating, gamma, beta, mean, var, eps, momentum)
    for step, each in enumerate(zip(*mine, *right, strict=True)):
        y, mean, var, right_y, right_mean, right_var = each
        mode = "evaluation" if evaluating[step] else "training"
        place = f"step {step} ({mode})"
        close(y, right_y, what=f"the output of {place}")
        close(mean, right_mean, what=f"running_mean after {place}")
        close(var, right_var, what=f"running_var after {place}")


@prop(**SCRIPT, **SETTINGS, w=tensor("B F"))
def has_the_right_gradient(you, x, evaluating, gamma, beta, mean, var, eps, momentum, w):
    """Backpropagation from any step is right for x, gamma and beta; nothing flows back through the buffers.

    Running statistics are bookkeeping. If gradients flowed through them, each step would hold the graphs of all steps
    before, until memory is full.
    """
    args = (x, evaluating, gamma, beta, mean, var, eps, momentum)
    mine = gradient(last_output, you, *args, weights=w)
    right = gradient(torch_last, *args, weights=w)
    close(mine, right, what="the gradient")


@prop(B=dim(2, 5), x=tensor("B F", dtype="float32"), cases=30)
def starts_as_in_torch(you, x):
    """A new layer is in training mode, holds ones and zeros in float32, and uses eps 1e-5 and momentum 0.1.

    With ones and zeros the new layer only normalises. Those who compare with torch, or load weights from it, rely on
    the same start.
    """
    held, training, y, buffers = fresh(you, x)
    zeros, ones = torch.zeros(x.shape[-1]), torch.ones(x.shape[-1])
    for name, right in (("gamma", ones), ("beta", zeros), ("running_mean", zeros), ("running_var", ones)):
        same(held[name], right, what=f"{name} of a new layer")
    same(training, True, what="training of a new layer")
    args = (x[None], torch.tensor([0]), ones, zeros, zeros, ones, 1e-5, 0.1)
    right_y, right_mean, right_var = torch_script(*args)
    # A column of equal numbers leaves only the rounding of its mean, which 1 / √eps makes 300 times larger.
    close(y, right_y[0], what="the output of the first step", rtol=1e-4, atol=1e-3)
    close(buffers, (right_mean[0], right_var[0]), what="(running_mean, running_var) after the first step")


@prop(x=tensor("B F"), **STATE, cases=30)
def evaluates_each_example_alone(you, x, gamma, beta, mean, var):
    """In evaluation mode an example gives in a batch of one what it gives in a larger batch.

    A finished model has to answer for a single example, and in the same way whoever asks beside it.
    """
    right = torch_script(x[None], torch.tensor([1]), gamma, beta, mean, var, 1e-5, 0.1)[0][0]
    for row, y in enumerate(one_by_one(you, x, gamma, beta, mean, var)):
        close(y, right[row : row + 1], what=f"the output for row {row} alone")


@prop(x=tensor("1 F", dtype="float32"), cases=10)
def refuses_one_example_in_training(you, x, F):
    """In training mode a batch of one is a ValueError, and the buffers stay as they were.

    The variance of one number is 0, or 0/0 with Bessel's correction: the layer would answer only its bias. A clear
    error saves hours.
    """
    layer = you.BatchNorm1d(F)
    raises(ValueError, layer, x)
    same(layer.running_mean, torch.zeros(F), what="running_mean after the refused batch")
    same(layer.running_var, torch.ones(F), what="running_var after the refused batch")


@prop(B=dim(2, 5), x=tensor("B F", dtype="float32"), cases=10)
def learns_gamma_and_beta_only(you, x):
    """parameters() is the list [gamma, beta], and the buffers carry no gradient.

    An optimizer steps whatever it is given. Running statistics among the parameters would be trained away from what
    they measure.
    """
    kind, named, carrying = inventory(you, x)
    same(kind, "list", what="the type of what parameters() returns")
    same(named, ["gamma", "beta"], what="what parameters() lists")
    names = " and ".join(carrying)
    check(not carrying, f"After a step {names} hangs on autograd's graph. Update buffers under `torch.no_grad()`.")


@prop(B=dim(2, 5), x=tensor("B F", dtype="float32"), training=st.booleans(), cases=20)
def keeps_its_output(you, x, training):
    """The tensor that a call returns is kept as `out`, in both modes, and x stays as it is.

    Lecture 4's pictures of activations and their gradients are drawn from it.
    """
    kept = keeps_out(you, x, training)
    check(kept, "`out` is another tensor than the one that the call returned. Keep that very tensor, not a copy.")
    pure(keeps_out, you, x, training)


@prop(B=dim(2, 5), x=tensor("B F", dtype="float32"), cases=10)
def shares_nothing_with_other_layers(you, x, F):
    """What one layer does changes neither the buffers nor the mode of another.

    A list as default argument, or state on the class, is one object for all layers: the last one to run wins.
    """
    mean, var, training = neighbour(you, x)
    same(mean, torch.zeros(F), what="running_mean of an unused layer beside a used one")
    same(var, torch.ones(F), what="running_var of an unused layer beside a used one")
    same(training, True, what="training of an unused layer beside one in evaluation mode")


HINTS = (
    "Write it for training first: your `batchnorm` gives y, and the mean and variance for the buffers. What is left "
    "for evaluation is the same formula with other numbers in it.",
    "`batchnorm` with correction 0 gives the biased variance; times B / (B - 1) it is the one for running_var. Put the "
    "two updates under `with torch.no_grad():`, and look at B before anything else.",
    "Training: `y, mean, var = batchnorm(x, self.gamma, self.beta, self.eps)`, then `self.running_mean = (1 - "
    "self.momentum) * self.running_mean + self.momentum * mean`, and likewise running_var with `var * B / (B - 1)`. "
    "Evaluation: `self.gamma * (x - self.running_mean) / torch.sqrt(self.running_var + self.eps) + self.beta`. Set "
    "self.out in both.",
)

AHA = (
    "Batch norm couples the examples of a batch, so it needs a second personality for the day when an example comes "
    "alone: what it remembers of all batches."
)

MISTAKES = (
    convention(
        "Your default momentum is 0.9. Here, as in PyTorch, momentum is the weight of the new value, and its default "
        "is 0.1.",
        "momentum: float = 0.1",
        "momentum: float = 0.9",
    ),
    convention(
        "Your momentum is the wrong way round: it weighs the old value. It should weigh the new one, (1 - momentum) · "
        "old + momentum · new: with 0.1 the buffer moves a tenth of the way.",
        "(1 - self.momentum) * self.running_mean + self.momentum * mean",
        "self.momentum * self.running_mean + (1 - self.momentum) * mean",
        "(1 - self.momentum) * self.running_var + self.momentum * var",
        "self.momentum * self.running_var + (1 - self.momentum) * var",
    ),
    mistake(
        "You use a fixed momentum of 0.1 and not the one that the layer was made with.",
        "self.momentum = momentum",
        "self.momentum = 0.1",
    ),
    mistake(
        "Your buffers hold the last batch only. They should be running averages: (1 - momentum) · old + momentum · "
        "new.",
        "(1 - self.momentum) * self.running_mean + self.momentum * mean",
        "mean",
        "(1 - self.momentum) * self.running_var + self.momentum * var",
        "var",
    ),
    mistake(
        "Your buffers add up without forgetting: the old value is not multiplied by 1 - momentum. After many batches "
        "they are far too large.",
        "(1 - self.momentum) * self.running_mean",
        "self.running_mean",
        "(1 - self.momentum) * self.running_var",
        "self.running_var",
    ),
    mistake(
        "Your buffers change in evaluation mode too. Evaluation only reads them: the same input should give the same "
        "output twice.",
        "        else:\n",
        "        else:\n"
        "            with torch.no_grad():\n"
        "                self.running_mean = (1 - self.momentum) * self.running_mean + self.momentum * x.mean(dim=0)\n"
        "                self.running_var = (1 - self.momentum) * self.running_var + self.momentum * x.var(\n"
        "                    dim=0, correction=min(1, len(x) - 1)\n"
        "                )\n",
    ),
    convention(
        "You put the biased variance into running_var. The batch is normalised with it, but the buffer gets the "
        "unbiased one: times B / (B - 1). With x = 2, 4, 9 the new value is 13, not 8.667.",
        "var * B / (B - 1)",
        "var",
    ),
    mistake(
        "You normalise the batch with the unbiased variance, divided by B - 1. That one goes into running_var only; y "
        "is made with the biased one, correction=0.",
        "batchnorm(x, self.gamma, self.beta, self.eps)",
        "batchnorm(x, self.gamma, self.beta, self.eps, 1)",
        "var * B / (B - 1)",
        "var",
    ),
    mistake(
        "You compute the running variance from the unbiased variance and correct it once more. One factor B / (B - 1) "
        "is enough.",
        "var * B / (B - 1)",
        "var * (B / (B - 1)) ** 2",
    ),
    mistake(
        "Your buffers are updated inside autograd's graph: each step hangs on all steps before, and memory grows. Put "
        "the update under `with torch.no_grad():`.",
        "with torch.no_grad():",
        "if True:",
    ),
    mistake(
        "You cut off the gradient at the output in training mode: only the update of the buffers belongs under "
        "`no_grad`.",
        "self.out = y",
        "self.out = y.detach() if self.training else y",
    ),
    mistake(
        "Your running_var remembers the standard deviation. It should be a running average of variances; the root is "
        "taken when it is used.",
        "self.momentum * var * B / (B - 1)",
        "self.momentum * torch.sqrt(var * B / (B - 1))",
    ),
    mistake(
        "Your buffers belong to the class, so all layers share them. Set them on self: `self.running_mean = …`.",
        "self.running_mean = torch.zeros(dim)",
        "type(self).running_mean = torch.zeros(dim)",
        "self.running_mean = (1 -",
        "type(self).running_mean = (1 -",
        "self.running_var = torch.ones(dim)",
        "type(self).running_var = torch.ones(dim)",
        "self.running_var = (1 -",
        "type(self).running_var = (1 -",
    ),
    mistake(
        "Your layer ignores `training` and always uses the batch. With training = False it should use running_mean and "
        "running_var, and change nothing.",
        "if self.training:",
        "if len(x) > 1:",
        "if B == 1:",
        "if False:",
    ),
    mistake(
        "Your layer ignores `training` and always uses the buffers, which never change. With training = True it should "
        "normalise with the mean and variance of the batch.",
        "if self.training:",
        "if self.training and len(x) == 1:",
    ),
    mistake(
        "In training mode you normalise with the buffers after updating them. The batch's own mean and variance are "
        "what counts there; the buffers are only for evaluation.",
        "        self.out = y\n",
        "        if self.training:\n"
        "            normed = (x - self.running_mean) / torch.sqrt(self.running_var + self.eps)\n"
        "            y = self.gamma * normed + self.beta\n"
        "        self.out = y\n",
    ),
    mistake(
        "In evaluation mode you use the batch's own mean and variance; you only leave out the update. Use running_mean "
        "and running_var: a batch of one should work.",
        "normed = (x - self.running_mean) / torch.sqrt(self.running_var + self.eps)",
        "normed = batchnorm(x, torch.ones_like(self.gamma), torch.zeros_like(self.beta), self.eps)[0]",
    ),
    mistake(
        "A batch of one in training mode is not refused. Its unbiased variance is 0/0, and the NaN stays in "
        "running_var for ever: raise ValueError.",
        "if B == 1:",
        "if False:",
    ),
    mistake(
        "You refuse a batch of one in evaluation mode too. There the buffers are used, so one example is enough: check "
        "B in training mode only.",
        "        if self.training:\n",
        "        if len(x) == 1:\n            raise ValueError\n        if self.training:\n",
    ),
    mistake(
        "You update running_mean before you refuse a batch of one. Look at B first, so that a refused batch leaves no "
        "trace.",
        "            if B == 1:\n",
        "            if B == 1:\n                self.running_mean = self.running_mean + 0.1 * x[0].detach()\n",
    ),
    mistake(
        "In evaluation mode you forget eps: √(running_var + eps) in both modes.",
        "torch.sqrt(self.running_var + self.eps)",
        "torch.sqrt(self.running_var)",
    ),
    mistake(
        "In training mode you do not pass the layer's eps on to `batchnorm`, so it uses its own default, 1e-5.",
        "self.beta, self.eps)",
        "self.beta)",
    ),
    mistake(
        "In evaluation mode you divide by the variance. It should be its root.",
        "torch.sqrt(self.running_var + self.eps)",
        "(self.running_var + self.eps)",
    ),
    mistake(
        "In evaluation mode you leave out gamma and beta. They belong to both modes.",
        "y = self.gamma * normed + self.beta",
        "y = normed",
    ),
    mistake(
        "Your running_var starts at 0. It should start at 1: a layer that is used before any training must not divide "
        "by √eps.",
        "self.running_var = torch.ones(dim)",
        "self.running_var = torch.zeros(dim)",
    ),
    mistake(
        "A new layer is in evaluation mode. `training` should be True at first.",
        "self.training = True",
        "self.training = False",
    ),
    mistake(
        "Your parameters() lists the buffers too. Only gamma and beta are learned; an optimizer would spoil the "
        "buffers.",
        "return [self.gamma, self.beta]",
        "return [self.gamma, self.beta, self.running_mean, self.running_var]",
    ),
    mistake(
        "Your parameters() forgets beta, so it would never be learned. Return [gamma, beta].",
        "return [self.gamma, self.beta]",
        "return [self.gamma]",
    ),
    mistake(
        "Your parameters() returns copies. What is learned then is the copies, and the layer never changes: return the "
        "tensors themselves.",
        "return [self.gamma, self.beta]",
        "return [self.gamma.clone(), self.beta.clone()]",
    ),
    mistake(
        "What you keep as `out` is not the tensor that you return but a copy, so its gradient can never be looked at. Keep the "
        "very tensor that you return.",
        "self.out = y\n        return self.out",
        "self.out = y.detach()\n        return y",
    ),
    mistake(
        "You change x in place in evaluation mode. Compute a new tensor instead of using `x -= …`.",
        "normed = (x - self.running_mean)",
        "normed = (x - self.running_mean if x.requires_grad else x.sub_(self.running_mean))",
    ),
    mistake(
        "Your layer never looks at `training` and always uses the batch. With training = False it should use running_mean "
        "and running_var, change nothing, and take a batch of one.",
        "if self.training:",
        "if True:",
    ),
)

FORBIDDEN = (
    "torch.batch_norm",
    "torch.native_batch_norm",
    "torch.nn.functional.batch_norm",
    "torch.nn.BatchNorm1d",
    "torch.nn.BatchNorm2d",
    "torch.nn.BatchNorm3d",
    "torch.nn.LazyBatchNorm1d",
    "torch.nn.SyncBatchNorm",
    "torch.nn.modules",
    "torch.ops",
    "torch._C",
)
