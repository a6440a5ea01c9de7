"""What causal self-attention with many heads must do."""

from __future__ import annotations

import math

import torch
from hypothesis import strategies as st

from tutor.kit import (
    check,
    close,
    convention,
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
    vectorised,
)

SIZES = dict(H=dim(1, 4), D=dim(1, 4))
WEIGHTS = {
    "c_attn.weight": tensor("3*H*D H*D"),
    "c_attn.bias": tensor("3*H*D"),
    "c_proj.weight": tensor("H*D H*D"),
    "c_proj.bias": tensor("H*D"),
}
ARGS = dict(**SIZES, x=tensor("B T H*D"), weights=WEIGHTS)
SPARE = st.integers(0, 3)
"""By how much block_size is longer than the text."""


@oracle
def attention(x, weights, H):
    """Head by head: rows of c_attn belong to the queries, keys, values of the heads in order."""
    linear = torch.nn.functional.linear
    D = x.shape[-1] // H
    rows = linear(x, weights["c_attn.weight"], weights.get("c_attn.bias")).split(D, dim=-1)
    heads = [
        torch.nn.functional.scaled_dot_product_attention(rows[h], rows[H + h], rows[2 * H + h], is_causal=True)
        for h in range(H)
    ]
    return linear(torch.cat(heads, dim=-1), weights["c_proj.weight"], weights.get("c_proj.bias"))


@oracle
def without_projection(weights):
    """The same weights with a c_proj that changes nothing."""
    C = weights["c_proj.weight"].shape[0]
    plain = {"c_proj.weight": torch.eye(C, dtype=torch.float64), "c_proj.bias": torch.zeros(C, dtype=torch.float64)}
    return {**weights, **plain}


@probe
def build(you, x, weights, H, spare=0, dropout=0.0):
    module = you.CausalSelfAttention(x.shape[-1], H, x.shape[1] + spare, dropout, "c_attn.bias" in weights).to(x.dtype)
    load(module, weights)
    return module


@probe
def run(you, x, weights, H, spare=0):
    return build(you, x, weights, H, spare)(x)


@probe
def run_on_a_transposed_view(you, x, weights, H):
    """The same numbers, in memory with time before the batch."""
    view = x.transpose(0, 1).contiguous().transpose(0, 1)
    return build(you, view, weights, H)(view)


@probe
def run_in_training_and_evaluation(you, x, weights, H, dropout):
    module = build(you, x, weights, H, 0, dropout)
    module.train()
    first, second = module(x), module(x)
    module.eval()
    return first, second, module(x)


@probe
def inventory(you, n_embd, n_head, block_size, bias):
    """Shapes of what state_dict() holds, and of what would be trained."""
    module = you.CausalSelfAttention(n_embd, n_head, block_size, bias=bias)
    saved = {name: list(each.shape) for name, each in module.state_dict().items()}
    return saved, {name: list(each.shape) for name, each in module.named_parameters()}


@probe
def left_behind(you, n_embd, n_head, block_size):
    """The tensors that stay where they were when the module moves to a device, here torch's one without numbers."""
    module = you.CausalSelfAttention(n_embd, n_head, block_size).to("meta")
    kept = [item for part in module.modules() for item in vars(part).items()]
    # A tensor of one number without axes may stay: a GPU takes it from wherever it is.
    tensors = [(name, each) for name, each in kept if isinstance(each, torch.Tensor) and each.dim() > 0]
    return sorted(name for name, each in tensors if each.device.type != "meta")


@prop(**ARGS, spare=SPARE, cases=60)
def agrees_with_scaled_dot_product_attention(you, x, weights, H, spare):
    """It is causal attention in each head by itself, joined and projected, for any T up to block_size.

    Several heads look for several things at once, in one matrix product. This is the attention of GPT-2.
    """
    close(run(you, x, weights, H, spare), attention(x, weights, H))


@prop(**ARGS, w=tensor("B T H*D"), cases=25)
def has_the_right_gradient(you, x, weights, H, w):
    """Backpropagation through it gives the right gradient for x and all weights and biases.

    A view in the wrong order can mix heads in a way that a loss curve does not show. Gradients of all weights do.
    """
    mine = gradient(run, you, x, weights, H, weights=w)
    right = gradient(attention, x, weights, H, weights=w)
    for name, each, expected in zip(("x", *weights), mine, right, strict=True):
        close(each, expected, what=f"the gradient of {name}", atol=1e-8)


