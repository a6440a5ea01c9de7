"""What attention weights must be."""

from __future__ import annotations

import torch

from tutor.kit import check, close, convention, gradient, indices, mistake, oracle, prop, pure, tensor, vectorised

HALF = dict(q=tensor("B T D", dtype="float16"), k=tensor("B K D", dtype="float16"), mask=indices("T K", below=2))


@oracle
def weights(q, k):
    """Attention that returns its weights: each value is a unit vector."""
    values = torch.eye(k.shape[-2], dtype=q.dtype).expand(*k.shape[:-1], -1)
    return torch.nn.functional.scaled_dot_product_attention(q, k, values)


@oracle
def masked_weights(q, k, mask):
    """The definition, query by query: a softmax over the keys that it may see."""
    nothing = 0 * (q.sum() + k.sum())  # so that a mask without any True has a gradient too, of zeros
    rows = []
    for t, row in enumerate(mask.bool()):
        allowed = row.nonzero().flatten()
        scores = sum(q[..., t, d, None] * k[..., allowed, d] for d in range(q.shape[-1])) / q.shape[-1] ** 0.5
        full = torch.zeros(*k.shape[:-1], dtype=q.dtype) + nothing
        rows.append(full.index_copy(-1, allowed, scores.softmax(-1)) if len(allowed) else full)
    return torch.stack(rows, dim=-2)


@prop(q=tensor("B T D"), k=tensor("B K D"))
def agrees_with_scaled_dot_product_attention(you, q, k):
    """Without a mask it is the softmax over the keys of q·k / √D.

    √D keeps the scores at the size of one number whatever D is. Without it softmax starts nearly one-hot, and gradients
    vanish.
    """
    close(you.attention_weights(q, k), weights(q, k))


@prop(q=tensor("B T D"), k=tensor("B K D"), mask=indices("T K", below=2))
def shares_the_whole_weight_among_allowed_keys(you, q, k, mask):
    """With a mask it is the softmax over the allowed keys; forbidden ones get 0, and so does a row without any.

    Setting weights to 0 after softmax leaves rows that sum to less than 1, and lets forbidden keys count in the sum.
    The mask belongs before.
    """
    found = you.attention_weights(q, k, mask.bool())
    close(found, masked_weights(q, k, mask))
    hidden = found.masked_select(~mask.bool())
    check((hidden == 0).all(), "A forbidden key has a weight that is not exactly 0.")


@prop(q=tensor("B T D"), k=tensor("B K D"), mask=indices("T K", below=2), w=tensor("B T K"))
def has_the_right_gradient(you, q, k, mask, w):
    """Backpropagation gives the right, finite gradient for q and k, also where a row of the mask is all False.

    -inf minus -inf is nan, and a nan in a row nobody uses still poisons all weights through the gradient.
    """
    mine = gradient(you.attention_weights, q, k, mask.bool(), weights=w)
    for name, each, expected in zip(("q", "k"), mine, gradient(masked_weights, q, k, mask, weights=w), strict=True):
        close(each, expected, what=f"the gradient of {name}")


@prop(q=tensor("T D"), k=tensor("K D"), many_q=tensor("B H T D"), many_k=tensor("B H K D"), cases=40)
def works_with_any_leading_dimensions(you, q, k, many_q, many_k):
    """q and k may be [T, D] and [K, D], or have a batch and heads in front.

    The same lines serve one head, many heads and batches of them, if they count dimensions from the end.
    """
    close(you.attention_weights(q, k), weights(q, k), what="the weights of one sequence")
    close(you.attention_weights(many_q, many_k), weights(many_q, many_k), what="the weights of a batch of heads")


@prop(q=tensor("B T D"), k=tensor("B K D", low=-1000, high=1000), mask=indices("T K", below=2), cases=40)
def does_not_overflow(you, q, k, mask):
    """Scores of thousands, of either sign, give finite weights.

    Early in a bad run scores of thousands happen. Softmax survives them if the maximum is subtracted.
    """
    q = q * 1000
    close(you.attention_weights(q, k, mask.bool()), masked_weights(q, k, mask), rtol=1e-7)


@prop(**HALF, x=tensor("B T D", dtype="float32"), y=tensor("B K D", dtype="float32"), cases=40)
def keeps_the_dtype(you, q, k, mask, x, y):
    """float16 in, float16 out, with a mask too; and the same for float32.

    float16 ends at 65,504: a mask of -1e9 does not fit into it, and a scale made as a float64 tensor changes the dtype
    of everything after.
    """
    right = masked_weights(q.double(), k.double(), mask)
    close(you.attention_weights(q, k, mask.bool()), right.half(), what="the weights in float16", rtol=0.02, atol=2e-3)
    close(you.attention_weights(x, y), weights(x, y), what="the weights in float32")


