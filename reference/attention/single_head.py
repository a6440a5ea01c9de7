"""What one head of causal self-attention must do."""

from __future__ import annotations

import torch
from hypothesis import strategies as st

from tutor.kit import check, close, gradient, load, mistake, oracle, probe, prop, pure, raises, same, tensor, vectorised

ARGS = dict(x=tensor("B T C"), key=tensor("D C"), query=tensor("D C"), value=tensor("D C"))
SPARE = st.integers(0, 3)
"""By how much block_size is longer than the text."""


@oracle
def head(x, key, query, value, causal=True):
    q, k, v = x @ query.mT, x @ key.mT, x @ value.mT
    return torch.nn.functional.scaled_dot_product_attention(q, k, v, is_causal=causal)


@probe
def run_head(you, x, key, query, value, spare=0):
    module = you.Head(x.shape[-1], key.shape[0], x.shape[1] + spare).to(x.dtype)
    load(module, {"key.weight": key, "query.weight": query, "value.weight": value})
    return module(x)


@probe
def run_head_with_full_mask(you, x, key, query, value):
    """The head with ones all over its triangle, so that it does not mask."""
    module = you.Head(x.shape[-1], key.shape[0], x.shape[1]).to(x.dtype)
    load(module, {"key.weight": key, "query.weight": query, "value.weight": value})
    module.tril.fill_(1)
    return module(x)


@probe
def run_together_and_alone(you, x, key, query, value):
    """The output of the batch, and the outputs of its sequences one by one."""
    module = you.Head(x.shape[-1], key.shape[0], x.shape[1]).to(x.dtype)
    load(module, {"key.weight": key, "query.weight": query, "value.weight": value})
    return module(x), torch.cat([module(one[None]) for one in x])


@probe
def inventory(you, n_embd, head_size, block_size):
    """What the module registers: shapes of parameters, names of buffers, and its triangle as ones and zeros."""
    module = you.Head(n_embd, head_size, block_size)
    shapes = {name: list(each.shape) for name, each in module.named_parameters()}
    buffers = [name for name, _ in module.named_buffers()]
    return shapes, buffers, module.tril.double() if "tril" in buffers else None


@prop(**ARGS, spare=SPARE, cases=60)
def agrees_with_scaled_dot_product_attention(you, x, key, query, value, spare):
    """It is the softmax of the scaled, masked scores, times the values, for any T up to block_size.

    Each position asks (query), offers (key) and tells (value): the whole of attention in three matrices.
    """
    close(run_head(you, x, key, query, value, spare), head(x, key, query, value))


@prop(**ARGS, w=tensor("B T D"), cases=25)
def has_the_right_gradient(you, x, key, query, value, w):
    """Backpropagation through it gives the right gradient for x and all three weights.

    A head whose output is right can still hold back a gradient, by a detach or a number taken out of the graph: then it
    never learns to look.
    """
    mine = gradient(run_head, you, x, key, query, value, weights=w)
    right = gradient(head, x, key, query, value, weights=w)
    for name, each, expected in zip(("x", "key.weight", "query.weight", "value.weight"), mine, right, strict=True):
        close(each, expected, what=f"the gradient of {name}")


@prop(**ARGS, other=tensor("B T C"), share=st.floats(0, 1), cases=15)
def does_not_see_the_future(you, x, key, query, value, other, share, T):
    """New vectors after position t leave the outputs up to t as they were, and those outputs have no gradient there.

    A model that sees the token it is to predict reaches a wonderful loss, and writes nonsense.
    """
    after = 1 + int(share * (T - 1))
    changed = torch.cat([x[:, :after], other[:, after:]], dim=1)
    found = run_head(you, torch.cat([x, changed]), key, query, value)
    before, now = found[: len(x), :after], found[len(x) :, :after]
    close(now, before, what=f"the output of positions 0 to {after - 1} after a change of later ones")
    w = torch.zeros(len(x), T, len(key), dtype=x.dtype)
    w[:, :after] = 1.0
    reach = gradient(run_head, you, x, key, query, value, weights=w)[0][:, after:]
    check((reach == 0).all(), f"An output up to position {after - 1} has a gradient with respect to a later position.")


