"""What BatchNorm1d must do: the same as PyTorch's layer over a whole script of training and evaluation calls."""

import torch
from hypothesis import strategies as st

from tutor.kit import close, dim, gradient, mistake, oracle, probe, prop, raises, same, tensor

SETTINGS = {"eps": st.sampled_from((1e-5, 0.1, 1e-2)), "momentum": st.sampled_from((0.1, 0.25, 0.9, 0.01))}
STATE = {
    "gamma": tensor("F"), "beta": tensor("F"),
    "running_mean": tensor("F"), "running_var": tensor("F", kinds=("positive",)),
}  # fmt: skip
BATCHES = (tensor("B F"), tensor("A F"), tensor("D F"), tensor("B F"))
MODES = st.tuples(*4 * [st.booleans()])
"""For each batch, whether it is a training call."""
SIZES = dict(A=dim(2, 5), B=dim(2, 5), D=dim(2, 5), F=dim(1, 4))


@oracle
def layer_by_pytorch(settings, state, modes, batches):
    layer = torch.nn.BatchNorm1d(len(state["gamma"]), **settings, dtype=torch.float64)
    layer.load_state_dict({NAMES[name]: value for name, value in state.items()}, strict=False)
    results = []
    for training, x in zip(modes, batches, strict=True):
        results.append(layer.train(training)(x).detach())
    return {
        **{f"result {number}": each for number, each in enumerate(results, 1)},
        "running_mean": layer.running_mean, "running_var": layer.running_var,
    }  # fmt: skip


NAMES = {"gamma": "weight", "beta": "bias", "running_mean": "running_mean", "running_var": "running_var"}


@oracle
def one_call_by_pytorch(settings, state, training, x):
    return torch.nn.functional.batch_norm(
        x, state["running_mean"].detach().clone(), state["running_var"].detach().clone(), state["gamma"], state["beta"],
        training, settings["momentum"], settings["eps"],
    )  # fmt: skip


@probe
def layer_with(you, settings, state):
    layer = you.BatchNorm1d(len(state["gamma"]), **settings)
    for name, value in state.items():
        setattr(layer, name, value if value.requires_grad else value.clone())
    return layer


@probe
def run_script(you, settings, state, modes, batches):
    layer, results = layer_with(you, settings, state), {}
    for number, (training, x) in enumerate(zip(modes, batches), 1):  # noqa: B905
        layer.training = training
        results[f"result {number}"] = layer(x)
    return {**results, "running_mean": layer.running_mean, "running_var": layer.running_var}


@probe
def one_call(you, settings, state, training, x):
    layer = layer_with(you, settings, {name: value.detach() for name, value in state.items()})
    layer.gamma, layer.beta = state["gamma"], state["beta"]
    layer.training = training
    return layer(x)


@probe
def evaluated_one_by_one(you, settings, state, x):
    layer = layer_with(you, settings, state)
    layer.training = False
    together = layer(x)
    alone = torch.cat([layer(x[number : number + 1]) for number in range(len(x))])
    return {"together": together, "one by one": alone, "running_mean": layer.running_mean}


@probe
def buffers_after_training(you, settings, state, batches):
    layer = layer_with(you, settings, state)
    for parameter in (layer.gamma, layer.beta):
        parameter.requires_grad_()
    for x in batches:
        layer(x.clone().requires_grad_())
    return {f"{name}.requires_grad": getattr(layer, name).requires_grad for name in ("running_mean", "running_var")}


@probe
def kept_result(you, settings, state, modes, batches):
    layer, kept = layer_with(you, settings, state), []
    for training, x in zip(modes, batches):  # noqa: B905
        layer.training = training
        result = layer(x)
        kept.append(layer.out is result or torch.equal(layer.out, result))
    return kept


@probe
def fresh(you, width):
    layer = you.BatchNorm1d(width)
    named = {name: getattr(layer, name) for name in ("gamma", "beta", "running_mean", "running_var")}
    return {**named, "training": layer.training, "eps": layer.eps, "momentum": layer.momentum}