@prop(q=tensor("B T D"), k=tensor("B K D"), mask=indices("T K", below=2), cases=30)
def leaves_its_inputs_alone(you, q, k, mask):
    """q, k and the mask stay as they are.

    q and k go on to be used, k even at each later token when a cache keeps it.
    """
    pure(you.attention_weights, q, k, mask.bool())


@prop(
    q=tensor("2 2 D"), k=tensor("2 3 D"), mask=indices("2 3", below=2),
    more_q=tensor("5 7 D"), more_k=tensor("5 6 D"), more_mask=indices("7 6", below=2), cases=3,
)  # fmt: skip
def has_no_loop(you, q, k, mask, more_q, more_k, more_mask):
    """More queries, keys or sequences take no more tensor operations.

    One product of matrices computes all pairs. That is why attention took over from recurrent networks: all positions
    at once.
    """
    vectorised(you.attention_weights, (q, k, mask.bool()), (more_q, more_k, more_mask.bool()))


HINTS = (
    "Swap the last two dimensions of k, multiply, divide by the square root of the last size of q. Which dimension "
    "holds the keys now?",
    "`k.transpose(-2, -1)` counts from the end, so leading dimensions do not matter. `scores.masked_fill(~mask, …)` "
    "puts something very low where the mask is False; then `torch.softmax(…, dim=-1)`.",
    "A row of -inf alone becomes NaN in a softmax. Fill with `torch.finfo(scores.dtype).min` instead, the lowest "
    "number there is, and after the softmax set forbidden weights to 0 with a second `masked_fill`.",
)

AHA = (
    "With D = 64 and no scaling the largest of 64 random weights is already 0.8; scaled it is 0.1. Without √D "
    "attention starts as a hard choice and has no gradient to learn a better one."
)

