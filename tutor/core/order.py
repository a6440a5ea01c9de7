"""What to train, as asked for: a preset, and what differs from it.

    preset  <  file of --config (TOML, one key a line)  <  --set KEY=VALUE and the options

All three use the same keys: the fields of `Order` (`data` for the text), of `Shape` and of `Schedule`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import Field, dataclass, field, fields, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from tutor.core.errors import RunError
from tutor.core.presets import PRESETS, Schedule, Shape

TEXTS = ("shakespeare", "names")
"""Texts that the trainer finds by name."""

CHOICES = {
    "preset": tuple(PRESETS),
    "device": ("auto", "cuda", "mps", "cpu"),
    "precision": ("auto", "float32", "bfloat16", "float16"),
    "compile": ("auto", "on", "off"),
    "tokenizer": ("char", "bpe"),
}
"""Values of the keys that have only a few."""


@dataclass(frozen=True)
class Order:
    """What to train, as asked for on a command line, in a file or on a screen."""

    preset: str = "l7"
    text: str = "shakespeare"
    """A name the trainer knows, or the path of a file or a folder."""
    tokenizer: str = "char"
    """'char', or 'bpe': byte pairs found in the text."""
    vocab: int = 0
    """Tokens to find, with 'bpe'; 0: as many as are usual."""
    device: str = "auto"
    precision: str = "auto"
    """Of matrix products; 'auto' takes the fastest that is safe."""
    name: str | None = None
    """Of the run; None: the preset and a number."""
    seed: int = 1337
    threads: int = 0
    """Of the processor; 0: the trainer tries which number is fastest."""
    reference: bool = False
    """True to train the tutor's own GPT instead of the learner's."""
    compile: str = "auto"
    """torch.compile; 'auto': where it pays."""
    auto_batch: bool = False
    """True to compute a batch in smaller parts where memory is too small."""
    deterministic: bool = False
    """True for the same result to the last bit on a GPU too, which is slower."""
    changes: Mapping[str, Any] = field(default_factory=dict)
    """Fields of Shape and Schedule that differ from the preset's."""


def make_order(config: Path | None, settings: Iterable[str], options: Mapping[str, Any]) -> Order:
    """The order of a file, of 'KEY=VALUE' settings and of options that are not None. Raises RunError."""
    values = read_file(config) if config else {}
    for each in settings:
        key, sign, value = each.partition("=")
        if not sign:
            raise RunError(f"--set {each} has no value. Write --set KEY=VALUE, such as --set dropout=0.1.")
        values[key.strip()] = _parsed(value.strip())
    values |= {key: value for key, value in options.items() if value is not None}
    checked = {key: _checked(key, value) for key, value in values.items()}
    changes = {key: value for key, value in checked.items() if key not in _ORDER}
    given = {_ORDER[key].name: value for key, value in checked.items() if key in _ORDER}
    return Order(**given, changes=changes)


