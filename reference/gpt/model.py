"""What the GPT must do."""

from __future__ import annotations

import torch
from hypothesis import strategies as st

from tutor.kit import (
    check,
    close,
    convention,
    dim,
    gradient,
    indices,
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

SIZES = dict(H=dim(1, 2), D=dim(1, 3), B=dim(1, 3), T=dim(1, 4), V=dim(2, 7), S=dim(0, 2))
"""S: by how much block_size is longer than the text."""
SHAPES = {
    "ln_1": ("H*D",),
    "attn.c_attn": ("3*H*D", "H*D"),
    "attn.c_proj": ("H*D", "H*D"),
    "ln_2": ("H*D",),
    "mlp.c_fc": ("4*H*D", "H*D"),
    "mlp.c_proj": ("H*D", "4*H*D"),
}
TABLES = {
    "wte.weight": tensor("V H*D", kinds=("normal",)),
    "wpe.weight": tensor("T+S H*D", kinds=("normal",)),
    "ln_f.weight": tensor("H*D", kinds=("normal",)),
}
BLOCKS = {
    f"h.{layer}.{name}.weight": tensor(" ".join(shape), kinds=("normal",))
    for layer in (0, 1)
    for name, shape in SHAPES.items()
}
BIASES = {"ln_f.bias": tensor("H*D", kinds=("normal",))} | {
    f"h.{layer}.{name}.bias": tensor(shape[0], kinds=("normal",)) for layer in (0, 1) for name, shape in SHAPES.items()
}
ARGS = dict(**SIZES, idx=indices("B T", below="V"), weights={**TABLES, **BLOCKS, **BIASES})
SHALLOW = {**ARGS, "weights": {name: each for name, each in ARGS["weights"].items() if not name.startswith("h.1.")}}
"""With one block, where the number of blocks changes nothing that a property asks for."""
TARGETS = dict(targets=indices("B T", below="V"), unknown=indices("B T", below=4))
"""Where `unknown` is 0, the target becomes -1."""


@oracle
def logits_of(idx, weights, H):
    """The definition with torch's own functions, for as many blocks as there are weights."""
    functional = torch.nn.functional
    x = weights["wte.weight"][idx] + weights["wpe.weight"][: idx.shape[1]]
    for layer in range(2 if "h.1.ln_1.weight" in weights else 1):
        own = {name.removeprefix(f"h.{layer}."): each for name, each in weights.items()}
        x = x + attention(normed(x, own, "ln_1"), own, H)
        hidden = functional.linear(normed(x, own, "ln_2"), own["mlp.c_fc.weight"], own.get("mlp.c_fc.bias"))
        hidden = functional.gelu(hidden, approximate="tanh")
        x = x + functional.linear(hidden, own["mlp.c_proj.weight"], own.get("mlp.c_proj.bias"))
    return normed(x, weights, "ln_f") @ weights["wte.weight"].mT


def normed(x, weights, name):
    return torch.nn.functional.layer_norm(x, x.shape[-1:], weights[f"{name}.weight"], weights.get(f"{name}.bias"))


def attention(x, weights, H):
    functional = torch.nn.functional
    rows = functional.linear(x, weights["attn.c_attn.weight"], weights.get("attn.c_attn.bias"))
    q, k, v = (part.unflatten(-1, (H, -1)).transpose(1, 2) for part in rows.chunk(3, dim=-1))
    y = functional.scaled_dot_product_attention(q, k, v, is_causal=True).transpose(1, 2).flatten(2)
    return functional.linear(y, weights["attn.c_proj.weight"], weights.get("attn.c_proj.bias"))


@oracle
def logits_and_loss(idx, targets, weights, H):
    logits = logits_of(idx, weights, H)
    flat = logits.reshape(-1, logits.shape[-1])
    return logits, torch.nn.functional.cross_entropy(flat, targets.reshape(-1), ignore_index=-1)


def with_unknown(targets, unknown):
    """Some targets become -1, never all."""
    known = targets.where(unknown > 0, -1)
    known[-1, -1] = targets[-1, -1]
    return known


def silenced(weights):
    """The same weights with blocks that answer nothing."""
    return {name: torch.zeros_like(each) if "c_proj" in name else each for name, each in weights.items()}


@probe
def build(you, idx, weights, H, dropout=0.0):
    V, C = weights["wte.weight"].shape
    block_size, bias = weights["wpe.weight"].shape[0], "ln_f.bias" in weights
    config = you.GPTConfig(
        block_size=block_size, vocab_size=V, n_layer=2 if "h.1.ln_1.weight" in weights else 1, n_head=H, n_embd=C,
        dropout=dropout, bias=bias,
    )  # fmt: skip
    model = you.GPT(config).to(weights["wte.weight"].dtype)
    load(model, weights)
    return model


@probe
def run(you, idx, targets, weights, H):
    return build(you, idx, weights, H)(idx, targets)


@probe
def loss_of(you, idx, targets, weights, H):
    return build(you, idx, weights, H)(idx, targets)[1]


@probe
def run_without_targets(you, idx, weights, H):
    return build(you, idx, weights, H)(idx)


@probe
def run_in_both_modes(you, idx, weights, H, calm_drop):
    model = build(you, idx, weights, H, 0.5).train()
    if calm_drop:
        model.drop.eval()
    first, second = model(idx, idx)[0], model(idx, idx)[0]
    return first, second, model.eval()(idx, idx)[0]


@probe
def inventory(you, sizes):
    """Parameters with shapes, tied ones under both names; whether the tables are one; how many numbers are learned."""
    config = you.GPTConfig(**sizes)
    model = you.GPT(config)
    if getattr(model, "config", None) != config:
        raise Unusable(
            "`self.config` should be the config; `generate` and the training read `model.config.block_size`."
        )
    shapes = {name: list(each.shape) for name, each in model.named_parameters(remove_duplicate=False)}
    return shapes, model.lm_head.weight is model.wte.weight, sum(each.numel() for each in model.parameters())


@probe
def count_parameters(you, sizes):
    """On torch's device that stores no numbers."""
    with torch.device("meta"):
        model = you.GPT(you.GPTConfig(**sizes))
    return sum(each.numel() for each in model.parameters())


@probe
def defaults(you):
    config = you.GPTConfig()
    names = ("block_size", "vocab_size", "n_layer", "n_head", "n_embd", "dropout", "bias")
    return {name: getattr(config, name) for name in names}


@probe
def run_too_long(you, idx, weights, H, more, with_targets):
    model = build(you, idx, weights, H)
    long = torch.zeros(1, weights["wpe.weight"].shape[0] + more, dtype=torch.int64)
    return model(long, long) if with_targets else model(long)


@probe
def devices_of_indices(you, sizes):
    """Where what wte and wpe are given lies, for a model and a text on a device that is not the processor's."""
    model = you.GPT(you.GPTConfig(**sizes)).eval().to("meta")
    model.h = torch.nn.Sequential()
    found = {}
    for name in ("wte", "wpe"):
        note = lambda _, given, name=name: found.update({name: given[0].device.type})  # noqa: E731
        getattr(model, name).register_forward_pre_hook(note)
    try:  # noqa: SIM105
        model(torch.zeros(1, 1, dtype=torch.int64, device="meta"))
    except Exception:  # noqa: BLE001
        pass  # other properties judge what it computes, on a device with numbers
    return found


@prop(**ARGS, **TARGETS, cases=20)
def agrees_with_the_definition(you, idx, targets, unknown, weights, H):
    """With targets it gives the logits [B, T, V] of all positions, and the mean loss of those whose target is not -1.

    Tokens and positions in, blocks, a last norm, a logit for each token: the model that you train at the end.
    """
    targets = with_unknown(targets, unknown)
    found = run(you, idx, targets, weights, H)
    check(type(found) is tuple and len(found) == 2, "forward should return a pair: logits and loss.")
    logits, loss = logits_and_loss(idx, targets, weights, H)
    close(found[0], logits, what="the logits")
    close(found[1], loss, what="the loss")


@prop(**ARGS, **TARGETS, w=tensor("B T V"), cases=10)
def has_the_right_gradient(you, idx, targets, unknown, weights, H, w):
    """Backpropagation from logits and loss gives the right gradient for every parameter, the shared table included.

    The table of tokens is used at both ends, and its gradient is the sum of both.
    """
    targets = with_unknown(targets, unknown)
    upstream = (w, torch.tensor(1.7, dtype=torch.float64))
    mine = gradient(run, you, idx, targets, weights, H, weights=upstream)
    right = gradient(logits_and_loss, idx, targets, weights, H, weights=upstream)
    for name, each, expected in zip(weights, mine, right, strict=True):
        close(each, expected, what=f"the gradient of {name}", atol=1e-7)


@prop(**ARGS, cases=12)
def gives_the_last_logits_without_targets(you, idx, weights, H):
    """Without targets it gives the logits of the last position, [B, 1, V], and None.

    While writing, only the next token is asked for. Logits for all positions would be T times the work of the largest
    layer.
    """
    found = run_without_targets(you, idx, weights, H)
    check(type(found) is tuple and len(found) == 2, "forward should return a pair: logits and None.")
    close(found[0], logits_of(idx, weights, H)[:, -1:], what="the logits without targets")
    check(found[1] is None, "Without targets there is no loss: the second part should be None.")


@prop(**SHALLOW, targets=indices("B T", below="V"), place=st.tuples(st.floats(0, 0.99), st.floats(0, 0.99)), cases=12)
def pairs_each_position_with_its_target(you, idx, targets, weights, H, place, B, T):
    """With one target and -1 everywhere else, the loss is -log of the probability that this position gives to it.

    Flattened in another order, logits meet the targets of other positions: the loss still falls a little, then no
    further.
    """
    b, t = int(place[0] * B), int(place[1] * T)
    alone = torch.full_like(targets, -1)
    alone[b, t] = targets[b, t]
    right = -logits_of(idx, weights, H)[b, t].log_softmax(-1)[targets[b, t]]
    close(loss_of(you, idx, alone, weights, H), right, what=f"the loss with a target at [{b}, {t}] only")


@prop(**SHALLOW, other=indices("B T", below="V"), share=st.floats(0, 1), cases=12)
def sees_neither_the_future_nor_its_neighbours(you, idx, other, weights, H, share, T):
    """Other tokens after position t, or in the other texts of the batch, leave the logits up to t as they were.

    The proof that no leak anywhere makes the loss too good to be true.
    """
    after = 1 + int(share * (T - 1))
    changed = torch.cat([idx[:1, :after], other[:1, after:]], dim=1)
    changed = torch.cat([changed, other[1:]])
    found = run(you, changed, other, weights, H)[0]
    check(found.dim() == 3, "The logits should have three dimensions: [B, T, V].")
    what = f"the logits of text 0, positions 0 to {after - 1}, after a change of everything else"
    close(found[0, :after], logits_of(idx, weights, H)[0, :after], what=what)


@prop(**SIZES, idx=indices("B T", below="V"), weights={**TABLES, **BLOCKS}, cases=5)
def can_do_without_bias(you, idx, weights, H):
    """With config.bias=False, neither the blocks nor ln_f have a bias.

    A setting that reaches only some of the parts gives a model that no saved weights fit.
    """
    close(run(you, idx, idx, weights, H)[0], logits_of(idx, weights, H), what="the logits")


@prop(
    n_layer=st.integers(1, 3), n_head=st.integers(1, 3), D=dim(1, 3), vocab_size=st.integers(2, 9),
    block_size=st.integers(1, 9), bias=st.booleans(), cases=8,
)  # fmt: skip
def has_these_parameters(you, n_layer, n_head, D, vocab_size, block_size, bias):
    """Its parameters have GPT-2's names and shapes, and lm_head.weight is wte.weight: one tensor, counted once.

    The names are what OpenAI's weights are found by; the tied table saves 38 of 163 million numbers in GPT-2.
    """
    C = n_head * D
    shapes = {"ln_1": [C], "attn.c_attn": [3 * C, C], "attn.c_proj": [C, C], "ln_2": [C], "mlp.c_fc": [4 * C, C],
              "mlp.c_proj": [C, 4 * C]}  # fmt: skip
    layers = {f"h.{layer}.{name}": shape for layer in range(n_layer) for name, shape in shapes.items()} | {"ln_f": [C]}
    wanted = {"wte.weight": [vocab_size, C], "lm_head.weight": [vocab_size, C], "wpe.weight": [block_size, C]}
    wanted |= {f"{name}.weight": shape for name, shape in layers.items()}
    if bias:
        wanted |= {f"{name}.bias": shape[:1] for name, shape in layers.items()}
    sizes = dict(block_size=block_size, vocab_size=vocab_size, n_layer=n_layer, n_head=n_head, n_embd=C, bias=bias)
    found, tied, learned = inventory(you, sizes)
    same(found, wanted, what="the parameters, name by name with shapes")
    check(tied, "lm_head.weight and wte.weight are two tensors. Assign one to the other: they are to be the same.")
    numbers = (vocab_size + block_size) * C + n_layer * (12 * C * C + (13 if bias else 2) * C) + (1 + bias) * C
    same(learned, numbers, what="the number of learned numbers")


@prop()
def is_as_large_as_gpt2(you):
    """With GPT-2's sizes it has 124,439,808 parameters, and with the defaults and no bias 10,745,088.

    A count that agrees to the last digit is the quickest check of an architecture that there is.
    """
    gpt2 = dict(block_size=1024, vocab_size=50257, n_layer=12, n_head=12, n_embd=768)
    same(count_parameters(you, gpt2), 124_439_808, what="the number of parameters with GPT-2's sizes")
    same(count_parameters(you, {"bias": False}), 10_745_088, what="the number of parameters with the defaults, no bias")
    usual = {
        "block_size": 256,
        "vocab_size": 65,
        "n_layer": 6,
        "n_head": 6,
        "n_embd": 384,
        "dropout": 0.2,
        "bias": True,
    }
    same(defaults(you), usual, what="GPTConfig()")


@prop(
    H=dim(1, 2), D=dim(2, 3), V=dim(3, 7), T=dim(4, 6), S=dim(0, 2), idx=indices("4 T", below="V"),
    weights=SHALLOW["weights"], part=st.sampled_from(("drop", "the blocks")), cases=8,
)  # fmt: skip
def drops_while_training_only(you, idx, weights, H, part):
    """While training, `drop` and the blocks each drop entries with probability config.dropout; in eval mode none does.

    Dropout on the embeddings is forgotten most often, as it is in no block.
    """
    weights = silenced(weights) if part == "drop" else weights
    first, second, calm = run_in_both_modes(you, idx, weights, H, part != "drop")
    close(calm, logits_of(idx, weights, H), what="the logits in eval mode")
    check(not torch.equal(first, second), f"With dropout=0.5, two calls in train mode agree: {part} drops nothing.")


@prop(**SHALLOW, more=st.integers(1, 3), with_targets=st.booleans(), cases=8)
def refuses_a_text_that_is_too_long(you, idx, weights, H, more, with_targets):
    """More than block_size tokens are a ValueError, with and without targets.

    The table of positions ends at block_size. On a GPU an index past its end stops the whole process with a message
    about something else.
    """
    raises(ValueError, run_too_long, you, idx, weights, H, more, with_targets)


@prop(**SHALLOW, targets=indices("B T", below="V"), cases=4)
def leaves_its_inputs_alone(you, idx, targets, weights, H):
    """The idx and targets that it is given stay as they are.

    The same batch is used again, for the loss of the other model or in the next measurement.
    """
    pure(run, you, idx, targets, weights, H)


@prop(block_size=st.integers(1, 3), cases=3)
def makes_positions_where_the_text_is(you, block_size):
    """The positions are on the device of idx.

    A model that is written and tested on a processor is trained on a GPU: positions left on the processor stop the first
    step there.
    """
    sizes = dict(block_size=block_size, vocab_size=2, n_layer=1, n_head=1, n_embd=2)
    found = devices_of_indices(you, sizes)
    sentence = (
        "Your positions are on the processor, wherever idx is. Make them there: `torch.arange(T, device=idx.device)`."
    )
    check(found.get("wpe", "meta") == "meta", sentence)


HINTS = (
    "Follow the table of the lesson from top to bottom; each line of it is a line of forward. Which tensor of "
    "positions does wpe need?",
    "Blocks: `nn.ModuleList(Block(…) for _ in range(config.n_layer))`. Tying: one assignment in __init__, of "
    "wte's weight to the head's. Without targets, keep only `x[:, -1:]` before the head. Compare T with "
    "block_size first.",
    "`x = self.drop(self.wte(idx) + self.wpe(torch.arange(T, device=idx.device)))`; all blocks; `x = "
    "self.ln_f(x)`. Then either `return self.lm_head(x[:, -1:]), None`, or `logits = self.lm_head(x)` and "
    "`cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=-1)`.",
)

AHA = "Under a hundred lines, all of them yours, and it is GPT-2."

MISTAKES = (
    mistake(
        "You swap time and vocabulary before flattening, so the loss pairs rows with wrong targets; the shape is right "
        "and nothing complains. From [B, T, V] flatten B and T, and leave V last.",
        "logits.flatten(0, 1)",
        "logits.transpose(1, 2).reshape(-1, logits.shape[-1])",
    ),
    mistake(
        "Your targets are flattened with time first, your logits with the batch first: rows and targets do not belong "
        "together. Flatten both in the same order.",
        "targets.flatten()",
        "targets.T.flatten()",
    ),
    mistake(
        "Your blocks are in a plain list, and PyTorch does not look into lists: parameters(), to() and train() "
        "miss them. Use nn.ModuleList.",
        "self.h = nn.ModuleList(\n",
        "self.h = list(\n",
    ),
    mistake(
        "All your blocks are one and the same module. Make a new one for each layer.",
        "self.h = nn.ModuleList(\n            Block(config.n_embd, config.n_head, config.block_size, config.dropout, "
        "config.bias)\n            for _ in range(config.n_layer)\n        )",
        "self.h = nn.ModuleList(\n            [Block(config.n_embd, config.n_head, config.block_size, config.dropout, "
        "config.bias)] * config.n_layer\n        )",
    ),
    mistake(
        "Only the first of your blocks is used. Let x pass through all of them.",
        "for block in self.h:",
        "for block in self.h[:1]:",
    ),
    mistake(
        "Your blocks run in the reverse order. h[0] comes first.",
        "for block in self.h:",
        "for block in reversed(self.h):",
    ),
    mistake(
        "You never apply ln_f. The stream has grown from block to block, and the head should read it normalised.",
        "x = self.ln_f(x)",
        "x = x + 0 * self.ln_f(x)",
    ),
    mistake(
        "Your ln_f comes before the blocks. It belongs between the last block and the head.",
        "x = self.drop(self.wte(idx) + self.wpe(positions))",
        "x = self.ln_f(self.drop(self.wte(idx) + self.wpe(positions)))",
        "        x = self.ln_f(x)\n",
        "",
    ),
    mistake(
        "You copy the values of wte into the head. Equal today, different after the first step: assign the Parameter "
        "itself, so that the two are one.",
        "self.lm_head.weight = self.wte.weight",
        "self.lm_head.weight.data = self.wte.weight.data.clone()",
    ),
    mistake(
        "Your head has a table of its own. Tie it: lm_head.weight is wte.weight.",
        "        self.lm_head.weight = self.wte.weight\n",
        "",
    ),
    mistake(
        "Your head has a bias. It is nn.Linear with bias=False.",
        "config.vocab_size, bias=False)",
        "config.vocab_size)",
    ),
    mistake(
        "Your positions run backwards, from T - 1 to 0, so the same token at the beginning of a text gets another "
        "vector when the text grows. They run from 0 to T - 1.",
        "torch.arange(length, device=idx.device)",
        "torch.arange(length, device=idx.device).flip(0)",
    ),
    mistake(
        "Your positions are counted from the end of the context: a short text does not begin at position 0. They run "
        "from 0 to T - 1.",
        "torch.arange(length, device=idx.device)",
        "torch.arange(length, device=idx.device) + self.config.block_size - length",
    ),
    mistake(
        "You do not add the positions, so the model hardly knows the order of the tokens. Add wpe(0 … T-1).",
        "self.wte(idx) + self.wpe(positions)",
        "self.wte(idx) + 0 * self.wpe(positions)",
    ),
    mistake(
        "You shift the targets once more, though get_batch has done it: your model learns to skip a token. "
        "Position t of targets belongs to position t of the logits.",
        "cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=-1)",
        "cross_entropy(logits.flatten(0, 1), targets.roll(-1, dims=1).flatten(), ignore_index=-1)",
    ),
    mistake(
        "You count targets of -1 as if they were a token: an index of -1 means the last one of the vocabulary. Hand "
        "`ignore_index=-1` to cross_entropy.",
        "targets.flatten(), ignore_index=-1)",
        "targets.flatten())",
    ),
    convention(
        "Your loss is the sum over all positions. It is their mean, so that it does not depend on the size of the "
        "batch.",
        "loss = cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=-1)",
        "loss = cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=-1) * (targets != -1).sum()",
    ),
    mistake(
        "Without targets you give the logits of the first position. The last one says what comes next: x[:, -1:].",
        "x[:, -1:]",
        "x[:, :1]",
    ),
    mistake(
        "Without targets you give logits of shape [B, V]. Keep the time dimension: x[:, -1:], not x[:, -1].",
        "x[:, -1:]",
        "x[:, -1]",
    ),
    mistake(
        "Without targets you give the logits of all positions. Only the last one is asked for: [B, 1, V].",
        "self.lm_head(x[:, -1:])",
        "self.lm_head(x)",
    ),
    mistake(
        "You return only the logits when there are no targets. Return a pair, logits and None.",
        "self.lm_head(x[:, -1:]), None",
        "self.lm_head(x[:, -1:])",
    ),
    mistake(
        "A text that is too long is not refused by a ValueError of yours. Compare its length with block_size first.",
        "if length > self.config.block_size:",
        "if False:",
    ),
    mistake(
        "You refuse a text of exactly block_size tokens. It fits; only longer ones do not.",
        "if length > self.config.block_size:",
        "if length >= self.config.block_size:",
    ),
    mistake(
        "You cut a text that is too long, without a word. Raise a ValueError: cutting is for generate to do, on "
        "purpose.",
        "        length = idx.shape[1]\n",
        "        idx = idx[:, -self.config.block_size :]\n        length = idx.shape[1]\n",
    ),
    mistake(
        "Your dropout after the embeddings works in eval mode too. Use self.drop, which knows the mode.",
        "x = self.drop(",
        "x = (lambda each: nn.functional.dropout(each, self.drop.p))(",
    ),
    mistake(
        "You never use drop. Apply it to the sum of the two embeddings.",
        "x = self.drop(",
        "x = (",
    ),
    mistake(
        "Your blocks do not get config.dropout. Hand it on.",
        "config.block_size, config.dropout, config.bias)",
        "config.block_size, 0.0, config.bias)",
    ),
    mistake(
        "Your blocks do not get config.bias. Hand it on.",
        "config.block_size, config.dropout, config.bias)",
        "config.block_size, config.dropout)",
    ),
    mistake(
        "Your ln_f always has a bias. Hand config.bias on.",
        "LayerNorm(config.n_embd, config.bias)",
        "LayerNorm(config.n_embd)",
    ),
    mistake(
        "Your wpe has a row for each token of the vocabulary. It needs one for each position, block_size.",
        "nn.Embedding(config.block_size,",
        "nn.Embedding(config.vocab_size,",
    ),
    mistake(
        "You normalise or average over the texts of the batch: what one text gives depends on the others. They never "
        "meet.",
        "x = self.ln_f(x)",
        "x = self.ln_f(x - x.mean(dim=0, keepdim=True))",
    ),
    mistake(
        "You change the caller's idx in place. Index with it, and leave it as it is.",
        "        length = idx.shape[1]\n",
        "        idx.clamp_(max=self.config.vocab_size - 1)\n        length = idx.shape[1]\n",
    ),
    mistake(
        "You do not keep the config as `self.config`. `generate` and the training read `model.config.block_size`.",
        "        self.config = config\n",
        "        self._sizes = config\n",
        "if length > self.config.block_size:",
        "if length > self._sizes.block_size:",
        "into a context of {self.config.block_size}",
        "into a context of {self._sizes.block_size}",
    ),
    mistake(
        "Your dropout after the embeddings is always the same, whatever config.dropout says.",
        "self.drop = nn.Dropout(config.dropout)",
        "self.drop = nn.Dropout(0.2)",
    ),
    mistake(
        "You shift the targets once more, though get_batch has done it: you drop the last logits and the first targets. "
        "Position t of targets is the answer for position t of the logits.",
        "cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=-1)",
        "cross_entropy(logits[:, :-1].flatten(0, 1), targets[:, 1:].flatten(), ignore_index=-1)",
    ),
    mistake(
        "Your positions are always on the processor, so the model fails on a GPU. Make them where idx is: "
        "`torch.arange(T, device=idx.device)`.",
        "torch.arange(length, device=idx.device)",
        "torch.arange(length)",
    ),
)

FORBIDDEN = (
    "torch.nn.TransformerEncoderLayer",
    "torch.nn.TransformerEncoder",
    "torch.nn.TransformerDecoderLayer",
    "torch.nn.Transformer",
    "torch.nn.MultiheadAttention",
    "torch.nn.functional.cross_entropy",
    "torch.nn.CrossEntropyLoss",
    "torch.ops",
    "torch._C",
)
