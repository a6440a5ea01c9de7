"""Attention maps on a typed sentence: of the latest trained GPT of the workspace, else of a small one trained now."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from tutor.core.errors import PictureError
from tutor.core.gallery import find_subject
from tutor.core.picture import Grid, Picture
from tutor.core.runs import Run
from tutor.pictures.run_updates import whose_run
from tutor.trainer import checkpoint, learner
from tutor.trainer.text import offline_english
from tutor.trainer.tools import init_weights

STEPS, BATCH, CHARACTERS = 300, 32, 200_000
BLOCK = 48
SIZES = {"block_size": BLOCK, "n_layer": 2, "n_head": 4, "n_embd": 64, "dropout": 0.0, "bias": True}
_Say = Callable[[str], None]


@dataclass(frozen=True)
class Reader:
    """A trained GPT with what it takes to read a sentence."""

    model: nn.Module
    numbers: dict[str, int]
    """Of each character it knows."""
    block_size: int
    n_head: int
    told: str
    """Which one it is, in a sentence."""
    whose: str = ""


def attention(order: dict[str, Any], say: _Say) -> Picture:
    """A map for each head of one layer: rows are queries, columns keys."""
    asked = re.match(r"layer=(\d+);\s*", order["on"])
    layer, text = (int(asked[1]), order["on"][asked.end() :]) if asked else (1, order["on"])
    reader = _trained(Path(order["run"])) if order["run"] else _small(text, say)
    told = reader.told
    if order["on"] == find_subject("attention").on:  # nobody typed it
        text, told = _known(text, reader)
    maps = head_maps(reader, text)
    if not 1 <= layer <= len(maps):
        raise PictureError(f"There is no layer {layer}: this model has {len(maps)}. Count from 1.")
    names = tuple("_" if each == " " else "/" if each == "\n" else each for each in text)
    grids = tuple(
        Grid(f"layer {layer}, head {n + 1}", _rows(each), names, names, 0.0, 1.0, "", "hears")
        for n, each in enumerate(maps[layer - 1])
    )
    says = (
        told
        + (f" Layer {layer} of {len(maps)}: layer=2; before a sentence takes the second." if len(maps) > 1 else ""),
        "Row: the character that listens; column: the one it hears. Each row sums to 1 and looks back only.",
    )
    return Picture("attention", "Who listens to whom", says, reader.whose, grids)


def _known(text: str, reader: Reader) -> tuple[str, str]:
    """What the model can read of a sentence, and what is told of it: what it never saw is left out."""
    known = "".join(each for each in text if each in reader.numbers)[: reader.block_size]
    if known == text:
        return text, reader.told
    what = f"knows {len(reader.numbers)} characters and reads {reader.block_size} at once"
    return known, f"{reader.told} It {what}; of “{text}” that leaves “{known}”."


def head_maps(reader: Reader, text: str) -> list[Tensor]:
    """The weights [H,T,T] of each layer, from what its c_attn makes of the text. Raises PictureError."""
    _check(text, reader.numbers, reader.block_size)
    seen: list[Tensor] = []
    projections = [module for name, module in reader.model.named_modules() if name.endswith("c_attn")]
    if not projections:
        raise PictureError("This model has no layer named c_attn, so its queries and keys cannot be seen.")
    hooks = [each.register_forward_hook(lambda _m, _i, out: seen.append(out.detach())) for each in projections]
    with torch.no_grad():
        reader.model.eval()(torch.tensor([[reader.numbers[each] for each in text]]))
    for hook in hooks:
        hook.remove()
    return [_weights(each[0], reader.n_head) for each in seen]


def _check(text: str, numbers: dict[str, int], most: int) -> None:
    unknown = "".join(sorted(set(text) - set(numbers)))
    if unknown:
        raise PictureError(f"The model has never seen {unknown!r}. Type a sentence without it.")
    if not 1 <= len(text) <= most:
        raise PictureError(f"The model reads 1 to {most} characters at once; these are {len(text)}. Type another.")


def _weights(qkv: Tensor, n_head: int) -> Tensor:
    """qkv [T, 3C] to weights [H,T,T], by the learner's attention_weights where there is one."""
    T, C = qkv.shape[0], qkv.shape[1] // 3
    q, k = (each.view(T, n_head, C // n_head).transpose(0, 1) for each in (qkv[:, :C], qkv[:, C : 2 * C]))
    mask = torch.ones(T, T, dtype=torch.bool).tril()
    try:
        weigh = importlib.import_module("exercises.attention.scaled_scores").attention_weights
    except ModuleNotFoundError:  # the tutor's own GPT, or a course without that exercise
        scores = q @ k.transpose(-2, -1) / q.shape[-1] ** 0.5
        return torch.softmax(scores.masked_fill(~mask, -torch.inf), dim=-1)
    weights: Tensor = weigh(q, k, mask)
    return weights


def _trained(folder: Path) -> Reader:
    run = Run(folder)
    config = run.config()
    if config.tokenizer != "char":
        raise PictureError(f"{run.name} reads byte pairs, and this picture is about characters. Choose another run.")
    found = checkpoint.load(run, "model.")
    if found is None:
        raise PictureError(f"The checkpoint of {run.name} is gone. Train it: `tutor train --resume {run.name}`.")
    model = learner.load_parts(run, config).model(len(config.vocabulary))
    checkpoint.fill_model(model, found[0])
    numbers = {character: number for number, character in enumerate(config.vocabulary)}
    told = f"Your run {run.name}."
    return Reader(model, numbers, config.shape.block_size, config.shape.n_head, told, whose_run(config))


def _small(sentence: str, say: _Say) -> Reader:
    gpt = importlib.import_module("exercises.gpt.model")
    batches = importlib.import_module("exercises.gpt.get_batch")
    text = offline_english()
    data, _, numbers, _ = batches.char_corpus(text.content[:CHARACTERS])
    _check(sentence, numbers, BLOCK)  # before a training that would be for nothing
    model = gpt.GPT(gpt.GPTConfig(vocab_size=len(numbers), **SIZES))
    init_weights(model, torch.Generator().manual_seed(8))
    loss = _train(model, batches.get_batch, data, say)
    told = f"You have trained no GPT yet, so this is a small one ({STEPS} steps, loss {loss:.2f})."
    return Reader(model, numbers, BLOCK, 4, told)


def _train(model: nn.Module, get_batch: Callable[..., tuple[Tensor, Tensor]], data: Tensor, say: _Say) -> float:
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
    generator = torch.Generator().manual_seed(9)
    loss = torch.zeros(())
    for step in range(STEPS):
        _, loss = model(*get_batch(data, BLOCK, BATCH, generator))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if step % 20 == 0:
            say(f"Training a small GPT: step {step} of {STEPS}")
    return float(loss.item())


def _rows(weights: Tensor) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(row) for row in weights.tolist())