def read_file(path: Path) -> dict[str, Any]:
    """The keys and values of a TOML file. Raises RunError if it cannot be read."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise RunError(f"{path} cannot be read ({error.strerror}). Give --config a TOML file.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RunError(f"{path} is not TOML: {error}. Write one KEY = VALUE a line.") from error


def shape_and_schedule(order: Order) -> tuple[Shape, Schedule]:
    """The preset's, changed as ordered. Raises RunError if there is no such preset or the values make no sense."""
    if order.preset not in PRESETS:
        raise RunError(f"There is no preset {order.preset!r}. Choose one of: {', '.join(PRESETS)}.")
    preset = PRESETS[order.preset]
    shape = replace(preset.shape, **{key: value for key, value in order.changes.items() if key in _SHAPE})
    changes = {key: value for key, value in order.changes.items() if key in _SCHEDULE}
    schedule = replace(preset.schedule, **changes)
    if "warmup" not in changes:  # a shorter training keeps the proportion
        schedule = replace(schedule, warmup=min(schedule.warmup, schedule.steps // 10))
    if "min_learning_rate" not in changes:
        schedule = replace(schedule, min_learning_rate=min(schedule.min_learning_rate, schedule.learning_rate))
    refuse_impossible(shape, schedule)
    return shape, schedule


def refuse_tokens(order: Order) -> None:
    """Raises RunError, with the remedy, if no such tokens can be found."""
    if order.vocab and order.tokenizer == "char":
        raise RunError("The text decides how many characters there are. Leave --vocab out, or add --tokenizer bpe.")
    if order.vocab and order.vocab <= 256:
        raise RunError(f"--vocab is {order.vocab}, and the single bytes are 256 already. Give more; 1024 is usual.")


def refuse_impossible(shape: Shape, schedule: Schedule) -> None:
    """Raises RunError, with the remedy, if no such model can be made or trained."""
    for holder in (shape, schedule):
        for each in fields(holder):
            _refuse_outside(each.name, getattr(holder, each.name))
    if shape.n_embd % shape.n_head:
        near = [heads for heads in range(1, shape.n_embd + 1) if shape.n_embd % heads == 0]
        heads = min(near, key=lambda each: abs(each - shape.n_head))
        raise RunError(
            f"n_embd={shape.n_embd} channels cannot be shared by n_head={shape.n_head} heads. "
            f"Use n_head={heads}, or n_embd={shape.n_embd // shape.n_head * shape.n_head or shape.n_head}."
        )
    if schedule.batch_size % schedule.accumulation:
        raise RunError(
            f"batch_size={schedule.batch_size} cannot be computed in accumulation={schedule.accumulation} equal parts. "
            f"Use {' or '.join(f'accumulation={each}' for each in _near_divisors(schedule))}."
        )
    if schedule.min_learning_rate > schedule.learning_rate:
        raise RunError(
            f"min_learning_rate={schedule.min_learning_rate:g} is above learning_rate={schedule.learning_rate:g}. "
            "Set both, the lowest and the highest."
        )
    if schedule.warmup > schedule.steps:
        raise RunError(f"warmup={schedule.warmup} is longer than steps={schedule.steps}. Set a shorter one.")


def _refuse_outside(key: str, value: float) -> None:
    low, high = _LIMITS.get(key, (1, None))
    if isinstance(value, bool) or (value >= low and (high is None or value < high)):
        return
    limits = f"at least {low:g}" if high is None else f"at least {low:g} and below {high:g}"
    raise RunError(f"{key} must be {limits}; it is {value:g}.")


def _near_divisors(schedule: Schedule) -> list[int]:
    """The nearest numbers of parts that divide the batch, below and above the one asked for."""
    size, asked = schedule.batch_size, schedule.accumulation
    divisors = [parts for parts in range(1, size + 1) if size % parts == 0]
    below, above = [each for each in divisors if each < asked], [each for each in divisors if each > asked]
    return below[-1:] + above[:1]


def _parsed(value: str) -> Any:
    """A value as TOML reads it; a word that is none is a text."""
    try:
        return tomllib.loads(f"value = {value}")["value"]
    except tomllib.TOMLDecodeError:
        return value


def _checked(key: str, value: Any) -> Any:
    """The value in the type of its key. Raises RunError for an unknown key or a value of another type."""
    known = _ORDER | _SHAPE | _SCHEDULE
    if key not in known:
        near = get_close_matches(key, known, n=1, cutoff=0.4)
        hint = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(known)}."
        raise RunError(f"There is no setting {key}. {hint}")
    wanted = str(known[key].type).removesuffix(" | None")
    if wanted in ("int", "float") and isinstance(value, int | float) and not isinstance(value, bool):
        if wanted == "float":
            return float(value)
        if value == value // 1:  # 1e4 is a whole number, and TOML reads it as a float
            return int(value)
    elif type(value).__name__ == wanted:
        if value in CHOICES.get(key, (value,)):
            return value
        raise RunError(f"{key} must be one of {', '.join(CHOICES[key])}; it is {value!r}.")
    raise RunError(f"{key} must be {_TYPES[wanted]}; it is {value!r}.")


def _by_key(holder: type, **keys: str) -> dict[str, Field[Any]]:
    return {keys.get(each.name, each.name): each for each in fields(holder) if each.name != "changes"}


_ORDER = _by_key(Order, text="data")
_SHAPE = _by_key(Shape)
_SCHEDULE = _by_key(Schedule)

_TYPES = {"int": "a whole number", "float": "a number", "bool": "true or false", "str": "a text"}

_LIMITS: dict[str, tuple[float, float | None]] = {
    "dropout": (0, 1),
    "warmup": (0, None),
    "decay_steps": (0, None),
    "learning_rate": (0, None),
    "min_learning_rate": (0, None),
    "weight_decay": (0, None),
    "beta1": (0, 1),
    "beta2": (0, 1),
    "grad_clip": (0, None),
    "samples": (0, None),
    "checkpoint_seconds": (0, None),
}
"""Least value, and the one it stays below; for all others 1 and none."""