@prop(n_embd=st.integers(1, 5), head_size=st.integers(1, 5), block_size=st.integers(1, 5), cases=12)
def registers_three_weights_and_a_triangle(you, n_embd, head_size, block_size):
    """Its parameters are key.weight, query.weight and value.weight, each [head_size, n_embd]; tril is a buffer.

    A buffer moves to the GPU with the module and is not trained. The names are what saved weights are found by.
    """
    shapes, buffers, triangle = inventory(you, n_embd, head_size, block_size)
    wanted = {f"{name}.weight": [head_size, n_embd] for name in ("key", "query", "value")}
    same(shapes, wanted, what="the shapes of the parameters")
    check("tril" in buffers, "There is no buffer `tril`. Make it with `self.register_buffer('tril', …)`.")
    right = torch.ones(block_size, block_size, dtype=torch.float64).tril()
    same(triangle, right, what="the buffer tril, as ones and zeros")


@prop(n_embd=st.integers(1, 4), head_size=st.integers(1, 4), block_size=st.integers(1, 4), more=SPARE, cases=12)
def refuses_a_text_that_is_too_long(you, n_embd, head_size, block_size, more):
    """A text longer than block_size is a ValueError.

    The triangle ends at block_size. A sentence now is better than a wrong broadcast in the middle of a training.
    """
    module = you.Head(n_embd, head_size, block_size)
    raises(ValueError, module, torch.zeros(2, block_size + 1 + more, n_embd))


@prop(**ARGS, cases=8)
def treats_each_sequence_of_the_batch_alone(you, x, key, query, value):
    """Each sequence gives what it gives in a batch of its own.

    A batch is a convenience. If one text could see another, results would depend on who is graded beside it.
    """
    together, alone = run_together_and_alone(you, x, key, query, value)
    close(together, alone, what="the output of the whole batch")


@prop(**ARGS, order=tensor("T"), cases=12)
def works_on_sets_without_its_mask(you, x, key, query, value, order):
    """With ones all over tril, shuffling the positions shuffles the outputs: attention does not know the order.

    Attention alone knows no order, only what is there. This is why a GPT needs embeddings of the positions.
    """
    both = torch.cat([x, x[:, order.argsort()]])  # in one batch: each sequence is by itself
    close(run_head_with_full_mask(you, both, key, query, value), head(both, key, query, value, causal=False))


@prop(
    x=tensor("B T C", dtype="float32"), key=tensor("D C", dtype="float32"),
    query=tensor("D C", dtype="float32"), value=tensor("D C", dtype="float32"), cases=10,
)  # fmt: skip
def keeps_float32(you, x, key, query, value):
    """float32 in, float32 out.

    A scale or mask made in float64 makes everything after it slower.
    """
    close(run_head(you, x, key, query, value), head(x, key, query, value))


@prop(**ARGS, cases=8)
def leaves_its_input_alone(you, x, key, query, value):
    """The x that it is given stays as it is.

    The residual connection adds x to the result: it must still be the x that came in.
    """
    pure(run_head, you, x, key, query, value)


@prop(
    x=tensor("2 4 C"), longer=tensor("5 16 C"), key=tensor("D C"), query=tensor("D C"), value=tensor("D C"), cases=3
)  # fmt: skip
def has_no_loop(you, x, longer, key, query, value):
    """A longer text or a larger batch takes no more tensor operations.

    A loop over positions would take away the very thing that attention is liked for: all positions at once.
    """
    vectorised(run_head, (you, x, key, query, value, 12), (you, longer, key, query, value, 0))