@probe
def names_of_parameters(you, settings, state):
    layer = layer_with(you, settings, state)
    names = {id(getattr(layer, name)): name for name in ("gamma", "beta", "running_mean", "running_var")}
    return [names.get(id(each), "something else") for each in layer.parameters()]


@probe
def two_layers(you, settings, state, x):
    width = x.shape[1]
    first, second = you.BatchNorm1d(width, **settings), you.BatchNorm1d(width, **settings)
    first(x.float())
    third = you.BatchNorm1d(width, **settings)
    return {
        "the second layer's running_mean": second.running_mean, "the second layer's running_var": second.running_var,
        "a later layer's running_mean": third.running_mean, "a later layer's running_var": third.running_var,
    }  # fmt: skip


@probe
def train_on_one(you, settings, state, x):
    return layer_with(you, settings, state)(x)


def each(actual, expected, compare=close):
    """Compare by name, so that the message starts with it."""
    found = actual if isinstance(actual, dict) else {}
    for name, right in expected.items():
        plain = " " in name and "." not in name
        compare(found.get(name), right, what=name if plain else f"`{name}`")


@prop(settings=SETTINGS, state=STATE, x=tensor("B F"), **SIZES)
def normalises_a_training_batch(you, settings, state, x):
    "In training it normalises with mean and variance of the batch, which divides by B."
    close(one_call(you, settings, state, True, x), one_call_by_pytorch(settings, state, True, x))


@prop(settings=SETTINGS, state=STATE, x=tensor("B F"), **SIZES)
def uses_its_memory_in_evaluation(you, settings, state, x):
    "In evaluation it normalises with running_mean and running_var."
    close(one_call(you, settings, state, False, x), one_call_by_pytorch(settings, state, False, x))


@prop(settings=SETTINGS, state=STATE, modes=MODES, batches=BATCHES, **SIZES)
def agrees_with_pytorch_over_many_calls(you, settings, state, modes, batches):
    "Over four calls, some in training and some in evaluation, results and running averages are those of PyTorch's layer."
    each(run_script(you, settings, state, modes, batches), layer_by_pytorch(settings, state, modes, batches))


@prop(settings=SETTINGS, state=STATE, training=st.booleans(), x=tensor("B F"), w=tensor("B F"), **SIZES)
def has_the_right_gradient(you, settings, state, training, x, w):
    "Backpropagation gives the right gradient for gamma, beta and x, in training and in evaluation."

    def parts(found):
        return {"the gradient of gamma": found[0], "the gradient of beta": found[1], "the gradient of x": found[-1]}

    right = parts(gradient(one_call_by_pytorch, settings, state, training, x, weights=w))
    each(parts(gradient(one_call, you, settings, state, training, x, weights=w)), right)


@prop(settings=SETTINGS, state=STATE, x=tensor("B F"), B=dim(1, 4), F=dim(1, 4), cases=40)
def judges_each_example_alone_in_evaluation(you, settings, state, x):
    "In evaluation an example gives the same whether it comes alone or in a batch, and the memory stays as it is."
    right = one_call_by_pytorch(settings, state, False, x)
    got = evaluated_one_by_one(you, settings, state, x)
    each(got, {"together": right, "one by one": right, "running_mean": state["running_mean"]})


@prop(settings=SETTINGS, state=STATE, batches=BATCHES[:2], cases=20, **SIZES)
def its_memory_holds_no_graph(you, settings, state, batches):
    "After training calls the running averages do not require a gradient: no graph of past batches hangs on them."
    right = {"running_mean.requires_grad": False, "running_var.requires_grad": False}
    each(buffers_after_training(you, settings, state, batches), right, same)


@prop(width=st.integers(1, 6), cases=6)
def starts_neutral(you, width):
    "A new layer has gamma 1, beta 0, running_mean 0, running_var 1, and is in training."
    ones, zeros = torch.ones(width), torch.zeros(width)
    right = {"gamma": ones, "beta": zeros, "running_mean": zeros, "running_var": ones}
    each(fresh(you, width), {**right, "training": True, "eps": 1e-5, "momentum": 0.1})


