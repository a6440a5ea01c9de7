"""What a transformer block must do."""

from __future__ import annotations

import torch
from hypothesis import strategies as st

from tutor.kit import check, close, convention, dim, gradient, load, mistake, oracle, probe, prop, pure, same, tensor

SIZES = dict(H=dim(1, 3), D=dim(1, 3), B=dim(1, 3), T=dim(1, 4))
MATRICES = {
    "ln_1.weight": tensor("H*D"),
    "attn.c_attn.weight": tensor("3*H*D H*D"),
    "attn.c_proj.weight": tensor("H*D H*D"),
    "ln_2.weight": tensor("H*D"),
    "mlp.c_fc.weight": tensor("4*H*D H*D"),
    "mlp.c_proj.weight": tensor("H*D 4*H*D"),
}
BIASES = {
    "ln_1.bias": tensor("H*D"),
    "attn.c_attn.bias": tensor("3*H*D"),
    "attn.c_proj.bias": tensor("H*D"),
    "ln_2.bias": tensor("H*D"),
    "mlp.c_fc.bias": tensor("4*H*D"),
    "mlp.c_proj.bias": tensor("H*D"),
}
ARGS = dict(**SIZES, x=tensor("B T H*D", kinds=("normal",)), weights={**MATRICES, **BIASES})
SPARE = st.integers(0, 2)
"""By how much block_size is longer than the text."""


@oracle
def block(x, weights, H):
    """The definition with torch's own functions."""
    functional = torch.nn.functional
    x = x + attention(
        functional.layer_norm(x, x.shape[-1:], weights["ln_1.weight"], weights.get("ln_1.bias")), weights, H
    )
    normed = functional.layer_norm(x, x.shape[-1:], weights["ln_2.weight"], weights.get("ln_2.bias"))
    hidden = functional.linear(normed, weights["mlp.c_fc.weight"], weights.get("mlp.c_fc.bias"))
    hidden = functional.gelu(hidden, approximate="tanh")
    return x + functional.linear(hidden, weights["mlp.c_proj.weight"], weights.get("mlp.c_proj.bias"))


def attention(x, weights, H):
    functional = torch.nn.functional
    rows = functional.linear(x, weights["attn.c_attn.weight"], weights.get("attn.c_attn.bias"))
    q, k, v = (part.unflatten(-1, (H, -1)).transpose(1, 2) for part in rows.chunk(3, dim=-1))
    y = functional.scaled_dot_product_attention(q, k, v, is_causal=True).transpose(1, 2).flatten(2)
    return functional.linear(y, weights["attn.c_proj.weight"], weights.get("attn.c_proj.bias"))


def silenced(weights, part):
    """The same weights, with zeros in the c_proj of `part`, so that it answers nothing."""
    return {
        name: torch.zeros_like(each) if name.startswith(f"{part}.c_proj") else each for name, each in weights.items()
    }


@probe
def build(you, x, weights, H, spare=0, dropout=0.0):
    module = you.Block(x.shape[-1], H, x.shape[1] + spare, dropout, "ln_1.bias" in weights).to(x.dtype)
    load(module, weights)
    return module


@probe
def run(you, x, weights, H, spare=0):
    return build(you, x, weights, H, spare)(x)


@probe
def run_in_both_modes(you, x, weights, H, dropout):
    module = build(you, x, weights, H, 0, dropout).train()
    first, second = module(x), module(x)
    return first, second, module.eval()(x)


@probe
def inventory(you, n_embd, n_head, block_size, bias):
    module = you.Block(n_embd, n_head, block_size, bias=bias)
    return {name: list(each.shape) for name, each in module.named_parameters()}


@prop(**ARGS, spare=SPARE, cases=40)
def agrees_with_the_definition(you, x, weights, H, spare):
    """It is x + attn(ln_1(x)), and then x + mlp(ln_2(x)) with the new x.

    Normalise, talk, add; normalise, think, add. A GPT is this and nothing else, many times.
    """
    close(run(you, x, weights, H, spare), block(x, weights, H))