# `masked_fill_` is no mistake by itself: what it fills are the scores, which the function has just made. What harms the
# caller is scaling q in place.
MISTAKES = (
    mistake(
        "You do not scale the scores. Divide them by √D, the square root of the last size of q; with D = 4 your "
        "scores are twice as large as they should be, and the weights too extreme.",
        " / q.shape[-1] ** 0.5",
        "",
    ),
    mistake(
        "You divide the scores by D instead of √D. The variance of a dot product is D, so its typical size is √D; "
        "your weights are too even.",
        "q.shape[-1] ** 0.5",
        "q.shape[-1]",
    ),
    mistake(
        "You multiply the scores by √D. They should be divided by it.",
        "/ q.shape[-1] ** 0.5",
        "* q.shape[-1] ** 0.5",
    ),
    mistake(
        "You divide by the square root of K, the number of keys. It should be D, the length of each of them: the "
        "scale must not depend on how long the text is.",
        "q.shape[-1] ** 0.5",
        "k.shape[-2] ** 0.5",
    ),
    mistake(
        "You divide by the square root of T, the number of queries. It should be D, the length of each of them.",
        "q.shape[-1] ** 0.5",
        "q.shape[-2] ** 0.5",
    ),
    mistake(
        "You scale after the softmax. The scores have to be divided before it: your rows sum to 1/√D instead of 1.",
        "    scores = q @ k.transpose(-2, -1) / q.shape[-1] ** 0.5\n    if mask is None:\n"
        "        return torch.softmax(scores, dim=-1)",
        "    scores = q @ k.transpose(-2, -1)\n    if mask is None:\n"
        "        return torch.softmax(scores, dim=-1) / q.shape[-1] ** 0.5",
    ),
    convention(
        "Your mask works backwards: keys with True are hidden. Here True means 'may attend', so fill where the mask "
        "is *not* True.",
        "scores.masked_fill(~mask, lowest)",
        "scores.masked_fill(mask, lowest)",
        "weights.masked_fill(~mask, 0.0)",
        "weights.masked_fill(mask, 0.0)",
    ),
    mistake(
        "Your softmax runs over the queries: columns sum to 1. Each query shares its weight among the keys, so rows "
        "should: dim=-1.",
        "        return torch.softmax(scores, dim=-1)",
        "        return torch.softmax(scores, dim=-2)",
        "lowest), dim=-1)",
        "lowest), dim=-2)",
    ),
    mistake(
        "You fill forbidden scores with a fixed number such as -1e9. float16 cannot hold it, and true scores can be "
        "lower. Use the lowest number of the dtype, `torch.finfo(scores.dtype).min`, or -inf.",
        "torch.finfo(scores.dtype).min",
        "-1e9",
    ),
    mistake(
        "You fill forbidden scores with a low but not very low number such as -1e4. Where true scores are in the "
        "thousands, forbidden keys then win.",
        "torch.finfo(scores.dtype).min",
        "-1e4",
    ),
    mistake(
        "You fill forbidden scores with 0. A score of 0 is not 'nothing': exp(0) = 1, so forbidden keys still take a "
        "share of each row. Fill with something very low.",
        "lowest = torch.finfo(scores.dtype).min",
        "lowest = 0.0",
    ),
    mistake(
        "A row of the mask without any True gives NaN: a softmax of nothing but -inf is 0/0. Such a row should be "
        "zeros.",
        "torch.finfo(scores.dtype).min",
        'float("-inf")',
        "    return weights.masked_fill(~mask, 0.0)",
        "    return weights",
    ),
    mistake(
        "A row of the mask without any True gives equal weights for keys that are all forbidden. Such a row should be "
        "zeros: set forbidden weights to 0 after the softmax too.",
        "    return weights.masked_fill(~mask, 0.0)",
        "    return weights",
    ),
    mistake(
        "The result is right, but its gradient is NaN where a row of the mask has no True: -inf was added to the "
        "scores, and the NaN of that row flows back. Fill the scores with `masked_fill` or `torch.where`, which stop "
        "it.",
        "scores.masked_fill(~mask, lowest)",
        'scores + torch.zeros_like(mask, dtype=scores.dtype).masked_fill(~mask, float("-inf"))',
    ),
    mistake(
        "You apply the mask after the softmax only. Forbidden weights are 0, but the others do not sum to 1: they "
        "still share with the keys they cannot see.",
        "scores.masked_fill(~mask, lowest)",
        "scores",
    ),
    mistake(
        "You swap the first two dimensions of k. With a batch in front those are batch and keys; swap the last two, "
        "counted from the end.",
        "k.transpose(-2, -1)",
        "k.transpose(0, 1)",
    ),
    mistake(
        "You reshape k to [D, K] instead of transposing it. The shape is right, but the same numbers are cut in other "
        "places, and each key is mixed with its neighbours.",
        "k.transpose(-2, -1)",
        "k.reshape(*k.shape[:-2], k.shape[-1], k.shape[-2])",
    ),
    mistake(
        "Your softmax takes `exp` of the scores as they are: a score of 1000 overflows, and inf/inf is NaN. Subtract "
        "each row's maximum first, or use torch.softmax.",
        "        return torch.softmax(scores, dim=-1)",
        "        return scores.exp() / scores.exp().sum(-1, keepdim=True)",
        "torch.softmax(scores.masked_fill(~mask, lowest), dim=-1)",
        "scores.exp().masked_fill(~mask, 0.0)\n    weights = weights / weights.sum(-1, keepdim=True).clamp(min=1e-30)",
    ),
    mistake(
        "You scale q in place, so the caller's queries are changed. Compute a new tensor: `q / …` instead of `q /= …`.",
        "q @ k.transpose(-2, -1) / q.shape[-1] ** 0.5",
        "(q.div_(q.shape[-1] ** 0.5) if not q.requires_grad else q / q.shape[-1] ** 0.5) @ k.transpose(-2, -1)",
    ),
    mistake(
        "Your result is always float32. It should have the dtype of q.",
        "q @ k.transpose(-2, -1) /",
        "q.float() @ k.float().transpose(-2, -1) /",
    ),
    mistake(
        "You compute the queries one by one in a Python loop. One matrix product gives the scores of all of them: the "
        "number of operations should not grow with T.",
        "q @ k.transpose(-2, -1) / q.shape[-1] ** 0.5",
        "torch.stack([(k @ q[..., t, :, None]).squeeze(-1) for t in range(q.shape[-2])], dim=-2) / q.shape[-1] ** 0.5",
    ),
)

FORBIDDEN = (
    "torch.nn.functional.scaled_dot_product_attention",
    "torch.nn.functional.multi_head_attention_forward",
    "torch.nn.MultiheadAttention",
    "torch.nn.attention",
    "torch.nn.modules.activation",
    "torch.ops.aten",
    "torch._C",
    "torch._scaled_dot_product_attention_math",
)
