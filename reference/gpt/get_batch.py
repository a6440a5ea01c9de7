"""What char_corpus and get_batch must do."""

from __future__ import annotations

import torch
from hypothesis import strategies as st

from tutor.kit import check, dim, indices, mistake, oracle, probe, prop, same

TEXT = st.text(alphabet="abcdeXYZ é\n", min_size=1, max_size=20)
FRACTION = st.sampled_from((0.9, 0.5, 0.75, 0.1, 0.0, 1.0))
SEED = st.integers(0, 10_000)
CHI_SQUARE_BOUND = 50.0
"""Seven degrees of freedom exceed it about once in 10^8 times."""


@oracle
def corpus(text, train_fraction):
    characters = sorted(set(text))
    tokens = [characters.index(each) for each in text]
    cut = int(train_fraction * len(text))
    train, val = (torch.tensor(part, dtype=torch.int64) for part in (tokens[:cut], tokens[cut:]))
    return train, val, {each: characters.index(each) for each in characters}, dict(enumerate(characters))


@oracle
def batch(data, block_size, batch_size, seed):
    """One window after another, from the starts that the exercise prescribes."""
    generator = torch.Generator().manual_seed(seed)
    starts = torch.randint(len(data) - block_size, (batch_size,), generator=generator).tolist()
    x = torch.stack([data[start : start + block_size] for start in starts])
    return x, torch.stack([data[start + 1 : start + 1 + block_size] for start in starts])


@probe
def draw(you, data, block_size, batch_size, seed):
    return you.get_batch(data, block_size, batch_size, torch.Generator().manual_seed(seed))


@probe
def draw_twice(you, data, block_size, batch_size, seed):
    """Two batches in a row from one generator, and whether torch's own generator stayed as it was."""
    generator = torch.Generator().manual_seed(seed)
    before = torch.get_rng_state()
    first = you.get_batch(data, block_size, batch_size, generator)
    second = you.get_batch(data, block_size, batch_size, generator)
    return first, second, torch.equal(before, torch.get_rng_state())


@probe
def devices(you, data, block_size, batch_size, seed):
    generator = torch.Generator().manual_seed(seed)
    x, y = you.get_batch(data, block_size, batch_size, generator, device="meta")
    return str(x.device), str(y.device), list(x.shape), list(y.shape)


@prop(text=TEXT, train_fraction=FRACTION, cases=60)
def numbers_the_sorted_characters(you, text, train_fraction):
    """Each character of the text becomes its place among the sorted ones; the first part is train, the rest is val.

    Whoever loads your checkpoint has to number the characters in the same way; sorted is the one order that all agree
    upon.
    """
    names = ("train", "val", "stoi", "itos")
    found = you.char_corpus(text, train_fraction)
    check(type(found) is tuple and len(found) == 4, "char_corpus should return four things: train, val, stoi, itos.")
    for name, mine, right in zip(names, found, corpus(text, train_fraction), strict=True):
        same(mine, right, what=name)


@prop(text=TEXT, train_fraction=FRACTION, cases=20)
def gives_the_text_back(you, text, train_fraction):
    """Train and then val, read through itos, are the text: nothing is lost, doubled or moved.

    Validation text that leaks into training makes the validation loss a lie; lost text is training thrown away.
    """
    train, val, _, itos = you.char_corpus(text, train_fraction)
    read = "".join(itos.get(token, "?") for part in (train, val) for token in part.tolist())
    check(read == text, f"The text was {text!r}; train and val together read {read!r}.")


@prop(N=dim(1, 5), T=dim(1, 4), B=dim(1, 4), seed=SEED, cases=60)
def cuts_windows_and_their_successors(you, N, T, B, seed):
    """On the data 0, 1, 2, … each row of x counts up by one, and y is x + 1 everywhere.

    y is x moved by one. Moved by none, the model learns to copy; moved by two, it learns to skip.
    """
    data = torch.arange(T + N)
    given = f"the data 0 … {T + N - 1} with block_size={T}"
    x, y = draw(you, data, T, B, seed)
    check(tuple(x.shape) == (B, T), f"x should have the shape ({B}, {T}); yours has {tuple(x.shape)}.")
    same(x, x[:, :1] + torch.arange(T), what=f"x from {given}, which should count up from its first column")
    same(y, x + 1, what=f"y from {given}")


@prop(data=indices("T+N", below="V"), N=dim(1, 4), T=dim(1, 4), B=dim(1, 4), V=dim(2, 6), seed=SEED, cases=60)
def takes_the_prescribed_starts(you, data, T, B, seed):
    """x and y are the windows at the starts that `torch.randint` draws from the generator.

    With the same draws from the same generator, two people get the same batches and can compare their losses to the
    last digit.
    """
    x, y = draw(you, data, T, B, seed)
    right = batch(data, T, B, seed)
    same(x, right[0], what="x")
    same(y, right[1], what="y")