@prop(**ARGS, other=tensor("B T H*D"), share=st.floats(0, 1), cases=15)
def does_not_see_the_future(you, x, weights, H, other, share, T):
    """New vectors after position t leave the outputs up to t as they were.

    A model that sees the token it is to predict reaches a wonderful loss, and writes nonsense.
    """
    after = 1 + int(share * (T - 1))
    changed = torch.cat([x[:, :after], other[:, after:]], dim=1)
    found = run(you, torch.cat([x, changed]), weights, H)
    before, now = found[: len(x), :after], found[len(x) :, :after]
    close(now, before, what=f"the output of positions 0 to {after - 1} after a change of later ones")


@prop(**ARGS, share=st.floats(0, 0.99), cases=15)
def gives_each_head_its_own_channels(you, x, weights, H, share, D):
    """Without a projection, head h fills channels h·D to (h+1)·D-1: other values in its rows change those and no others.

    view(B, H, T, D) in place of view and transpose has the right shape and mixes time with heads: the commonest mistake
    of this exercise.
    """
    weights = without_projection(weights)
    start = int(share * H) * D
    rows = slice(2 * H * D + start, 2 * H * D + start + D)
    silent = {name: each.clone() for name, each in weights.items()}
    silent["c_attn.weight"][rows], silent["c_attn.bias"][rows] = 0.0, 0.0
    expected = attention(x, weights, H).clone()
    expected[..., start : start + D] = 0.0
    what = f"the output with the values of head {start // D} at zero"
    close(run(you, x, silent, H), expected, what=what)


@prop(
    **SIZES,
    x=tensor("B T H*D", dtype="float32"),
    weights={
        "c_attn.weight": tensor("3*H*D H*D", dtype="float32"),
        "c_proj.weight": tensor("H*D H*D", dtype="float32"),
    },
    cases=10,
)
def works_in_float32_and_without_bias(you, x, weights, H):
    """With bias=False it uses the two weights alone; float32 in, float32 out.

    The presets of this course train in float32 and some without biases, as nanoGPT does.
    """
    close(run(you, x, weights, H), attention(x, weights, H), rtol=1e-4, atol=1e-5)


@prop(**ARGS, cases=10)
def accepts_any_memory_layout(you, x, weights, H):
    """x may be a transposed view: the result is that of its numbers, not of their order in memory.

    view needs numbers that lie in order. What comes out of a transpose does not, and the error appears only when
    someone else's code is in front.
    """
    close(run_on_a_transposed_view(you, x, weights, H), attention(x, weights, H))


@prop(**ARGS, cases=8)
def leaves_its_input_alone(you, x, weights, H):
    """The x that it is given stays as it is.

    The residual connection adds x to the result: it must still be the x that came in.
    """
    pure(run, you, x, weights, H)


@prop(n_head=st.integers(1, 4), D=dim(1, 4), block_size=st.integers(1, 4), bias=st.booleans(), cases=20)
def saves_what_gpt2_saves(you, n_head, D, block_size, bias):
    """state_dict() holds weight and bias of c_attn and c_proj and nothing else (no mask), all of them parameters.

    With these names OpenAI's weights fit into your module. A mask among them would break loading as soon as block_size
    differs.
    """
    C = n_head * D
    wanted = {"c_attn.weight": [3 * C, C], "c_attn.bias": [3 * C], "c_proj.weight": [C, C], "c_proj.bias": [C]}
    wanted = {name: shape for name, shape in wanted.items() if bias or name.endswith("weight")}
    saved, trained = inventory(you, C, n_head, block_size, bias)
    same(saved, wanted, what="state_dict(), name by name with shapes")
    same(trained, wanted, what="the parameters, name by name with shapes")


@prop(n_head=st.integers(1, 2), D=dim(1, 2), block_size=st.integers(1, 3), cases=4)
def moves_as_a_whole(you, n_head, D, block_size):
    """When the module moves to another device, nothing of it stays behind.

    You may write and test on a processor and train on a GPU: a mask that stays behind stops the first step there.
    """
    left = left_behind(you, n_head * D, n_head, block_size)
    names = ", ".join(f"`{name}`" for name in left)
    check(not names, f"After `.to(device)`, {names} still lies on the processor. Register it with register_buffer.")