HINTS = (
    "Three linear layers make q, k and v from x. Your `attention_weights` turns q, k and a mask into weights; what is "
    "left to do with them?",
    "The mask is the upper left T × T part of tril, as bool. The output is weights @ v. Compare T with block_size "
    "before anything else.",
    "In __init__: three `nn.Linear(n_embd, head_size, bias=False)` and `self.register_buffer('tril', "
    "torch.ones(block_size, block_size, dtype=torch.bool).tril())`. In forward: `attention_weights(q, k, "
    "self.tril[:T, :T]) @ v`.",
)

AHA = (
    "Query: what am I looking for. Key: what do I contain. Value: what I will tell you if you are interested. All "
    "three are made from the same x."
)

MISTAKES = (
    mistake(
        "Your scores are divided by √C, the width of x. It should be √D, the length of a key (the lecturer corrected "
        "the same slip later). With C = 4 and D = 1 your weights are too even.",
        "attention_weights(q, k, self.tril[:T, :T])",
        "attention_weights(q * (q.shape[-1] / x.shape[-1]) ** 0.5, k, self.tril[:T, :T])",
    ),
    mistake(
        "Your scores are scaled twice: `attention_weights` already divides by √D.",
        "attention_weights(q, k, self.tril[:T, :T])",
        "attention_weights(q / q.shape[-1] ** 0.5, k, self.tril[:T, :T])",
    ),
    mistake(
        "Your mask hides where tril is 1, so positions see the future and neither the past nor themselves. True means "
        "'may attend': hand over the triangle itself.",
        "self.tril[:T, :T])",
        "~self.tril[:T, :T])",
    ),
    mistake(
        "Your mask is the transposed triangle: position t reads t and everything after it. Row t of the mask is the "
        "query, column s the key; the ones belong below the diagonal.",
        "self.tril[:T, :T])",
        "self.tril[:T, :T].T)",
    ),
    mistake(
        "There is no mask: every position reads the whole text, the future too. Hand the upper left T × T part of "
        "tril to attention_weights.",
        "k, self.tril[:T, :T])",
        "k)",
    ),
    mistake(
        "You pass the whole tril, so only texts of exactly block_size work. Cut it to the length of x: `self.tril[:T, "
        ":T]`.",
        "self.tril[:T, :T])",
        "self.tril)",
    ),
    mistake(
        "You take the lower right part of tril's columns, or another part, instead of its first T rows and columns: "
        "with a text shorter than block_size, positions see too much.",
        "self.tril[:T, :T])",
        "self.tril[-T:, :T])",
    ),
    mistake(
        "Your positions do not read themselves: the diagonal of the triangle is 0. Position 0 has nothing to read "
        "then. The ones include the diagonal.",
        ".tril())",
        ".tril(-1))",
    ),
    mistake(
        "Each position reads one position too many: the triangle reaches one above the diagonal, and the next token "
        "is the very answer. The ones end at the diagonal.",
        ".tril())",
        ".tril(1))",
    ),
    mistake(
        "tril is a parameter, so an optimizer will train it. It is a constant: use `self.register_buffer('tril', …)`.",
        'self.register_buffer("tril", torch.ones(block_size, block_size, dtype=torch.bool).tril())',
        "self.tril = nn.Parameter(torch.ones(block_size, block_size).tril())",
        "self.tril[:T, :T])",
        "self.tril[:T, :T] > 0)",
    ),
    mistake(
        "tril is a plain attribute, so it stays behind on the CPU when the module moves to a GPU. Use "
        "`self.register_buffer('tril', …)`.",
        'self.register_buffer("tril", torch.ones(block_size, block_size, dtype=torch.bool).tril())',
        "self.tril = torch.ones(block_size, block_size, dtype=torch.bool).tril()",
    ),
    mistake(
        "You build a mask anew in forward and do not use the buffer. On a GPU a mask made like that would lie on the "
        "CPU; take the one that moves with the module, `self.tril`.",
        "self.tril[:T, :T])",
        "torch.ones(T, T, dtype=torch.bool).tril())",
    ),
    mistake(
        "Queries and keys are swapped. The row of a score is the position that asks, so the query goes first; the two "
        "have different weights, and it matters which is which.",
        "attention_weights(q, k, self.tril[:T, :T])",
        "attention_weights(k, q, self.tril[:T, :T])",
    ),
    mistake(
        "Your softmax runs over the queries, dim=1, not over the keys: columns sum to 1 instead of rows. The last "
        "dimension holds the keys.",
        "attention_weights(q, k, self.tril[:T, :T])",
        "torch.softmax((q @ k.mT / q.shape[-1] ** 0.5).masked_fill(~self.tril[:T, :T], -1e30), dim=1)",
    ),
    # Gives the same numbers as the one above, from the other end.
    mistake(
        "You compute keys times queries with the triangle turned over, and turn the result back: it looks causal, but "
        "the softmax has run over the queries. Each *row*, one query over its keys, should sum to 1.",
        "attention_weights(q, k, self.tril[:T, :T])",
        "attention_weights(k, q, self.tril[:T, :T].T).transpose(-2, -1)",
    ),
    mistake(
        "Your softmax runs over the batch, dim=0: what one text reads depends on the other texts. The last dimension "
        "holds the keys.",
        "attention_weights(q, k, self.tril[:T, :T])",
        "torch.softmax((q @ k.mT / q.shape[-1] ** 0.5).masked_fill(~self.tril[:T, :T], -1e30), dim=0)",
    ),
    mistake(
        "You average x itself. What is passed on are the values, `self.value(x)`: D numbers for each position, not C.",
        "self.query(x), self.key(x), self.value(x)",
        "self.query(x), self.key(x), x",
    ),
    mistake(
        "Your values are the keys. Both are made from x, but by different weights: what I contain is not what I tell.",
        "self.query(x), self.key(x), self.value(x)",
        "self.query(x), self.key(x), self.key(x)",
    ),
    mistake(
        "Your linear layers have a bias. These three have none: `bias=False`.",
        "self.key = nn.Linear(n_embd, head_size, bias=False)",
        "self.key = nn.Linear(n_embd, head_size)",
        "self.query = nn.Linear(n_embd, head_size, bias=False)",
        "self.query = nn.Linear(n_embd, head_size)",
        "self.value = nn.Linear(n_embd, head_size, bias=False)",
        "self.value = nn.Linear(n_embd, head_size)",
    ),
    mistake(
        "A text longer than block_size is not refused by a ValueError. Compare T with block_size first: the cut of "
        "tril does not complain, it just gives too small a square.",
        "if T > len(self.tril):",
        "if False:",
    ),
    mistake(
        "You cut off the gradient at the weights of attention: values are learned, but queries and keys never get "
        "better.",
        "weights @ v",
        "weights.detach() @ v",
    ),
    mistake(
        "Your output is always float32. It should have the dtype of x.",
        "return weights @ v",
        "return (weights @ v).float()",
    ),
    mistake(
        "Your output is always float64. It should have the dtype of x.",
        "return weights @ v",
        "return (weights @ v).double()",
    ),
    mistake(
        "You change x in place. Compute a new tensor instead of using `x *= …` or a method that ends in `_`.",
        "T = x.shape[1]",
        "T = x.mul_(1.0).shape[1] if not x.requires_grad else x.shape[1]",
    ),
    mistake(
        "You compute the sequences of the batch one by one in a Python loop. `@` works on all of them at once: the "
        "number of operations should not grow with B.",
        "return weights @ v",
        "return torch.stack([one @ each for one, each in zip(weights, v)])",
    ),
    mistake(
        "You hand tril over as numbers. `attention_weights` takes a mask of bool: `self.tril[:T, :T] == 1`.",
        "self.tril[:T, :T])",
        "self.tril[:T, :T].float())",
    ),
    mistake(
        "Only some of your linear layers have `bias=False`. All three have none.",
        "self.key = nn.Linear(n_embd, head_size, bias=False)",
        "self.key = nn.Linear(n_embd, head_size)",
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