@prop(**ARGS, cases=15)
def adds_what_attention_says(you, x, weights, H):
    """With an MLP that answers zeros, the result is x + attn(ln_1(x)).

    It tells attention's half apart from the other, so that you know where to look.
    """
    quiet = silenced(weights, "mlp")
    close(run(you, x, quiet, H), block(x, quiet, H))


@prop(**ARGS, cases=15)
def adds_what_the_mlp_says(you, x, weights, H):
    """With an attention that answers zeros, the result is x + mlp(ln_2(x)).

    It tells the MLP's half apart from the other. The MLP gets the x that attention has already added to.
    """
    quiet = silenced(weights, "attn")
    close(run(you, x, quiet, H), block(x, quiet, H))


@prop(**ARGS, w=tensor("B T H*D"), cases=8)
def is_the_identity_when_both_are_silent(you, x, weights, H, w):
    """With both answering zeros, x comes out exactly as it went in, and so does the gradient on its way back.

    The gradient has a way past every block, untouched. With the norm on that way (post-norm, as in 2017) deep models
    need a warm-up to train at all.
    """
    quiet = silenced(silenced(weights, "attn"), "mlp")
    same(run(you, x, quiet, H), x)
    close(gradient(run, you, x, quiet, H, weights=w)[0], w, what="the gradient of x")


@prop(**ARGS, w=tensor("B T H*D"), cases=15)
def has_the_right_gradient(you, x, weights, H, w):
    """Backpropagation through it gives the right gradient for x and all weights and biases.

    If a part receives no gradient, the rest learns around it, and the loss curve looks almost normal.
    """
    mine = gradient(run, you, x, weights, H, weights=w)
    right = gradient(block, x, weights, H, weights=w)
    for name, each, expected in zip(("x", *weights), mine, right, strict=True):
        close(each, expected, what=f"the gradient of {name}", atol=1e-8)


@prop(**SIZES, x=tensor("B T H*D", kinds=("normal",)), weights=MATRICES, cases=8)
def can_do_without_bias(you, x, weights, H):
    """With bias=False, none of its parts has a bias.

    A setting that reaches only some of the parts gives a model that no saved weights fit.
    """
    close(run(you, x, weights, H), block(x, weights, H))


@prop(**ARGS, other=tensor("B T H*D", kinds=("normal",)), share=st.floats(0, 1), cases=15)
def does_not_see_the_future(you, x, weights, H, other, share, T):
    """New vectors after position t leave the results up to t as they were.

    A block is causal only if all of its parts are.
    """
    after = 1 + int(share * (T - 1))
    changed = torch.cat([x[:, :after], other[:, after:]], dim=1)
    what = f"the result of positions 0 to {after - 1} after a change of later ones"
    close(run(you, changed, weights, H)[:, :after], block(x, weights, H)[:, :after], what=what)


@prop(n_head=st.integers(1, 3), D=dim(1, 3), block_size=st.integers(1, 4), bias=st.booleans(), cases=8)
def has_these_parameters(you, n_head, D, block_size, bias):
    """Its parameters are those of ln_1, attn, ln_2 and mlp: 12C² + 13C numbers with biases, 12C² + 2C without.

    The names are what GPT-2's weights are found by, and a part that is not registered is never trained.
    """
    C = n_head * D
    widths = {"ln_1": [C], "attn.c_attn": [3 * C, C], "attn.c_proj": [C, C], "ln_2": [C], "mlp.c_fc": [4 * C, C],
              "mlp.c_proj": [C, 4 * C]}  # fmt: skip
    wanted = {f"{name}.weight": shape for name, shape in widths.items()}
    if bias:
        wanted |= {f"{name}.bias": shape[:1] for name, shape in widths.items()}
    same(inventory(you, C, n_head, block_size, bias), wanted, what="the parameters, name by name with shapes")