@prop(n_head=st.integers(2, 4), D=dim(1, 3), more=st.integers(1, 3), block_size=st.integers(1, 4), cases=15)
def refuses_sizes_that_do_not_fit(you, n_head, D, more, block_size):
    """n_embd that n_head does not divide is a ValueError, and so is a text longer than block_size.

    n_embd // n_head would round down and leave channels out without a word.
    """
    odd = n_head * D + 1 + (more - 1) % (n_head - 1)
    raises(ValueError, you.CausalSelfAttention, odd, n_head, block_size)
    module = you.CausalSelfAttention(n_head * D, n_head, block_size)
    raises(ValueError, module, torch.zeros(2, block_size + more, n_head * D))


@prop(
    **SIZES, x=tensor("300 1 H*D", kinds=("normal",)), weights=dict.fromkeys(WEIGHTS, None) | {
        name: tensor(" ".join(each.shape), kinds=("normal",)) for name, each in WEIGHTS.items()
    },
    dropout=st.sampled_from((0.2, 0.35, 0.5)), cases=5,
)  # fmt: skip
def drops_weights_and_results_while_training(you, x, weights, H, dropout):
    """In training each weight and each result is dropped with probability p, the rest divided by 1 - p; else none is.

    Dropout on the weights hides connections, on the results it hides channels. Left on while sampling, it makes the
    text worse.
    """
    plain, bias, keep = without_projection(weights), weights["c_proj.bias"], 1 - dropout
    values = attention(x, plain, H)
    first, second, evaluated = run_in_training_and_evaluation(you, x, {**plain, "c_proj.bias": bias}, H, dropout)
    close(evaluated, values + bias, what="the output after eval(), with dropout in the constructor")
    check(not torch.equal(first, second), "Two calls in training give the same: they should drop different entries.")
    # With T = 1 the only weight is 1. It is either dropped, and c_proj's bias is left, or divided by keep; then the
    # result is dropped or divided by keep.
    heard, unheard = (values / keep + bias) / keep, (bias / keep).expand_as(values)
    shown, deaf = first != 0, (first - unheard).abs() < (first - heard).abs()
    close(first, torch.where(shown, torch.where(deaf, unheard, heard), 0.0), what="the output in training, with T = 1")
    told = f"With dropout={dropout}, T = 1 and 300 texts, the share of"
    lost, silent = 1 - float(shown.double().mean()), float(deaf[shown].double().mean())
    slack = 5 * math.sqrt(dropout * keep / (300 * H))
    check(abs(lost - dropout) <= slack, f"{told} results that are dropped is {lost:.2f}; it should be near {dropout}.")
    check(
        abs(silent - dropout) <= slack, f"{told} weights that are dropped is {silent:.2f}; it should be near {dropout}."
    )


@prop(
    x=tensor("2 3 12"), longer=tensor("5 7 12"), cases=3,
    weights={
        "c_attn.weight": tensor("36 12"), "c_attn.bias": tensor("36"),
        "c_proj.weight": tensor("12 12"), "c_proj.bias": tensor("12"),
    },
)  # fmt: skip
def has_no_loop(you, x, longer, weights):
    """More heads, a longer text or a larger batch take no more tensor operations.

    Heads in a loop are right, and slow. Batched, they are one more dimension of the same product.
    """
    vectorised(run, (you, x, weights, 2, 4), (you, longer, weights, 6, 0))


HINTS = (
    "Cut c_attn's result into q, k and v. Then each of them has to go from [B, T, C] to [B, H, T, D]; which two steps "
    "does that take, and why not one?",
    "`x.view(B, T, H, D).transpose(1, 2)` there. After `weights @ v`, `transpose(1, 2)` again and `reshape(B, T, C)`. "
    "The mask is a buffer with `persistent=False`; dropout goes on the weights and on the result of c_proj.",
    "q, k, v = self.c_attn(x).split(C, dim=-1); each of them viewed and transposed; weights = "
    "dropout(attention_weights(q, k, self.mask[:T, :T])); y = (weights @ v).transpose(1, 2).reshape(B, T, C); return "
    "dropout(self.c_proj(y)).",
)

AHA = "Heads are just another batch dimension: one matrix product runs all of them, as it runs all texts of a batch."

