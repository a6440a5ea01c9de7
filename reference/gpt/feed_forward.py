"""What gelu and the MLP must do."""

from __future__ import annotations

import torch
from hypothesis import strategies as st

from tutor.kit import check, close, convention, dim, gradient, load, mistake, oracle, probe, prop, pure, same, tensor

C = dim(1, 4)
WEIGHTS = {
    "c_fc.weight": tensor("4*C C"),
    "c_fc.bias": tensor("4*C"),
    "c_proj.weight": tensor("C 4*C"),
    "c_proj.bias": tensor("C"),
}
RATE = st.sampled_from((0.25, 0.5, 0.75))


@oracle
def right_gelu(x):
    return torch.nn.functional.gelu(x, approximate="tanh")


@oracle
def mlp(x, weights):
    linear = torch.nn.functional.linear
    hidden = right_gelu(linear(x, weights["c_fc.weight"], weights.get("c_fc.bias")))
    return linear(hidden, weights["c_proj.weight"], weights.get("c_proj.bias"))


@probe
def build(you, x, weights, dropout=0.0):
    module = you.MLP(x.shape[-1], dropout, "c_fc.bias" in weights).to(x.dtype)
    load(module, weights)
    return module


@probe
def run(you, x, weights):
    return build(you, x, weights)(x)


@probe
def run_in_both_modes(you, x, weights, dropout):
    module = build(you, x, weights, dropout).train()
    first, second = module(x), module(x)
    return first, second, module.eval()(x)


@probe
def inventory(you, n_embd, bias):
    module = you.MLP(n_embd, bias=bias)
    return {name: list(each.shape) for name, each in module.state_dict().items()}, len(list(module.parameters()))


@prop(x=tensor("A B", kinds=("normal", "ties", "mixed")), cases=60)
def gelu_is_the_tanh_form(you, x):
    """gelu(x) is 0.5·x·(1 + tanh(√(2/π)·(x + 0.044715·x³))), entry by entry.

    GPT-2 was trained with this approximation. The exact form differs in the fourth digit, enough to make its weights
    answer otherwise.
    """
    close(you.gelu(x), right_gelu(x), what="gelu(x)")


@prop(x=tensor("A B"), w=tensor("A B"), cases=40)
def gelu_has_the_right_gradient(you, x, w):
    """Backpropagation through gelu gives the right gradient.

    Unlike ReLU it has a slope nearly everywhere, so that no unit is dead for good.
    """
    close(gradient(you.gelu, x, weights=w), gradient(right_gelu, x, weights=w), what="the gradient of x")


@prop(x=tensor("A B", low=50, high=1e4), far=st.sampled_from((1.0, 10.0, 1e6)), cases=10)
def gelu_is_finite_far_out(you, x, far):
    """For very large x, gelu(x) is x; for very negative x it is 0.

    exp overflows where tanh does not; an inf times 0 is nan.
    """
    close(you.gelu(x * far), x * far, what="gelu of large numbers")
    close(you.gelu(-x * far), torch.zeros_like(x), what="gelu of very negative numbers")


@prop(C=C, x=tensor("B T C"), weights=WEIGHTS, cases=50)
def mlp_agrees_with_the_definition(you, x, weights):
    """The MLP is c_proj(gelu(c_fc(x))), with 4C hidden channels.

    After the tokens have talked, each thinks for itself: two thirds of a block's parameters are here.
    """
    close(run(you, x, weights), mlp(x, weights))


@prop(C=C, x=tensor("B T C"), weights=WEIGHTS, w=tensor("B T C"), cases=25)
def mlp_has_the_right_gradient(you, x, weights, w):
    """Backpropagation through the MLP gives the right gradient for x and all weights and biases.

    Most of the model's weights are trained through these two lines.
    """
    mine = gradient(run, you, x, weights, weights=w)
    right = gradient(mlp, x, weights, weights=w)
    for name, each, expected in zip(("x", *weights), mine, right, strict=True):
        close(each, expected, what=f"the gradient of {name}")


@prop(C=C, x=tensor("B T C"), weights=WEIGHTS, order=tensor("T"), cases=15)
def mlp_treats_each_token_alone(you, x, weights, order):
    """Shuffling the tokens shuffles the results and changes nothing else.

    Tokens exchange something in attention only. A mix of positions here would open a way around the mask.
    """
    shuffled = order.argsort()
    close(run(you, x[:, shuffled], weights), mlp(x, weights)[:, shuffled], what="the result for shuffled tokens")


@prop(C=C, bias=st.booleans(), cases=8)
def mlp_has_these_parameters(you, C, bias):
    """Its parameters are c_fc and c_proj, 8C² + 5C numbers with biases and 8C² without.

    4C is the convention of the paper; the names are what GPT-2's weights are found by.
    """
    wanted = {"c_fc.weight": [4 * C, C], "c_fc.bias": [4 * C], "c_proj.weight": [C, 4 * C], "c_proj.bias": [C]}
    wanted = {name: shape for name, shape in wanted.items() if bias or name.endswith("weight")}
    same(inventory(you, C, bias), (wanted, len(wanted)), what="(saved names with shapes, number of parameters)")


