"""What generate must do."""

from __future__ import annotations

import torch
from hypothesis import strategies as st

from tutor.kit import check, dim, indices, mistake, oracle, probe, prop, pure, same, tensor

SIZES = dict(V=dim(2, 6), B=dim(1, 4), T=dim(1, 5), K=dim(1, 4))
"""K is the model's block_size."""
ARGS = dict(**SIZES, idx=indices("B T", below="V"), rule=indices("K+1", below="V"), new=st.integers(0, 6))
FORCED = dict(**ARGS, last_only=st.booleans())
SEED = st.integers(0, 10_000)
DRAWS = 3000
CHI_SQUARE_BOUND = 45.0
"""Five degrees of freedom exceed it about once in 10^8 times."""


@oracle
def continued(idx, rule, new, V):
    """Each row goes on by the rule: a sum over the last K tokens and their number, weighted by age, modulo V."""
    rows = idx.tolist()
    start, weights = int(rule[0]), rule[1:].tolist()
    for row in rows:
        for _ in range(new):
            context = row[-len(weights) :][::-1]
            terms = [weight * token for weight, token in zip(weights, context, strict=False)]
            row.append((start + len(context) + sum(terms)) % V)
    return torch.tensor(rows, dtype=torch.int64)


@probe
def rule_model(rule, V, last_only, seen=None):
    """A model that is sure of the next token, which depends on all tokens of its context."""

    class Config:
        block_size = len(rule) - 1

    class Model(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.config = Config()
            self.scale = torch.nn.Parameter(torch.tensor(1e4, dtype=torch.float64))

        def forward(self, idx, targets=None):
            T = idx.shape[1]
            if Config.block_size < T:
                raise ValueError(f"{T} tokens were given to a model with block_size={Config.block_size}")
            if seen is not None:
                seen.append((list(idx.shape), torch.is_grad_enabled()))
            sums = torch.zeros_like(idx)
            for age in range(T):
                sums[:, age:] += rule[1 + age] * idx[:, : T - age]
            following = (rule[0] + torch.arange(1, T + 1) + sums) % V
            logits = torch.nn.functional.one_hot(following, V) * self.scale
            return (logits[:, -1:] if last_only else logits), None

    return Model()


@probe
def write(you, idx, rule, new, V, last_only, seed=0):
    return you.generate(rule_model(rule, V, last_only), idx, new, torch.Generator().manual_seed(seed))


@probe
def watch(you, idx, rule, new, V, training):
    """What the model was asked, and what became of its mode."""
    seen = []
    model = rule_model(rule, V, True, seen).train(training)
    found = you.generate(model, idx, new)
    return seen, model.training, found.requires_grad


@probe
def table_model(logits):
    """A model without a memory: row v of the table gives the logits after token v."""

    class Config:
        block_size = 4

    class Model(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.config = Config()

        def forward(self, idx, targets=None):
            return logits[idx], None

    return Model()


@probe
def write_by_table(you, idx, new, logits, seed):
    return you.generate(table_model(logits), idx, new, torch.Generator().manual_seed(seed))


@probe
def write_twice(you, idx, new, logits, seed):
    """Two texts in a row from one generator, the first once more, and whether torch's own generator was left alone."""
    generator = torch.Generator().manual_seed(seed)
    before = torch.get_rng_state()
    texts = [you.generate(table_model(logits), idx, new, generator) for _ in range(2)]
    texts.append(you.generate(table_model(logits), idx, new, torch.Generator().manual_seed(seed)))
    return texts, torch.equal(before, torch.get_rng_state())


@probe
def write_without_generator(you, idx, new, logits, seed):
    texts = []
    for number in (seed, seed, seed + 1):
        torch.default_generator.manual_seed(number)
        texts.append(you.generate(table_model(logits), idx, new))
    return texts


@prop(**FORCED, cases=60)
def follows_a_model_that_is_sure(you, idx, rule, new, V, last_only):
    """Where the model is sure of each next token, the text is exactly that, row by row, however long it grows.

    Where there is nothing to draw, every mistake in the loop shows: a wrong position, a wrong row, a token too few.
    """
    same(write(you, idx, rule, new, V, last_only), continued(idx, rule, new, V), what="the text")


@prop(**FORCED, cases=20)
def begins_with_the_prompt(you, idx, rule, new, V, last_only, T):
    """The result is the whole prompt with max_new_tokens tokens behind it; for 0 it equals idx.

    The model goes on with a text. Cutting the context short is for the model's eyes only, not for the result.
    """
    found = write(you, idx, rule, new, V, last_only)
    size = (idx.shape[0], T + new)
    check(tuple(found.shape) == size, f"The text should have the shape {size}; yours has {tuple(found.shape)}.")
    same(found[:, :T], idx, what="the beginning of the text")


@prop(**ARGS, training=st.booleans(), cases=25)
def asks_the_model_as_agreed(you, idx, rule, new, V, training, T, K):
    """The model gets the last min(T, block_size) tokens once for each new one, without gradients, and keeps its mode.

    Too long a context breaks the table of positions; gradients that are kept eat memory with each token; a mode that is
    changed spoils the training that goes on.
    """
    seen, mode, graph = watch(you, idx, rule, new, V, training)
    shapes = [[idx.shape[0], min(T + step, K)] for step in range(new)]
    same([shape for shape, _ in seen], shapes, what="the shapes of what the model was given")
    check(
        not any(grad for _, grad in seen) and not graph, "Your code records a graph. Decorate it: `@torch.no_grad()`."
    )
    names = {True: "train", False: "eval"}
    check(mode is training, f"The model was in {names[training]} mode before, and is not afterwards.")


@prop(V=dim(2, 6), logits=tensor("V V", low=-1.5, high=1.5), seed=SEED, cases=12)
def draws_by_the_probabilities(you, logits, seed, V):
    """In 3000 rows with the same prompt, each token follows as often as softmax(logits) of the last token says.

    Always taking the likeliest token writes the same words in a circle. The probabilities are what the model has
    learnt; drawing is how to hear them.
    """
    prompt = torch.tensor([[0, V - 1]]).expand(DRAWS, 2).contiguous()
    found = write_by_table(you, prompt, 1, logits, seed)
    check(
        tuple(found.shape) == (DRAWS, 3), f"The text should have the shape ({DRAWS}, 3); yours: {tuple(found.shape)}."
    )
    counts = torch.bincount(found[:, -1].clamp(0, V - 1), minlength=V)
    expected = logits[V - 1].softmax(-1) * DRAWS
    chi_square = float(((counts - expected) ** 2 / expected).sum())
    wanted = [round(each) for each in expected.tolist()]
    check(chi_square < CHI_SQUARE_BOUND, f"Expected about {wanted} times; yours: {counts.tolist()}.")


@prop(V=dim(4, 6), logits=tensor("V V", low=-1, high=1), idx=indices("3 2", below="V"), seed=SEED, cases=8)
def draws_from_the_generator_alone(you, logits, idx, seed):
    """The same seed writes the same text, a generator that goes on writes another one, and torch's own is not used.

    A sample that can be repeated can be compared: before and after a change, here and on another machine.
    """
    texts, untouched = write_twice(you, idx, 20, logits, seed)
    check(untouched, "Your code draws from torch's own generator. Hand `generator=generator` to torch.multinomial.")
    same(texts[2], texts[0], what="the text for a generator with the same seed")
    check(
        not torch.equal(texts[0], texts[1]),
        "Two texts from one generator agree. Do not seed it: the caller has done that.",
    )


@prop(V=dim(4, 6), logits=tensor("V V", low=-1, high=1), idx=indices("3 2", below="V"), seed=SEED, cases=4)
def can_do_without_a_generator(you, logits, idx, seed):
    """With None as generator, torch's own is used: torch.manual_seed repeats the text, and another seed changes it.

    In a notebook nobody passes a generator; torch.manual_seed is then what people expect to work.
    """
    one, again, other = write_without_generator(you, idx, 20, logits, seed)
    same(again, one, what="the text for the same seed")
    check(not torch.equal(one, other), "Two seeds give the same text.")


@prop(**FORCED, cases=10)
def leaves_the_prompt_alone(you, idx, rule, new, V, last_only):
    """The idx that it is given stays as it is.

    The same prompt is used for the next sample.
    """
    pure(write, you, idx, rule, new, V, last_only)


HINTS = (
    "Write one round first: from idx [B, T] to idx [B, T+1]. Which part of idx may the model see, and which of "
    "the logits count?",
    "Give the model `idx[:, -block_size:]`, but append to idx itself. Of the logits take `[:, -1]`, which is right "
    "whether they are those of all positions or of the last. torch.multinomial wants probabilities [B, V], not logits.",
    "In a loop: `logits, _ = model(idx[:, -model.config.block_size :])`; `probs = torch.softmax(logits[:, -1], "
    "dim=-1)`; `following = torch.multinomial(probs, num_samples=1, generator=generator)`; `idx = torch.cat((idx, "
    "following), dim=1)`.",
)

AHA = "It is the loop that sampled from the bigram table; only the model inside has grown up."

MISTAKES = (
    mistake(
        "You keep the first block_size tokens of the text, so a long text always gets the same question. Keep the last "
        "ones: idx[:, -block_size:].",
        "idx[:, -model.config.block_size :]",
        "idx[:, : model.config.block_size]",
    ),
    mistake(
        "You do not crop: as soon as the text is longer than block_size, the model has no position for its tokens. "
        "Give it idx[:, -block_size:].",
        "context = idx[:, -model.config.block_size :]",
        "context = idx",
    ),
    mistake(
        "You crop one token too many: the model can see block_size of them.",
        "-model.config.block_size :]",
        "-max(model.config.block_size - 1, 1) :]",
    ),
    mistake(
        "You crop idx itself, so the beginning of a long text is lost. Crop only what the model is given.",
        "context = idx[:, -model.config.block_size :]",
        "context = idx = idx[:, -model.config.block_size :]",
    ),
    mistake(
        "You give the model only the last token, and it forgets all that came before. Give it up to block_size tokens.",
        "context = idx[:, -model.config.block_size :]",
        "context = idx[:, -1:]",
    ),
    mistake(
        "You use the logits of the first position. What comes after the whole text is in the last one: logits[:, -1].",
        "torch.softmax(logits[:, -1],",
        "torch.softmax(logits[:, 0],",
    ),
    mistake(
        "You always take the likeliest token (argmax). Draw in proportion to the probabilities: torch.multinomial.",
        "torch.multinomial(probs, num_samples=1, generator=generator)",
        "probs.argmax(dim=-1, keepdim=True)",
    ),
    mistake(
        "You draw every token with the same chance and ignore the model.",
        "torch.multinomial(probs,",
        "torch.multinomial(torch.ones_like(probs),",
    ),
    mistake(
        "You draw in proportion to the logits, not to their softmax. Logits can be negative; [0, 2] means 12 % to "
        "88 %.",
        "torch.softmax(logits[:, -1], dim=-1)",
        "logits[:, -1] - logits[:, -1].min() + 1e-9",
    ),
    mistake(
        "Your softmax runs over the batch, not over the vocabulary: the rows depend on each other. Use dim=-1.",
        "torch.softmax(logits[:, -1], dim=-1)",
        "torch.softmax(logits[:, -1], dim=0)",
    ),
    mistake(
        "You apply softmax twice, and the differences between tokens nearly vanish. Once is right.",
        "torch.softmax(logits[:, -1], dim=-1)",
        "torch.softmax(logits[:, -1], dim=-1).softmax(dim=-1)",
    ),
    mistake(
        "All rows of your batch get the token drawn for the first one. Each row draws for itself.",
        "idx = torch.cat((idx, following), dim=1)",
        "idx = torch.cat((idx, following[:1].expand(len(idx), 1)), dim=1)",
    ),
    mistake(
        "You append the probabilities, not the token that was drawn.",
        "torch.cat((idx, following), dim=1)",
        "torch.cat((idx, probs), dim=1)",
    ),
    mistake(
        "You put new tokens in front of the text. They belong behind it.",
        "torch.cat((idx, following), dim=1)",
        "torch.cat((following, idx), dim=1)",
    ),
    mistake(
        "You write one token too many. With max_new_tokens = 0 the result equals idx.",
        "range(max_new_tokens)",
        "range(max_new_tokens + 1)",
    ),
    mistake(
        "You return only the new tokens. The result begins with the prompt.",
        "    return idx\n",
        "    return idx[:, idx.shape[1] - max_new_tokens :]\n",
    ),
    mistake(
        "You draw from torch's own generator and not from the one you are given. Hand on `generator=generator`.",
        "num_samples=1, generator=generator)",
        "num_samples=1)",
    ),
    mistake(
        "You seed the generator on each call, so that the model always writes the same text. Only draw from it.",
        "    for _ in range(max_new_tokens):\n",
        "    generator = torch.Generator().manual_seed(0)\n    for _ in range(max_new_tokens):\n",
    ),
    mistake(
        "You record a graph that grows with each token, until the memory is full. Nothing is learned here: "
        "`@torch.no_grad()`.",
        "@torch.no_grad()\n",
        "",
    ),
    mistake(
        "You switch the model to eval mode and leave it there: a training that goes on afterwards has lost its "
        "dropout. Leave the mode to the caller, or put it back.",
        "    for _ in range(max_new_tokens):\n",
        "    model.eval()\n    for _ in range(max_new_tokens):\n",
    ),
    mistake(
        "You switch the model to train mode afterwards, whatever it was in before.",
        "    return idx\n",
        "    model.train()\n    return idx\n",
    ),
    mistake(
        "You change the caller's idx in place. torch.cat makes a new tensor; leave the old one as it is.",
        "        idx = torch.cat((idx, following), dim=1)\n",
        "        longer = torch.cat((idx, following), dim=1)\n        idx.fill_(0)\n        idx = longer\n",
    ),
    mistake(
        "You write one token too few. max_new_tokens is how often you ask the model.",
        "range(max_new_tokens)",
        "range(max_new_tokens - 1)",
    ),
    mistake(
        "You stop when the whole text has max_new_tokens tokens. That many are to be added to the prompt.",
        "range(max_new_tokens)",
        "range(max_new_tokens - idx.shape[1])",
    ),
)

FORBIDDEN = ("torch.nn.Transformer",)