@prop(starts=st.integers(2, 8), T=dim(1, 4), seed=SEED, cases=6)
def every_start_is_equally_likely(you, starts, T, seed):
    """Of the N - T possible starts each occurs, the last one too, and none is preferred.

    Off by one at the end means that the last token is never a target, or that a window once in a while is too short and
    crashes at night.
    """
    data = torch.arange(T + starts)
    x, _ = draw(you, data, T, 2000, seed)
    first = x.flatten()[::T]
    counts = torch.bincount(first.clamp(0, len(data)), minlength=starts)
    missing = [start for start in range(starts) if counts[start] == 0]
    check(
        not missing and len(counts) == starts,
        f"With {len(data)} tokens and windows of {T}, starts 0 to {starts - 1} are possible; yours, in 2000 draws, "
        f"were {sorted(set(first.tolist()))}.",
    )
    expected = 2000 / starts
    chi_square = float(((counts - expected) ** 2 / expected).sum())
    check(chi_square < CHI_SQUARE_BOUND, f"In 2000 draws each start should occur about {expected:.0f} times; yours: "
          f"{counts.tolist()}.")  # fmt: skip


@prop(data=indices("40+T", below="9"), T=dim(1, 4), B=dim(3, 6), seed=SEED, cases=20)
def draws_from_the_generator_alone(you, data, T, B, seed):
    """The same seed gives the same batch, the next batch is another one, and torch's own generator is not used.

    A run that can be repeated, and resumed, needs all of its randomness in one place that can be saved.
    """
    right = batch(data, T, B, seed)
    first, second, untouched = draw_twice(you, torch.arange(len(data)), T, B, seed)
    again, _, _ = draw_twice(you, torch.arange(len(data)), T, B, seed)
    check(untouched, "Your code draws from torch's own generator. Hand `generator=generator` to torch.randint.")
    same(again[0], first[0], what="x from a generator with the same seed")
    check(first[0].shape == right[0].shape, f"x should have the shape ({B}, {T}).")
    check(
        not torch.equal(first[0], second[0]),
        "Two batches in a row from one generator are the same. Do not seed it: whoever calls you has done that.",
    )


@prop(N=dim(1, 5), T=dim(1, 4), B=dim(1, 4), seed=SEED, cases=6)
def puts_the_batch_on_the_device(you, N, T, B, seed):
    """Both x and y are on the device that is asked for (here torch's `meta` device, which stores no numbers).

    A batch on the wrong device is an error at best. At worst each step waits for a copy.
    """
    same(devices(you, torch.arange(T + N), T, B, seed), ("meta", "meta", [B, T], [B, T]), what="device and shape")


HINTS = (
    "For one window at start s, which slice of data is x, and which is y? What is the largest s for which y is still "
    "complete?",
    "`torch.randint(high, …)` never draws `high` itself. With N tokens there are N - T starts, 0 to N - T - 1. "
    "For each start cut one slice for x and one for y, and `torch.stack` the slices.",
    "`starts = torch.randint(len(data) - block_size, (batch_size,), generator=generator)`; `x = "
    "torch.stack([data[s : s + block_size] for s in starts])`, y the same with s + 1; `return x.to(device), "
    "y.to(device)`. For the corpus: `sorted(set(text))`, and one cut at `int(train_fraction * len(data))`.",
)

AHA = "One window of 8 tokens is 8 training examples, with contexts of length 1 to 8."