@prop(
    H=dim(1, 2), D=dim(2, 3), x=tensor("4 6 H*D", kinds=("normal",)), weights={**MATRICES, **BIASES},
    silent=st.sampled_from(("attn", "mlp")), cases=10,
)  # fmt: skip
def hands_dropout_on_to_both(you, x, weights, H, silent):
    """While training, attention and MLP each drop entries, and differently in each call; in eval mode neither does.

    A setting that is not handed on is the quietest bug: nothing fails, the model only learns its text by heart.
    """
    quiet = silenced(weights, silent)
    speaker = "mlp" if silent == "attn" else "attn"
    first, second, calm = run_in_both_modes(you, x, quiet, H, 0.5)
    close(calm, block(x, quiet, H), what="the result in eval mode")
    check(
        not torch.equal(first, second), f"With dropout=0.5, two calls in train mode agree: `{speaker}` drops nothing."
    )


@prop(**ARGS, cases=5)
def leaves_its_input_alone(you, x, weights, H):
    """The x that it is given stays as it is.

    x += … would change the caller's tensor, and autograd then refuses, or works with other numbers.
    """
    pure(run, you, x, weights, H)


HINTS = (
    "Two lines, both of the same form: x = x + half(norm(x)). Which x does the second line read?",
    "`__init__` makes LayerNorm(n_embd, bias), CausalSelfAttention(n_embd, n_head, block_size, dropout, bias), another "
    "LayerNorm, and MLP(n_embd, dropout, bias).",
    "`x = x + self.attn(self.ln_1(x))`, then `x = x + self.mlp(self.ln_2(x))`, then return x.",
)

AHA = "Plus signs all the way: a straight road for the gradient, from the loss to the embeddings."