@prop(
    C=C,
    x=tensor("B T C", dtype="float32"),
    weights={"c_fc.weight": tensor("4*C C", dtype="float32"), "c_proj.weight": tensor("C 4*C", dtype="float32")},
    cases=10,
)
def mlp_works_in_float32_and_without_bias(you, x, weights):
    """With bias=False it uses the two weights alone; float32 in, float32 out.

    The presets of this course train in float32 and some without biases.
    """
    close(run(you, x, weights), mlp(x, weights), rtol=1e-4, atol=1e-5)


@prop(C=dim(2, 4), x=tensor("8 30 C", kinds=("normal",)), weights=WEIGHTS, rate=RATE, cases=8)
def drops_results_while_training_only(you, x, weights, rate):
    """While training, each result is 0 with probability p, or divided by 1 - p; in eval mode nothing happens.

    Dropout that stays on while sampling makes each text worse; dropout that is never on makes a small text learnt by
    heart.
    """
    right = mlp(x, weights)
    first, second, calm = run_in_both_modes(you, x, weights, rate)
    close(calm, right, what="the result in eval mode")
    close(first, torch.where(first == 0, 0.0, right / (1 - rate)), what="the result in train mode, where not 0")
    share, spread = float((first == 0).double().mean()), (rate * (1 - rate) / first.numel()) ** 0.5
    check(abs(share - rate) < 5 * spread, f"With dropout={rate}, {share:.0%} of the results are 0.")
    check(not torch.equal(first == 0, second == 0), "Two calls in train mode drop the same entries.")


@prop(C=C, x=tensor("B T C"), weights=WEIGHTS, cases=8)
def leaves_its_input_alone(you, x, weights):
    """Neither gelu nor the MLP changes the x it is given.

    The residual connection adds x to the result: it must still be the x that came in.
    """
    pure(you.gelu, x)
    pure(run, you, x, weights)


HINTS = (
    "Write the formula of gelu as it stands, with tensor operations; `math.sqrt(2 / math.pi)` is a plain number. Then "
    "check by hand: gelu of 1 is 0.841192.",
    "`forward` is one chain: c_fc, gelu, c_proj, dropout. Nothing in it mentions B or T: nn.Linear works on the last "
    "dimension.",
    "`return 0.5 * x * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))`; `self.c_fc = "
    "nn.Linear(n_embd, 4 * n_embd, bias=bias)`, `self.c_proj` the other way, and `return "
    "self.dropout(self.c_proj(gelu(self.c_fc(x))))`.",
)

AHA = "Attention is where the tokens talk; this is where each one thinks about what it has heard."