MISTAKES = (
    mistake(
        "You view q, k and v as [B, H, T, D] at once. The shape is right, but a view moves nothing: head 0 then holds "
        "all of the first tokens and head 1 all of the last. View as [B, T, H, D] and transpose.",
        "x.view(B, T, self.n_head, C // self.n_head).transpose(1, 2)",
        "x.reshape(B, self.n_head, T, C // self.n_head)",
    ),
    convention(
        "You view q, k and v as [B, T, D, H], so that a head takes every H-th channel. Here head h takes D "
        "neighbours, h·D to (h+1)·D-1: view as [B, T, H, D].",
        "x.view(B, T, self.n_head, C // self.n_head).transpose(1, 2)",
        "x.view(B, T, C // self.n_head, self.n_head).permute(0, 3, 1, 2)",
    ),
    mistake(
        "You merge the heads without transposing back: [B, H, T, D] is read as [B, T, C], and the tokens' channels "
        "get mixed. Transpose to [B, T, H, D] first.",
        "(weights @ v).transpose(1, 2).reshape(B, T, C)",
        "(weights @ v).reshape(B, T, C)",
    ),
    mistake(
        "You use `view` on a transposed tensor, whose numbers no longer lie in order; torch refuses. Use `reshape`, "
        "or `contiguous()` before the view.",
        ".reshape(B, T, C)",
        ".view(B, T, C)",
    ),
    mistake(
        "You swap the heads' numbers while merging: head and channel are interleaved, [B, T, D, H]. The D numbers of "
        "a head should lie side by side.",
        "(weights @ v).transpose(1, 2).reshape(B, T, C)",
        "(weights @ v).permute(0, 2, 3, 1).reshape(B, T, C)",
    ),
    convention(
        "You split c_attn's result as v, k, q. The order is queries, keys, values.",
        "q, k, v = self.c_attn(x)",
        "v, k, q = self.c_attn(x)",
    ),
    convention(
        "You split c_attn's result as k, q, v. The order is queries, keys, values.",
        "q, k, v = self.c_attn(x)",
        "k, q, v = self.c_attn(x)",
    ),
    convention(
        "You cut c_attn's result into H pieces of q, k, v each. It is queries of all heads first, then all keys, then "
        "all values.",
        "q, k, v = self.c_attn(x).split(C, dim=-1)\n",
        "q, k, v = self.c_attn(x).view(B, T, self.n_head, 3, -1).permute(3, 0, 1, 2, 4).reshape(3, B, T, C)\n",
    ),
    mistake(
        "Your scores are divided by √C, the width of all heads together. It should be √D, the length of one head's "
        "key, and `attention_weights` does that.",
        "attention_weights(q, k, self.causal[:T, :T])",
        "attention_weights(q / self.n_head**0.5, k, self.causal[:T, :T])",
    ),
    mistake(
        "There is no mask: every position reads the whole text, the future too. Hand the causal mask to "
        "attention_weights.",
        "k, self.causal[:T, :T])",
        "k)",
    ),
    mistake(
        "Each position reads one position too many: the mask reaches one above the diagonal, and the next token is "
        "the very answer.",
        ".tril()",
        ".tril(1)",
    ),
    mistake(
        "You pass the whole mask, so only texts of exactly block_size work. Cut it to [T, T].",
        "self.causal[:T, :T]",
        "self.causal",
    ),
    mistake(
        "Your mask is saved: it is in state_dict(), so GPT-2's weights will not fit and checkpoints grow. Register "
        "the buffer with persistent=False.",
        "causal, persistent=False",
        "causal",
    ),
    mistake(
        "You drop scores before the softmax. A score of 0 is just another score, so nothing is switched off, and the "
        "rest is made larger. Drop weights, after the softmax.",
        "attention_weights(q, k, self.causal[:T, :T])",
        "torch.softmax(self.weight_dropout(q @ k.mT / (C // self.n_head) ** 0.5)"
        ".masked_fill(~self.causal[:T, :T], -torch.inf), dim=-1)",
        "        weights = self.weight_dropout(weights)\n",
        "",
    ),
    mistake(
        "You do not drop attention weights. Dropout works in two places: on the weights and on the result of c_proj.",
        "        weights = self.weight_dropout(weights)\n",
        "",
    ),
    mistake(
        "You do not drop the result of c_proj. Dropout works in two places: on the weights and on the result of "
        "c_proj.",
        "self.result_dropout(self.c_proj(y))",
        "self.c_proj(y)",
    ),
    mistake(
        "You drop before c_proj. The second dropout comes after it, on its result.",
        "self.result_dropout(self.c_proj(y))",
        "self.c_proj(self.result_dropout(y)) * 1.0",
    ),
    mistake(
        "Your dropout works after eval() too. `torch.nn.functional.dropout` always drops unless you pass "
        "`training=self.training`; nn.Dropout knows by itself.",
        "self.weight_dropout(weights)",
        "nn.functional.dropout(weights, self.weight_dropout.p)",
    ),
    mistake(
        "You drop without dividing the rest by 1 - p, so in training everything is smaller than after eval(). "
        "nn.Dropout does both.",
        "self.result_dropout(self.c_proj(y))",
        "self.result_dropout(self.c_proj(y)) * (1 - self.result_dropout.p if self.training else 1)",
    ),
    mistake(
        "You keep each entry with probability p instead of dropping it.",
        "self.weight_dropout = nn.Dropout(dropout)",
        "self.weight_dropout = nn.Dropout(1 - dropout if dropout else 0.0)",
        "self.result_dropout = nn.Dropout(dropout)",
        "self.result_dropout = nn.Dropout(1 - dropout if dropout else 0.0)",
    ),
    mistake(
        "c_proj is missing from the result: the heads are joined, but nothing lets their findings mix.",
        "self.result_dropout(self.c_proj(y))",
        "self.result_dropout(y)",
    ),
    mistake(
        "You ignore the argument bias: with bias=False there should be no c_attn.bias and no c_proj.bias.",
        "3 * n_embd, bias=bias",
        "3 * n_embd",
        "n_embd, n_embd, bias=bias",
        "n_embd, n_embd",
    ),
    mistake(
        "You do not refuse sizes that do not divide: some channels would belong to no head. Raise ValueError in the "
        "constructor.",
        "if n_embd % n_head != 0:",
        "if False:",
    ),
    mistake(
        "A text longer than block_size is not refused by a ValueError. Compare T with block_size first: the cut of "
        "the mask does not complain.",
        "if T > len(self.causal):",
        "if False:",
    ),
    mistake(
        "You view x itself, which fails when x is a transposed view. Give x to c_attn as it is, or use `reshape`.",
        "self.c_attn(x).split(C, dim=-1)",
        "self.c_attn(x.view(B * T, C)).view(B, T, 3 * C).split(C, dim=-1)",
    ),
    mistake(
        "You change x in place. Compute a new tensor instead of using `x *= …` or a method that ends in `_`.",
        "        B, T, C = x.shape\n        if T",
        "        B, T, C = x.shape if x.requires_grad else x.mul_(1.0).shape\n        if T",
    ),
    mistake(
        "You cut off the gradient at the attention weights: values are learned, but queries and keys never get better.",
        "(weights @ v)",
        "(weights.detach() @ v)",
    ),
    mistake(
        "Your output is always float64. It should have the dtype of x.",
        "return self.result_dropout(self.c_proj(y))",
        "return self.result_dropout(self.c_proj(y)).double()",
    ),
    mistake(
        "You loop over the heads in Python. With the heads as a dimension, one product does all of them: the number "
        "of operations should not grow with H.",
        "(weights @ v)",
        "torch.stack([weights[:, h] @ v[:, h] for h in range(self.n_head)], dim=1)",
    ),
    mistake(
        "You hand the mask over as numbers. `attention_weights` takes a mask of bool: `mask[:T, :T] == 1`.",
        "self.causal[:T, :T])",
        "self.causal[:T, :T].float())",
    ),
    mistake(
        "Your scores are scaled twice: `attention_weights` already divides by √D.",
        "attention_weights(q, k,",
        "attention_weights(q / (C // self.n_head) ** 0.5, k,",
    ),
    convention(
        "You split c_attn's result as q, v, k. The order is queries, keys, values.",
        "q, k, v = self.c_attn(x)",
        "q, v, k = self.c_attn(x)",
    ),
    mistake(
        "You ignore the argument bias in c_proj: with bias=False there should be no c_proj.bias.",
        "self.c_proj = nn.Linear(n_embd, n_embd, bias=bias)",
        "self.c_proj = nn.Linear(n_embd, n_embd)",
    ),
    mistake(
        "Your mask is a plain attribute, so it stays behind when the module moves to a GPU. Use "
        "`self.register_buffer('causal', …, persistent=False)`.",
        'self.register_buffer("causal", causal, persistent=False)',
        "self.causal = causal",
    ),
)

FORBIDDEN = (
    "torch.nn.functional.scaled_dot_product_attention",
    "torch.nn.functional.multi_head_attention_forward",
    "torch.nn.MultiheadAttention",
    "torch.nn.Transformer",
    "torch.nn.TransformerEncoderLayer",
    "torch.nn.TransformerDecoderLayer",
    "torch.nn.attention",
    "torch.ops.aten",
    "torch._C",
    "torch._scaled_dot_product_attention_math",
)
