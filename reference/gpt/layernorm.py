"""What LayerNorm must do."""

from __future__ import annotations

import torch
from hypothesis import strategies as st

from tutor.kit import check, close, convention, dim, gradient, load, mistake, oracle, probe, prop, pure, same, tensor

EPS = st.sampled_from((1e-5, 0.5, 1e-3, 2.0))
AFFINE = dict(weight=tensor("C"), bias=tensor("C"))
C = dim(2, 5)


@oracle
def layer_norm(x, weight, bias=None, eps=1e-5):
    return torch.nn.functional.layer_norm(x, x.shape[-1:], weight, bias, eps)


@probe
def run(you, x, weight, bias=None, eps=1e-5):
    module = you.LayerNorm(x.shape[-1], bias is not None, eps).to(x.dtype)
    load(module, {"weight": weight} if bias is None else {"weight": weight, "bias": bias})
    return module(x)


@probe
def run_in_both_modes(you, x, other, weight, bias):
    """x in train mode, then other in train mode, then x in eval mode."""
    module = you.LayerNorm(x.shape[-1]).to(x.dtype)
    load(module, {"weight": weight, "bias": bias})
    first = module.train()(x)
    module(other)
    return first, module.eval()(x)


@probe
def fresh(you, x):
    """The output of a module as it is made, and what it is made of."""
    module = you.LayerNorm(x.shape[-1]).to(x.dtype)
    return module(x), dict(module.named_parameters())


@probe
def inventory(you, n_embd, bias):
    module = you.LayerNorm(n_embd, bias=bias)
    shapes = {name: list(each.shape) for name, each in module.named_parameters()}
    return {
        "the parameters": shapes,
        "`bias` is None": module.bias is None,
        "the saved names": sorted(module.state_dict()),
    }


@prop(C=C, x=tensor("B T C"), **AFFINE, eps=EPS, cases=60)
def agrees_with_torch(you, x, weight, bias, eps):
    """Each row of C numbers is shifted to mean 0, divided by √(variance + eps), then scaled and shifted by channel.

    Each token is brought to the same scale, so that depth neither blows up nor drowns what passes.
    """
    close(run(you, x, weight, bias, eps), layer_norm(x, weight, bias, eps))


@prop(C=C, x=tensor("B T C", kinds=("normal",)), **AFFINE, eps=EPS, w=tensor("B T C"), cases=50)
def has_the_right_gradient(you, x, weight, bias, eps, w):
    """Backpropagation through it gives the right gradient for x, weight and bias.

    Mean and variance depend on x too: the gradient has three paths, and a network that lacks one still trains, only
    worse.
    """
    mine = gradient(run, you, x, weight, bias, eps, weights=w)
    right = gradient(layer_norm, x, weight, bias, eps, weights=w)
    for name, each, expected in zip(("x", "weight", "bias"), mine, right, strict=True):
        close(each, expected, what=f"the gradient of {name}")


@prop(C=C, one=tensor("C"), two=tensor("B C"), four=tensor("B H T C"), **AFFINE, cases=20)
def takes_any_number_of_dimensions(you, one, two, four, weight, bias):
    """x may be [C], [B, C] or [B, H, T, C]: it is always the last dimension that is normalised.

    Counting from the end, the same module serves a token, a batch and heads.
    """
    for x in (one, two, four):
        what = f"the result for x of shape {tuple(x.shape)}"
        close(run(you, x, weight, bias), layer_norm(x, weight, bias), what=what)


@prop(C=C, x=tensor("B T C", kinds=("mixed",)), **AFFINE, cases=30)
def copes_with_rows_of_any_scale(you, x, weight, bias):
    """Rows around ±1000, tiny rows and constant rows in one tensor all come out right and finite.

    Some channels of trained GPTs are hundreds of times larger than others. eps belongs under the root, and E[x²] -
    E[x]² loses the digits.
    """
    close(run(you, x, weight, bias), layer_norm(x, weight, bias), rtol=1e-6, atol=1e-8)