MISTAKES = (
    mistake(
        "Your y equals x: the model is asked to repeat the token it has just seen. y at each place is the token after "
        "it; for x = [11, 12, 13] from 10, 11, 12, … y is [12, 13, 14].",
        "windows[:, 1:]",
        "windows[:, :-1]",
    ),
    mistake(
        "Your y is two places ahead of x, so one token in between is never asked for. It should be one place ahead: "
        "y[:, :-1] equals x[:, 1:].",
        "torch.randint(len(data) - block_size,",
        "torch.randint(max(len(data) - block_size - 1, 1),",
        "positions = starts[:, None] + torch.arange(block_size + 1)",
        "positions = (starts[:, None] + torch.arange(block_size + 2)) % len(data)",
        "windows[:, :-1], windows[:, 1:]",
        "windows[:, :block_size], windows[:, 2:]",
    ),
    mistake(
        "The last window is never drawn. The upper end of torch.randint is exclusive, so with N tokens hand it N - "
        "block_size; try N = block_size + 1, where exactly one window fits.",
        "torch.randint(len(data) - block_size,",
        "torch.randint(max(len(data) - block_size - 1, 1),",
    ),
    mistake(
        "You hand torch.randint one less than N - block_size, its upper end being exclusive. With N = block_size + 1, "
        "where one window fits, there is nothing left to draw from.",
        "torch.randint(len(data) - block_size,",
        "torch.randint(len(data) - block_size - 1,",
    ),
    mistake(
        "Your starts reach one place too far: the last window has no target for its last token. With N tokens the last "
        "start is N - block_size - 1.",
        "torch.randint(len(data) - block_size,",
        "torch.randint(len(data) - block_size + 1,",
    ),
    mistake(
        "All windows of your batch begin at the same place, so it holds one example many times. Draw batch_size "
        "starts.",
        "(batch_size,), generator=generator)",
        "(1,), generator=generator).expand(batch_size)",
    ),
    mistake(
        "Your windows are made of random tokens that do not stand in a row. Draw one start for each window and "
        "take the tokens that follow it.",
        "positions = starts[:, None] + torch.arange(block_size + 1)",
        "positions = torch.randint(len(data), (batch_size, block_size + 1), generator=generator)",
    ),
    mistake(
        "You draw from torch's own generator and not from the one you are given, so a training cannot be "
        "repeated. Hand on `generator=generator`.",
        "(batch_size,), generator=generator)",
        "(batch_size,))",
    ),
    mistake(
        "You seed the generator on each call, so that every batch is the same. Only draw from it.",
        "generator=generator)",
        "generator=generator.manual_seed(0))",
    ),
    mistake(
        "Your targets are int32. Tokens are int64 everywhere: the loss looks them up as indices.",
        "windows[:, 1:]",
        "windows[:, 1:].int()",
    ),
    mistake(
        "Your batch stays where data is. Move x and y to `device`.",
        "data[positions].to(device)",
        "data[positions]",
    ),
    mistake(
        "Your x is on the device, your y is not. Both must be where the model is.",
        "windows = data[positions].to(device)",
        "windows = data[positions]",
        "windows[:, :-1], windows",
        "windows[:, :-1].to(device), windows",
    ),
    mistake(
        "You shuffle the tokens before cutting off val: the text is lost, and val is a part of the same sentences. Cut "
        "once, and keep the order.",
        "dtype=torch.long)",
        "dtype=torch.long)[torch.randperm(len(text))]",
    ),
    mistake(
        "Your val is the whole text, so it contains everything the model was trained on. It should begin where "
        "train ends.",
        "data[cut:]",
        "data",
    ),
    mistake(
        "Your val is taken from the beginning of the text, where train is too. Train is the first part, val the rest.",
        "data[:cut], data[cut:]",
        "data[:cut], data[: len(data) - cut]",
    ),
    mistake(
        "train_fraction does not change anything in your code. The first int(train_fraction · N) tokens are train.",
        "train_fraction * len(data)",
        "0.9 * len(data)",
    ),
    mistake(
        "You round the place of the cut up. `int` rounds down: 90 % of 11 tokens are 9.",
        "int(train_fraction * len(data))",
        "-int(-train_fraction * len(data) // 1)",
    ),
    mistake(
        "You number the characters in the order in which they first appear. Sort them, so that the numbers depend "
        "only on which characters there are.",
        "sorted(set(text))",
        "dict.fromkeys(text)",
    ),
    mistake(
        "You number the characters from 1. The first one is token 0: tokens are row numbers of a table with V rows.",
        "dict(enumerate(sorted(set(text))))",
        "dict(enumerate(sorted(set(text)), 1))",
    ),
    mistake(
        "Your tables know only the characters of the training part. val may hold others; make the tables from the "
        "whole text.",
        "sorted(set(text))",
        "sorted(set(text[: int(train_fraction * len(text))]))",
    ),
    mistake(
        "You return stoi and itos in the wrong order: first character to token, then token to character.",
        "stoi, itos\n",
        "itos, stoi\n",
    ),
    mistake(
        "You round the place of the cut to the nearest whole number. `int` rounds down: 90 % of 11 tokens are 9.",
        "cut = int(train_fraction * len(data))",
        "cut = round(train_fraction * len(data))",
    ),
    mistake(
        "Your train is the whole text, val included. It should end where val begins.",
        "return data[:cut], data[cut:]",
        "return data, data[cut:]",
    ),
    mistake(
        "Your y holds only the token after each window. Every position has a target: y is the window one place later, [B, T].",
        "return windows[:, :-1], windows[:, 1:]",
        "return windows[:, :-1], windows[:, -1]",
    ),
    mistake(
        "Your batch is [T, B]. Each row is a window: x and y are [B, T].",
        "return windows[:, :-1], windows[:, 1:]",
        "return windows[:, :-1].T, windows[:, 1:].T",
    ),
    mistake(
        "Your starts reach one place too far: the last window is one token short of its target. torch.randint never draws "
        "its upper end, so with N tokens hand it N - block_size.",
        "torch.randint(len(data) - block_size, (batch_size,)",
        "torch.randint(len(data) - block_size + 1, (batch_size,)",
        "    positions = starts[:, None] + torch.arange(block_size + 1)\n    windows = data[positions].to(device)\n",
        "    x = torch.stack([data[start : start + block_size] for start in starts])\n"
        "    y = torch.stack([data[start + 1 : start + block_size + 1] for start in starts])\n",
        "return windows[:, :-1], windows[:, 1:]",
        "return x.to(device), y.to(device)",
    ),
)

FORBIDDEN = ("torch.utils.data",)