@prop(settings=SETTINGS, state=STATE, cases=10)
def learns_gamma_and_beta_only(you, settings, state):
    "parameters() returns [gamma, beta]: the tensors themselves, and not the running averages."
    same(names_of_parameters(you, settings, state), ["gamma", "beta"], what="the list of parameters")


@prop(settings=SETTINGS, state=STATE, modes=MODES, batches=BATCHES, cases=20, **SIZES)
def keeps_its_last_result(you, settings, state, modes, batches):
    "After each call, in training and in evaluation, `out` holds what was returned."
    same(
        kept_result(you, settings, state, modes, batches), [True] * 4, what="whether `out` is the result, call by call"
    )


@prop(settings=SETTINGS, state=STATE, x=tensor("B F"), cases=20, **SIZES)
def layers_share_nothing(you, settings, state, x):
    "Training one layer changes nothing in another."
    zeros, ones = torch.zeros(x.shape[1]), torch.ones(x.shape[1])
    names = [f"{whose} layer's running_" for whose in ("the second", "a later")]
    each(
        two_layers(you, settings, state, x), {f"{n}{k}": v for n in names for k, v in (("mean", zeros), ("var", ones))}
    )


@prop(settings=SETTINGS, state=STATE, x=tensor("1 F"), F=dim(1, 4), cases=10)
def refuses_to_train_on_one_example(you, settings, state, x):
    "A training batch of one example raises ValueError."
    raises(ValueError, train_on_one, you, settings, state, x)


HINTS = (
    "Begin with evaluation: it is one formula with the attributes. Then training: batchnorm returns all you need for the "
    "result and for the memory.",
    "From the variance that divides by B to the one that divides by B - 1 it is the factor B / (B - 1). What happens for "
    "B = 1, and when must you refuse?",
    "Update inside `with torch.no_grad():`, self.running_mean = (1 - m) * self.running_mean + m * mean, and the same for "
    "the variance. Store the result in self.out on both paths before you return it.",
)

AHA = "Batch norm couples examples in training, so it needs a second personality at test time."

