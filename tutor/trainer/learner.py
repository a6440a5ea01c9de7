"""The GPT made of a run's sources: the learner's own files, imported as the worker imports them."""

from __future__ import annotations

import importlib
import traceback
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from torch import Tensor, nn

from tutor.core.errors import RunError
from tutor.core.run_config import RunConfig
from tutor.core.runs import Run
from tutor.trainer import tools
from tutor.trainer.tools import Tools
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
    tools: Tools = field(default_factory=Tools)
    """How weights begin and how they are changed."""


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
    return replace(_parts(model, batches, text, config), tools=_tools(config))


def blame(error: BaseException, config: RunConfig) -> str:
    """Where in the run's sources an exception arose, '' if it did not pass through them."""
    borrowed = {each.path: each for each in config.code}
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename in borrowed]
    if not frames:
        return ""
    frame = frames[-1]
    whose = "the course's solution" if borrowed[frame.filename].borrowed else "your file"
    return f"{frame.filename}, line {frame.lineno} ({whose}): {frame.line}"


def told(error: BaseException, config: RunConfig) -> str:
    """What a process says that an exception ends: the learner's line, or the whole traceback where the fault is ours.

    To be called while the exception is being handled.
    """
    place = blame(error, config)
    return f"{type(error).__name__}: {error}\n  {place}" if place else traceback.format_exc()


def _parts(model: Any, batches: Any, text: Any, config: RunConfig) -> Parts:
    def make(vocab_size: int) -> nn.Module:
        gpt: nn.Module = model.GPT(model.GPTConfig(vocab_size=vocab_size, **asdict(config.shape)))
        return gpt

    return Parts(make, batches.char_corpus, batches.get_batch, text.generate)


def _tools(config: RunConfig) -> Tools:
    """The tutor's own, but for those that are among the run's sources."""
    own = {each.exercise for each in config.code} & tools.NAMES.keys()
    found = {id: importlib.import_module(f"exercises.{id.replace('/', '.')}") for id in own}
    functions = {tools.NAMES[id]: getattr(module, tools.NAMES[id]) for id, module in found.items()}
    return Tools(**{tools.FIELDS[name]: function for name, function in functions.items()})


def _read(run: Run, exercise: str) -> str:
    path = run.code(exercise)
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise RunError(f"{path} cannot be read ({error.strerror}). Start a new run with `tutor train`.") from error


_MODULES = ("model", "get_batch", "generate")