@prop(C=C, B=dim(2, 4), x=tensor("B T C"), other=tensor("B T C"), **AFFINE, cases=20)
def treats_each_token_alone(you, x, other, weight, bias):
    """Other numbers in all the other tokens leave a token's result as it was.

    Normalised over time as well, a token would see the future through the mean, and the loss would be too good to be
    true.
    """
    changed = torch.cat([x[:1, :1], other[:1, 1:]], dim=1)
    changed = torch.cat([changed, other[1:]])
    before, after = run(you, x, weight, bias), run(you, changed, weight, bias)
    close(after, layer_norm(changed, weight, bias))
    close(after[0, 0], before[0, 0], what="the result of token [0, 0] after a change of the others")


@prop(C=C, x=tensor("B T C"), other=tensor("B T C"), **AFFINE, cases=10)
def has_no_memory(you, x, other, weight, bias):
    """Train and eval mode do the same, whatever was seen before.

    Nothing to warm up, nothing that differs between training and use: the advantage over batch normalisation.
    """
    first, later = run_in_both_modes(you, x, other, weight, bias)
    close(first, layer_norm(x, weight, bias), what="the result in train mode")
    close(later, layer_norm(x, weight, bias), what="the result in eval mode, after another batch")


@prop(C=C, x=tensor("B T C"), cases=10)
def begins_without_a_scale_of_its_own(you, x, C):
    """Fresh from the constructor, weight is all ones and bias all zeros.

    The new layer only normalises; what scale is best is learned.
    """
    ones = torch.ones(C, dtype=torch.float64)
    found, parameters = fresh(you, x)
    same(parameters, {"weight": ones, "bias": ones * 0}, what="the parameters of LayerNorm(C)")
    close(found, layer_norm(x, ones), what="the result of a fresh module")


@prop(C=C, x=tensor("B T C"), weight=tensor("C"), cases=10)
def can_do_without_bias(you, x, weight, C):
    """With bias=False there is one parameter, weight; with bias=True two, and nothing else is saved either way.

    nanoGPT found biases to be of little use. What is not there must not be saved either, or loading fails.
    """
    close(run(you, x, weight), layer_norm(x, weight), what="the result without bias")
    for bias, shapes in ((False, {"weight": [C]}), (True, {"weight": [C], "bias": [C]})):
        wanted = {"the parameters": shapes, "`bias` is None": not bias, "the saved names": sorted(shapes)}
        found = inventory(you, C, bias)
        for name, right in wanted.items():
            same(found.get(name) if isinstance(found, dict) else None, right, what=f"with bias={bias}, {name}")


@prop(
    C=C, x=tensor("B T C", dtype="float32"), weight=tensor("C", dtype="float32"),
    bias=tensor("C", dtype="float32"), cases=10,
)  # fmt: skip
def keeps_float32(you, x, weight, bias):
    """float32 in, float32 out.

    The residual stream passes through here twice a block: a float64 here would make the whole model slow.
    """
    # A row of equal numbers leaves only the rounding of its mean, which 1 / √eps makes 300 times larger.
    close(run(you, x, weight, bias), layer_norm(x, weight, bias), rtol=1e-4, atol=1e-3)


@prop(C=C, x=tensor("B T C"), **AFFINE, cases=10)
def leaves_its_input_alone(you, x, weight, bias):
    """The x that it is given stays as it is.

    x goes on along the residual connection, unnormalised.
    """
    pure(run, you, x, weight, bias)
    check(run(you, x, weight, bias).shape == x.shape, "The result should have the shape of x.")


HINTS = (
    "For x of shape [B, T, C] there are B·T means, one for each token. Which `dim` do you average over, and which "
    "shape must the means have so that x - mean works?",
    "Use `dim=-1, keepdim=True` for both mean and variance. The variance is the mean of the squares of x - mean: "
    "divided by C. eps is added to it before the root.",
    "`mean = x.mean(-1, keepdim=True)`; `var = x.var(-1, correction=0, keepdim=True)`; `y = (x - mean) / "
    "torch.sqrt(var + self.eps) * self.weight`, plus `self.bias` if that is not None. Both parameters are "
    "`nn.Parameter`s.",
)

AHA = (
    "Change one index, and the columns of batch norm become the rows of layer norm; with the coupling between "
    "examples, all the state is gone."
)