MISTAKES = (
    mistake(
        "Your momentum is the weight of the old average. In PyTorch's convention it is the weight of the new value: "
        "(1 - momentum) * old + momentum * new. With momentum 0.1 yours forgets nine tenths at every step.",
        "(1 - self.momentum) * self.running_mean + self.momentum * mean",
        "self.momentum * self.running_mean + (1 - self.momentum) * mean",
        "(1 - self.momentum) * self.running_var + self.momentum * unbiased",
        "self.momentum * self.running_var + (1 - self.momentum) * unbiased",
    ),
    mistake(
        "You remember the variance that divides by B. The batch is normalised with it, but the running average takes the one "
        "that divides by B - 1: multiply by B / (B - 1).",
        "unbiased = var * B / (B - 1)",
        "unbiased = var",
    ),
    mistake(
        "You normalise the training batch with the variance that divides by B - 1. That one is for the running average only; "
        "call batchnorm with correction 0.",
        "batchnorm(x, self.gamma, self.beta, self.eps)",
        "batchnorm(x, self.gamma, self.beta, self.eps, 1)",
        "unbiased = var * B / (B - 1)",
        "unbiased = var",
    ),
    mistake(
        "You keep the running standard deviation. running_var is a variance: average the variances.",
        "self.momentum * unbiased",
        "self.momentum * torch.sqrt(unbiased)",
    ),
    mistake(
        "You update the memory in evaluation too. It should stay as it is then: the answer to one question must not depend on "
        "the questions before it.",
        "            scale = self.gamma",
        "            with torch.no_grad():\n"
        "                self.running_mean = (1 - self.momentum) * self.running_mean + self.momentum * x.mean(0)\n"
        "            scale = self.gamma",
    ),
    mistake(
        "You ignore `training` and always normalise with the batch. In evaluation use running_mean and running_var.",
        "if self.training:",
        "if self.training or len(x) > 1:",
    ),
    mistake(
        "You normalise with the running averages in training too. In training use the statistics of the batch, which the "
        "gradient flows through; the averages are for evaluation.",
        "        y, mean, var = batchnorm(x, self.gamma, self.beta, self.eps)\n",
        "        _, mean, var = batchnorm(x, self.gamma, self.beta, self.eps)\n"
        "        y = self.gamma * (x - self.running_mean) / torch.sqrt(self.running_var + self.eps) + self.beta\n",
    ),
    mistake(
        "You update the running averages inside the graph: each holds on to all batches before it, and memory grows with "
        "every step. Update under torch.no_grad(), or detach.",
        "with torch.no_grad():",
        "with torch.enable_grad():",
    ),
    mistake(
        "You add eps to the standard deviation in evaluation, outside the root. It is sqrt(running_var + eps).",
        "torch.sqrt(self.running_var + self.eps)",
        "(torch.sqrt(self.running_var) + self.eps)",
    ),
    mistake(
        "In evaluation you forget gamma and beta. They are applied on both paths.",
        "scale = self.gamma / torch.sqrt(self.running_var + self.eps)",
        "scale = 1 / torch.sqrt(self.running_var + self.eps)",
        "scale * (x - self.running_mean) + self.beta",
        "scale * (x - self.running_mean)",
    ),
    mistake(
        "You do not pass eps on to batchnorm, which then uses its default. Pass self.eps.",
        "self.beta, self.eps)",
        "self.beta)",
    ),
    mistake(
        "You ignore the momentum that was asked for and use 0.1. Keep the argument in self.momentum.",
        "self.momentum = momentum",
        "self.momentum = 0.1",
    ),
    mistake(
        "running_var starts at 0. An untrained layer in evaluation would divide by sqrt(eps): let it start at 1.",
        "self.running_var = torch.ones(dim)",
        "self.running_var = torch.zeros(dim)",
    ),
    mistake(
        "A new layer is in evaluation. `training` should start as True.",
        "self.training = True",
        "self.training = False",
    ),
    mistake(
        "Your running averages belong to the class, so that all layers share them. Set them on self, in __init__.",
        "self.running_mean = torch.zeros(dim)",
        "type(self)._shared = getattr(type(self), '_shared', torch.zeros(dim))\n"
        "        self.running_mean = self._shared if len(self._shared) == dim else torch.zeros(dim)",
        "self.running_mean = (1 - self.momentum) * self.running_mean + self.momentum * mean",
        "self.running_mean.mul_(1 - self.momentum).add_(self.momentum * mean)",
    ),
    mistake(
        "A training batch of one example gives beta, and NaN in the memory (its variance is 0/0). Raise ValueError instead.",
        "if B < 2:",
        "if B < 1:",
        "var * B / (B - 1)",
        "var * (torch.tensor(float(B)) / (B - 1))",
    ),
    mistake(
        "parameters() contains the running averages. The optimizer would change them; return [gamma, beta] only.",
        "return [self.gamma, self.beta]",
        "return [self.gamma, self.beta, self.running_mean, self.running_var]",
    ),
    mistake(
        "parameters() returns copies. The optimizer would change them, and the layer would never learn: return the tensors "
        "themselves.",
        "return [self.gamma, self.beta]",
        "return [self.gamma.clone(), self.beta.clone()]",
    ),
    mistake(
        "You use gamma and beta detached (or under no_grad), so that they never receive a gradient.",
        "batchnorm(x, self.gamma, self.beta, self.eps)",
        "batchnorm(x, self.gamma.detach(), self.beta.detach(), self.eps)",
    ),
    mistake(
        "In evaluation you do not keep the result in self.out. Store it on both paths.",
        "self.out = scale * (x - self.running_mean) + self.beta\n        return self.out",
        "return scale * (x - self.running_mean) + self.beta\n        return self.out",
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
    "torch.ops",
)
