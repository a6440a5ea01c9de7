"""Text from a trained GPT: `python -m tutor.trainer.sample RUN_FOLDER [--prompt TEXT] …`.

Each character is one call of the learner's `generate`. Temperature and top-k are put between it and the model.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import torch
from torch import Tensor, nn

from tutor.core.errors import RunError, TutorError
from tutor.core.runs import Run, RunConfig
from tutor.trainer import checkpoint, devices, learner
from tutor.trainer.devices import Device


@dataclass(frozen=True)
class Wish:
    """What to write."""

    prompt: str = ""
    tokens: int = 500
    """Characters to add."""
    temperature: float = 1.0
    """Below 1: safer; above: wilder; 0: always the likeliest."""
    top_k: int | None = None
    """Only the so many likeliest characters are drawn."""
    seed: int = 0


class Shaped(nn.Module):
    """A model whose logits are sharpened and cut, for `generate` to draw from; all else is the model's own."""

    def __init__(self, model: nn.Module, wish: Wish) -> None:
        super().__init__()
        self.model = model
        greedy = wish.temperature == 0
        self.temperature = 1.0 if greedy else wish.temperature
        self.top_k = 1 if greedy else wish.top_k

    def __getattr__(self, name: str) -> Tensor | nn.Module:
        """Such as `config`, which `generate` asks for its block size."""
        try:
            return super().__getattr__(name)
        except AttributeError:
            found: Tensor | nn.Module = getattr(super().__getattr__("model"), name)
            return found

    def forward(self, idx: Tensor, targets: Tensor | None = None) -> tuple[Tensor, Tensor | None]:
        """Logits over the temperature; those beyond the k likeliest at -inf."""
        logits, loss = self.model(idx, targets)
        logits = logits / self.temperature
        if self.top_k is not None and self.top_k < logits.shape[-1]:
            kept = logits.topk(self.top_k, dim=-1)
            logits = torch.full_like(logits, -torch.inf).scatter(-1, kept.indices, kept.values)
        return logits, loss


def write(run: Run, wish: Wish, device: Device) -> Iterator[str]:
    """The characters that the run's model adds to the prompt, one by one. Raises RunError before the first."""
    config = run.config()
    start = _numbers(wish.prompt, config)
    found = checkpoint.load(run, "model.")
    if found is None:
        raise RunError(f"{run.name} has no checkpoint yet. Train it: `tutor train --resume {run.name}`.")
    parts = learner.load_parts(run, config)
    model = parts.model(len(config.vocabulary))
    checkpoint.fill_model(model, found[0])
    shaped = Shaped(model, wish).to(device.name).eval()
    return _stream(shaped, parts, start, wish, config, device)


def _stream(
    model: nn.Module, parts: learner.Parts, start: list[int], wish: Wish, config: RunConfig, device: Device
) -> Iterator[str]:
    idx = torch.tensor([start], device=device.name)
    generator = torch.Generator(device.name).manual_seed(wish.seed)
    with torch.no_grad():
        for _ in range(wish.tokens):
            idx = parts.generate(model, idx[:, -config.shape.block_size :], 1, generator)
            yield config.vocabulary[int(idx[0, -1])]


def _numbers(prompt: str, config: RunConfig) -> list[int]:
    """The prompt's numbers; without one, those of a line's start. Raises RunError for unknown characters."""
    if not config.vocabulary:
        raise RunError("This run has not begun yet, so it knows no characters. Train it first.")
    unknown = sorted(set(prompt) - set(config.vocabulary))
    if unknown:
        named = ", ".join(f"{each!r} (U+{ord(each):04X})" for each in unknown[:5])
        allowed = config.vocabulary[:200].replace("\n", "↵")
        raise RunError(f"The prompt has characters that the run's text never had: {named}. Allowed are: {allowed}")
    return [config.vocabulary.index(each) for each in prompt] or [max(0, config.vocabulary.find("\n"))]


def main(arguments: list[str]) -> int:
    """Streams to stdout; exit code 0, 1 if the learner's code raised, 2 if it cannot be done."""
    options = _options(arguments)
    run = Run(options.run.resolve())
    seed = random.randrange(10**6) if options.seed is None else options.seed
    wish = Wish(options.prompt, options.tokens, options.temperature, options.top_k, seed)
    try:
        device = devices.choose(options.device, run.config().shape.n_embd)
        devices.set_up(device, threads=1)
        characters = write(run, wish, device)
        _narrate(run, wish, device)
        return _print(wish.prompt, characters)
    except TutorError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print()
        return 130
    except Exception as error:  # noqa: BLE001 (a process boundary: the learner's code may raise anything)
        place = learner.blame(error, run.config())
        print(f"{type(error).__name__}: {error}\n  {place}" if place else traceback.format_exc(), file=sys.stderr)
        return 1


def _narrate(run: Run, wish: Wish, device: Device) -> None:
    config, step = run.config(), run.state().step
    borrowed = [each.exercise for each in config.code if each.borrowed]
    made = f"borrowed: {', '.join(borrowed)}" if borrowed else "all of it yours"
    whose = "the tutor's own GPT" if config.reference else f"your GPT ({made})"
    text = config.text.title if config.text else config.asked_text
    print(f"{run.name}, step {step}, {whose}, trained on {text}; {device.name}; --seed {wish.seed}", file=sys.stderr)


def _print(prompt: str, characters: Iterator[str]) -> int:
    try:
        for character in chain([prompt], characters, "\n"):
            sys.stdout.buffer.write(character.encode())
            sys.stdout.buffer.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # else the interpreter complains once more while it ends
    return 0


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tutor.trainer.sample")
    parser.add_argument("run", type=Path)
    parser.add_argument("--prompt", default="")
    parser.add_argument("--tokens", type=int, default=500)
    parser.add_argument("--temperature", type=float, default=1.0)
    parser.add_argument("--top-k", type=int)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--device", default="auto")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