MISTAKES = (
    mistake(
        "Your bend is ReLU. GELU goes smoothly through 0: gelu of -1 is -0.1588, not 0.",
        "return 0.5 * x * (1 + torch.tanh(inner))",
        "return torch.relu(x)",
    ),
    convention(
        "You use the exact form with the error function: 0.841345 at 1. Asked for is the tanh form, 0.841192, "
        "with which GPT-2 was trained.",
        "return 0.5 * x * (1 + torch.tanh(inner))",
        "return 0.5 * x * (1 + torch.erf(x / math.sqrt(2)))",
    ),
    convention(
        "You use the sigmoid form x·σ(1.702·x): 0.8458 at 1. Asked for is the tanh form, 0.8412.",
        "return 0.5 * x * (1 + torch.tanh(inner))",
        "return x * torch.sigmoid(1.702 * x)",
    ),
    mistake(
        "Your formula has x² where x³ belongs. With x² the correction has the wrong sign for negative x.",
        "0.044715 * x**3",
        "0.044715 * x**2",
    ),
    mistake(
        "Your factor √(2/π) multiplies only x, not the sum x + 0.044715·x³. Put the sum in brackets.",
        "math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)",
        "math.sqrt(2 / math.pi) * x + 0.044715 * x**3",
    ),
    mistake(
        "Your factor √(2/π) stands outside of tanh. It multiplies what is inside.",
        "math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)",
        "x + 0.044715 * x**3",
        "torch.tanh(inner)",
        "math.sqrt(2 / math.pi) * torch.tanh(inner)",
    ),
    mistake(
        "Your factor is 2/π without the root. It is √(2/π) = 0.797885.",
        "math.sqrt(2 / math.pi)",
        "(2 / math.pi)",
    ),
    mistake(
        "Your constant is 0.44715. It is 0.044715, ten times smaller.",
        "0.044715 * x**3",
        "0.44715 * x**3",
    ),
    mistake(
        "The factor x in front is missing: you return a number between 0 and 1, by which x should be multiplied.",
        "0.5 * x * (1",
        "0.5 * (1",
    ),
    mistake(
        "The factor 0.5 is missing: for large x you return 2x. 1 + tanh goes up to 2, so halve it.",
        "0.5 * x * (1",
        "x * (1",
    ),
    mistake(
        "You write tanh with exponentials, and they overflow: for x = 1000 your result is inf/inf = NaN. torch.tanh is "
        "exact out there.",
        "torch.tanh(inner)",
        "(torch.exp(2 * inner) - 1) / (torch.exp(2 * inner) + 1)",
    ),
    mistake(
        "You cut the gradient inside gelu: detached numbers cannot learn.",
        "torch.tanh(inner)",
        "torch.tanh(inner.detach())",
    ),
    mistake(
        "You compute gelu in place and so change the x of the caller. Build a new tensor.",
        "return 0.5 * x * (1 + torch.tanh(inner))",
        "return x.mul_(0.5 * (1 + torch.tanh(inner)))",
    ),
    mistake(
        "Your hidden layer has C channels. It should have 4C.",
        "nn.Linear(n_embd, 4 * n_embd, bias=bias)",
        "nn.Linear(n_embd, n_embd, bias=bias)",
        "nn.Linear(4 * n_embd, n_embd, bias=bias)",
        "nn.Linear(n_embd, n_embd, bias=bias)  # narrow",
    ),
    mistake(
        "There is no bend between your two layers: together they are just one Linear layer. Apply gelu to c_fc(x).",
        "gelu(self.c_fc(x))",
        "self.c_fc(x)",
    ),
    mistake(
        "Your bend comes after c_proj, so the two layers before it are just one, and the MLP can hardly write negative "
        "numbers into the stream. It belongs between the layers.",
        "gelu(self.c_fc(x))",
        "self.c_fc(x)",
        "self.dropout(self.c_proj(hidden))",
        "self.dropout(gelu(self.c_proj(hidden)))",
    ),
    mistake(
        "Your MLP bends twice, once after c_proj. The result of c_proj goes out as it is.",
        "self.dropout(self.c_proj(hidden))",
        "self.dropout(gelu(self.c_proj(hidden)))",
    ),
    mistake(
        "Your dropout is between the layers. It should be at the end, so that exactly the entries of the result are "
        "dropped or divided by 1 - p.",
        "self.dropout(self.c_proj(hidden))",
        "self.c_proj(self.dropout(hidden))",
    ),
    mistake(
        "You make a Dropout and never use it. Apply it to the result of c_proj.",
        "self.dropout(self.c_proj(hidden))",
        "self.c_proj(hidden)",
    ),
    mistake(
        "Your dropout works in eval mode too. Use the nn.Dropout module, or hand on `self.training`.",
        "self.dropout(self.c_proj(hidden))",
        "nn.functional.dropout(self.c_proj(hidden), self.dropout.p)",
    ),
    mistake(
        "Your dropout ignores the probability it was given. Make `nn.Dropout(dropout)`.",
        "nn.Dropout(dropout)",
        "nn.Dropout(0.1 if dropout else 0.0)",
    ),
    mistake(
        "You ignore bias=False. Hand `bias=bias` to both Linear layers.",
        "nn.Linear(4 * n_embd, n_embd, bias=bias)",
        "nn.Linear(4 * n_embd, n_embd)",
    ),
    mistake(
        "You normalise or mix along the time dimension: what one token becomes depends on the others. Each token "
        "passes by itself.",
        "gelu(self.c_fc(x))",
        "gelu(self.c_fc(x - x.mean(dim=1, keepdim=True)))",
    ),
    mistake(
        "Your result is always float64. It should have the dtype of x.",
        "hidden = gelu(self.c_fc(x))",
        "hidden = gelu(self.c_fc.double()(x.double()))",
        "self.dropout(self.c_proj(hidden))",
        "self.dropout(self.c_proj.double()(hidden))",
    ),
    mistake(
        "Your factor is √(π/2), upside down. It is √(2/π) = 0.797885.",
        "math.sqrt(2 / math.pi)",
        "math.sqrt(math.pi / 2)",
    ),
    mistake(
        "You have 1 - tanh, which lets small numbers through and stops large ones. It is 1 + tanh.",
        "(1 + torch.tanh(inner))",
        "(1 - torch.tanh(inner))",
    ),
    mistake(
        "You add x to the result. The MLP gives only its answer; the sum with x is made in the block.",
        "return self.dropout(self.c_proj(hidden))",
        "return x + self.dropout(self.c_proj(hidden))",
    ),
)

FORBIDDEN = (
    "torch.nn.GELU",
    "torch.nn.functional.gelu",
    "torch.ops",
    "torch._C",
)