MISTAKES = (
    convention(
        "Your LayerNorms stand after the sums (post-norm), on the road of the residual stream itself. Normalise what "
        "each half reads: x + attn(ln_1(x)). With silent halves, x must come out unchanged.",
        "x = x + self.attn(self.ln_1(x))",
        "x = self.ln_1(x + self.attn(x))",
        "x = x + self.mlp(self.ln_2(x))",
        "x = self.ln_2(x + self.mlp(x))",
    ),
    mistake(
        "You normalise the answers of the halves and not what they read. It is x + attn(ln_1(x)), the LayerNorm first.",
        "self.attn(self.ln_1(x))",
        "self.ln_1(self.attn(x))",
        "self.mlp(self.ln_2(x))",
        "self.ln_2(self.mlp(x))",
    ),
    mistake(
        "Your LayerNorm is around the sum on top of the usual ones: the stream itself gets normalised at the end. "
        "Return the sum as it is.",
        "return x",
        "return self.ln_2(x)",
    ),
    mistake(
        "Attention replaces x instead of adding to it. It is x = x + attn(ln_1(x)).",
        "x = x + self.attn(self.ln_1(x))",
        "x = self.attn(self.ln_1(x))",
    ),
    mistake(
        "The MLP replaces x instead of adding to it. It is x = x + mlp(ln_2(x)).",
        "x = x + self.mlp(self.ln_2(x))",
        "x = self.mlp(self.ln_2(x))",
    ),
    mistake(
        "Your MLP reads x through ln_1 again. It has a LayerNorm of its own, ln_2.",
        "self.mlp(self.ln_2(x))",
        "self.mlp(self.ln_1(x))",
    ),
    mistake(
        "ln_1 and ln_2 are one and the same module, so both halves must share a scale. Make two.",
        "self.ln_2 = LayerNorm(n_embd, bias)",
        "self.ln_2 = self.ln_1",
    ),
    mistake(
        "Your MLP reads the x from before attention, so nothing that was heard is thought about in this block. Let the "
        "second line use the x that the first one made.",
        "x = x + self.attn(self.ln_1(x))\n        x = x + self.mlp(self.ln_2(x))",
        "x = x + self.attn(self.ln_1(x)) + self.mlp(self.ln_2(x))",
    ),
    mistake(
        "Your MLP comes before attention. First the tokens talk, then each one thinks.",
        "x = x + self.attn(self.ln_1(x))\n        x = x + self.mlp(self.ln_2(x))",
        "x = x + self.mlp(self.ln_2(x))\n        x = x + self.attn(self.ln_1(x))",
    ),
    mistake(
        "You add the answer of attention to the normalised x. The residual is x itself; the LayerNorm is only for what "
        "the half reads.",
        "x = x + self.attn(self.ln_1(x))",
        "normed = self.ln_1(x)\n        x = normed + self.attn(normed)",
    ),
    mistake(
        "You add the answer of the MLP to the normalised x. The residual is x itself; the LayerNorm is only for "
        "what the half reads.",
        "x = x + self.mlp(self.ln_2(x))",
        "normed = self.ln_2(x)\n        x = normed + self.mlp(normed)",
    ),
    mistake(
        "You leave out the LayerNorm before attention. It is attn(ln_1(x)).",
        "self.attn(self.ln_1(x))",
        "self.attn(x)",
    ),
    mistake(
        "You leave out the LayerNorm before the MLP. It is mlp(ln_2(x)).",
        "self.mlp(self.ln_2(x))",
        "self.mlp(x)",
    ),
    mistake(
        "You write `x += …`, which changes the tensor of the caller. `x = x + …` makes a new one.",
        "x = x + self.attn(self.ln_1(x))",
        "x += self.attn(self.ln_1(x))",
    ),
    mistake(
        "You add x twice: the halves must not contain the residual, and the sum only once.",
        "x = x + self.mlp(self.ln_2(x))",
        "x = x + x + self.mlp(self.ln_2(x))",
    ),
    mistake(
        "Your attention does not get the dropout. Hand it on.",
        "CausalSelfAttention(n_embd, n_head, block_size, dropout, bias)",
        "CausalSelfAttention(n_embd, n_head, block_size, 0.0, bias)",
    ),
    mistake(
        "Your MLP does not get the dropout. Hand it on.",
        "MLP(n_embd, dropout, bias)",
        "MLP(n_embd, 0.0, bias)",
    ),
    mistake(
        "Your attention always has biases. Hand `bias` on.",
        "CausalSelfAttention(n_embd, n_head, block_size, dropout, bias)",
        "CausalSelfAttention(n_embd, n_head, block_size, dropout)",
    ),
    mistake(
        "Your LayerNorms always have a bias. Hand `bias` on.",
        "self.ln_1 = LayerNorm(n_embd, bias)",
        "self.ln_1 = LayerNorm(n_embd)",
        "self.ln_2 = LayerNorm(n_embd, bias)",
        "self.ln_2 = LayerNorm(n_embd)",
    ),
    mistake(
        "Your attention has one head, whatever n_head says. Hand it on.",
        "CausalSelfAttention(n_embd, n_head,",
        "CausalSelfAttention(n_embd, 1,",
    ),
    mistake(
        "Your block mixes tokens with those after them: a mean over time reaches into the future. Only attention "
        "may look at other tokens, and only backwards.",
        "self.mlp(self.ln_2(x))",
        "self.mlp(self.ln_2(x - x.mean(dim=1, keepdim=True)))",
    ),
    mistake(
        "Your MLP always has biases. Hand `bias` on.",
        "MLP(n_embd, dropout, bias)",
        "MLP(n_embd, dropout)",
    ),
    mistake(
        "You hand dropout and bias to MLP in the wrong order: it takes dropout first. By name nothing can be mixed up: "
        "`dropout=dropout, bias=bias`.",
        "MLP(n_embd, dropout, bias)",
        "MLP(n_embd, bias, dropout)",
    ),
)

FORBIDDEN = (
    "torch.nn.TransformerEncoderLayer",
    "torch.nn.TransformerDecoderLayer",
    "torch.nn.MultiheadAttention",
    "torch.nn.functional.multi_head_attention_forward",
    "torch.nn.functional.scaled_dot_product_attention",
    "torch.ops",
    "torch._C",
)