MISTAKES = (
    mistake(
        "You normalise over dim=1. On x [B, C] that is the last dimension and all is well; on [B, T, C] it is time, so "
        "tokens get mixed, and the future leaks into the past. Use dim=-1.",
        "x.mean(dim=-1,",
        "x.mean(dim=min(1, x.dim() - 1),",
        "(centred**2).mean(dim=-1,",
        "(centred**2).mean(dim=min(1, x.dim() - 1),",
    ),
    mistake(
        "You normalise over dim=1 and so cannot take x with one dimension; on [B, T, C] it is time that gets "
        "normalised. Use dim=-1.",
        "x.mean(dim=-1,",
        "x.mean(dim=1,",
        "(centred**2).mean(dim=-1,",
        "(centred**2).mean(dim=1,",
    ),
    mistake(
        "You normalise over dim=0, the batch: that is batch normalisation. Use dim=-1, the channels of one token.",
        "x.mean(dim=-1,",
        "x.mean(dim=0,",
        "(centred**2).mean(dim=-1,",
        "(centred**2).mean(dim=0,",
    ),
    convention(
        "Your variance is the unbiased one, divided by C - 1 (`x.var` does that by default). Divide by C: "
        "`correction=0`. For [2, 4, 6, 8] the first result is -1.342, yours is -1.162.",
        "(centred**2).mean(dim=-1, keepdim=True)",
        "x.var(dim=-1, keepdim=True)",
    ),
    convention(
        "You add eps to the root, outside of it. It belongs inside: √(variance + eps). With eps = 0.5 and "
        "variance 1 the one is 1.5, the other 1.22.",
        "torch.sqrt(variance + self.eps)",
        "(torch.sqrt(variance) + self.eps)",
    ),
    mistake(
        "You divide by the unbiased standard deviation plus eps. It should be √(biased variance + eps).",
        "torch.sqrt(variance + self.eps)",
        "(x.std(dim=-1, keepdim=True) + self.eps)",
    ),
    mistake(
        "You leave out eps, so a constant row becomes 0/0 = NaN. Add it to the variance inside the root.",
        "torch.sqrt(variance + self.eps)",
        "torch.sqrt(variance)",
    ),
    mistake(
        "Your eps is always 1e-5. Use the one that the constructor was given.",
        "self.eps = eps",
        "self.eps = 1e-5",
    ),
    mistake(
        "You divide by the variance. Divide by its root, so that the result has variance 1.",
        "torch.sqrt(variance + self.eps)",
        "(variance + self.eps)",
    ),
    mistake(
        "You compute mean and variance of the whole tensor. Each token has its own: `dim=-1, keepdim=True`.",
        "x.mean(dim=-1, keepdim=True)",
        "x.mean()",
        "(centred**2).mean(dim=-1, keepdim=True)",
        "(centred**2).mean()",
    ),
    mistake(
        "You do not subtract the mean before dividing. Use x - mean.",
        "normed = centred /",
        "normed = x /",
    ),
    mistake(
        "You compute the variance as the mean of the squares minus the square of the mean. For a row around 1000 "
        "the two are nearly equal, and their difference is mostly rounding error. Square x - mean instead.",
        "(centred**2).mean(dim=-1, keepdim=True)",
        "((x**2).mean(dim=-1, keepdim=True) - x.mean(dim=-1, keepdim=True) ** 2)",
    ),
    mistake(
        "You never multiply by weight, so the layer cannot learn a scale. It is normed * weight + bias.",
        "scaled = normed * self.weight",
        "scaled = normed",
    ),
    mistake(
        "You never add bias. It is normed * weight + bias.",
        "scaled if self.bias is None else scaled + self.bias",
        "scaled",
    ),
    mistake(
        "You add bias first and multiply then, so that bias is scaled too. It is normed * weight + bias.",
        "scaled = normed * self.weight",
        "scaled = normed * self.weight + (0 if self.bias is None else self.bias * (self.weight - 1))",
    ),
    mistake(
        "Your weight begins with zeros: every token becomes bias, and no gradient passes. Begin with ones.",
        "torch.ones(n_embd)",
        "torch.zeros(n_embd)",
    ),
    mistake(
        "Your parameters begin with random numbers. Begin with ones and zeros, which change nothing.",
        "torch.zeros(n_embd)",
        "torch.randn(n_embd)",
    ),
    mistake(
        "You ignore bias=False. Without bias, `self.bias` is None and there is one parameter.",
        "if bias else None",
        "",
    ),
    mistake(
        "Your bias with bias=False is a tensor of zeros that is saved with the model. It should be None.",
        "self.bias = nn.Parameter(torch.zeros(n_embd)) if bias else None",
        'self.register_buffer("bias", torch.zeros(n_embd)) if not bias else setattr(self, "bias", '
        "nn.Parameter(torch.zeros(n_embd)))",
    ),
    mistake(
        "You keep running averages and use them in eval mode, as batch norm does. A token's own mean and variance are "
        "always there; nothing needs to be kept.",
        "self.eps = eps",
        'self.eps = eps\n        self.register_buffer("running", torch.zeros(1))',
        "centred = x - x.mean(dim=-1, keepdim=True)",
        "mean = x.mean(dim=-1, keepdim=True)\n"
        "        if self.training:\n"
        "            self.running = 0.9 * self.running + 0.1 * mean.detach().mean()\n"
        "        centred = x - (mean if self.training else self.running)",
    ),
    mistake(
        "You cut the statistics off from the graph, so the gradient of x lacks what flows through mean and "
        "variance. Leave out `detach` and `no_grad`.",
        "(centred**2).mean(dim=-1, keepdim=True)",
        "(centred**2).mean(dim=-1, keepdim=True).detach()",
    ),
    mistake(
        "Your result is always float32. It should have the dtype of x.",
        "normed = centred / torch.sqrt(variance + self.eps)",
        "normed = (centred / torch.sqrt(variance + self.eps)).float()",
    ),
    mistake(
        "Your result is always float64. It should have the dtype of x.",
        "normed = centred / torch.sqrt(variance + self.eps)",
        "normed = (centred / torch.sqrt(variance + self.eps)).double()",
    ),
    mistake(
        "You subtract the mean from the caller's x in place. Compute a new tensor: `x - mean`.",
        "centred = x - x.mean(dim=-1, keepdim=True)",
        "centred = x.sub_(x.mean(dim=-1, keepdim=True))",
    ),
    mistake(
        "`weight` and `bias` are plain tensors. Only an nn.Parameter is found by parameters(), trained and saved: "
        "`nn.Parameter(torch.ones(n_embd))`.",
        "nn.Parameter(torch.ones(n_embd))",
        "torch.ones(n_embd)",
        "nn.Parameter(torch.zeros(n_embd))",
        "torch.zeros(n_embd)",
    ),
    mistake(
        "`weight` is a plain tensor. Only an nn.Parameter is found by parameters(), trained and saved: "
        "`nn.Parameter(torch.ones(n_embd))`.",
        "nn.Parameter(torch.ones(n_embd))",
        "torch.ones(n_embd)",
    ),
    mistake(
        "Your layer has no attribute `bias` at all with bias=False. It should be there and be None.",
        "        self.bias = nn.Parameter(torch.zeros(n_embd)) if bias else None\n",
        "        if bias:\n            self.bias = nn.Parameter(torch.zeros(n_embd))\n",
        "scaled if self.bias is None else",
        "scaled if not hasattr(self, 'bias') else",
    ),
    mistake(
        "You cut the mean off from the graph. It is made of x, so the gradient of x flows through it too: detach nothing.",
        "centred = x - x.mean(dim=-1, keepdim=True)",
        "centred = x - x.mean(dim=-1, keepdim=True).detach()",
    ),
)

FORBIDDEN = (
    "torch.nn.LayerNorm",
    "torch.nn.functional.layer_norm",
    "torch.layer_norm",
    "torch.native_layer_norm",
    "torch.nn.GroupNorm",
    "torch.nn.functional.group_norm",
    "torch.nn.functional.batch_norm",
    "torch.nn.functional.instance_norm",
    "torch.ops",
    "torch._C",
)
