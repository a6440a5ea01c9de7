"""The GPT made of a run's sources: the learner's own files, imported as the worker imports them."""

from __future__ import annotations

import importlib
import math
import traceback
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import torch
from torch import Tensor, nn

from tutor.core.errors import RunError
from tutor.core.runs import Run, RunConfig
from tutor.worker import finder

Corpus = tuple[Tensor, Tensor, dict[str, int], dict[int, str]]


@dataclass(frozen=True)
class Parts:
    """What a training calls."""

    model: Callable[[int], nn.Module]
    """Makes the GPT for a vocabulary of that size."""
    char_corpus: Callable[[str], Corpus]
    """Text to (train, val, character to number, number to character)."""
    get_batch: Callable[..., tuple[Tensor, Tensor]]
    """get_batch(data, block_size, batch_size, generator, device) -> inputs [B,T], targets [B,T]."""
    generate: Callable[..., Tensor]
    """generate(model, idx [B,T], max_new_tokens, generator) -> [B,T+n]."""


def load_parts(run: Run, config: RunConfig) -> Parts:
    """The parts that the run's sources define; the tutor's own for a reference run."""
    if config.reference:
        from tutor.trainer import reference_gpt as own

        return _parts(own, own, own, config)
    sources = {
        f"exercises.{each.exercise.replace('/', '.')}": (_read(run, each.exercise), each.path) for each in config.code
    }
    finder.install(sources)
    model, batches, text = (importlib.import_module(f"exercises.gpt.{name}") for name in _MODULES)
    return _parts(model, batches, text, config)


def apply_init(model: nn.Module, n_layer: int, seed: int) -> None:
    """Weights as GPT-2 starts: N(0, 0.02), projections back into the residual stream smaller by √(2·n_layer).

    It is what the exercise gpt/init asks for. Drawn on the CPU, so that all devices start alike.
    """
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if name.endswith("bias"):
                parameter.zero_()
            elif parameter.dim() >= 2:
                std = 0.02 / math.sqrt(2 * n_layer) if name.endswith("c_proj.weight") else 0.02
                parameter.copy_(torch.randn(parameter.shape, generator=generator) * std)


def blame(error: BaseException, config: RunConfig) -> str:
    """Where in the run's sources an exception arose, '' if it did not pass through them."""
    borrowed = {each.path: each for each in config.code}
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename in borrowed]
    if not frames:
        return ""
    frame = frames[-1]
    whose = "the course's solution" if borrowed[frame.filename].borrowed else "your file"
    return f"{frame.filename}, line {frame.lineno} ({whose}): {frame.line}"


def _parts(model: Any, batches: Any, text: Any, config: RunConfig) -> Parts:
    def make(vocab_size: int) -> nn.Module:
        gpt: nn.Module = model.GPT(model.GPTConfig(vocab_size=vocab_size, **asdict(config.shape)))
        return gpt

    return Parts(make, batches.char_corpus, batches.get_batch, text.generate)


def _read(run: Run, exercise: str) -> str:
    path = run.code(exercise)
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise RunError(f"{path} cannot be read ({error.strerror}). Start a new run with `tutor train`.") from error


_MODULES = ("model", "get_batch", "generate")
