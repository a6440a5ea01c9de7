"""What a run was asked for, and what was found for it: the contents of its config.json."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from tutor.core.presets import Schedule, Shape


@dataclass(frozen=True)
class CodeRecord:
    """One exercise's text that the model is made of; it lies in the run's `code` folder."""

    exercise: str
    path: str
    """Where it was copied from; shown in tracebacks."""
    sha256: str
    borrowed: bool
    """True if it is the course's solution, because the learner's own has not passed."""


@dataclass(frozen=True)
class TextRecord:
    """Which text the run learns."""

    title: str
    """'tiny Shakespeare', or a file's name."""
    origin: str
    """One sentence: where it was found."""
    sha256: str
    characters: int


@dataclass(frozen=True)
class TokensRecord:
    """The text as numbers in the file tokens.bin, which is read where it lies."""

    count: int
    """How many there are."""
    dtype: str
    """'uint8', 'uint16' or 'int32', in this machine's order of bytes."""
    sha256: str
    """Of the file."""
    tokenizer_sha256: str
    """Of tokenizer.json."""


@dataclass(frozen=True)
class DeviceRecord:
    """Where the run computes."""

    name: str
    """'cuda', 'mps' or 'cpu'."""
    label: str
    """The name of the chip."""
    precision: str
    """'float32', 'bfloat16' or 'float16'."""
    reason: str
    """Why this one, in a sentence or two."""
    threads: int
    """Threads of the processor; part of what makes a resumed run equal to the last bit."""
    compiled: bool = False
    """Whether the model went through torch.compile; the same."""
    peak: float = 0.0
    """TFLOP/s of matrix products that all these devices reach at most in this precision; 0 where it is not known."""
    peak_source: str = ""
    """'data sheet', or 'measured here'."""


@dataclass(frozen=True)
class RunConfig:
    """What was asked for; the last four fields are found by the trainer when it first starts."""

    name: str
    preset: str
    shape: Shape
    schedule: Schedule
    asked_text: str
    """A name the trainer knows, or the path of a file or a folder."""
    tokenizer: str = "char"
    """'char', a token for each character; or 'bpe', byte pairs found in the text."""
    asked_vocab: int = 0
    """How many byte pairs to find, single bytes included; 0: as many as are usual."""
    asked_device: str = "auto"
    asked_precision: str = "auto"
    asked_threads: int = 0
    """0: the trainer tries which number is fastest."""
    seed: int = 1337
    reference: bool = False
    """True to train the tutor's own GPT instead of the learner's."""
    compile: str = "auto"
    """Whether torch.compile is tried: 'auto' (where it pays), 'on' or 'off'."""
    auto_batch: bool = False
    """True to compute a batch in smaller parts where memory is too small."""
    deterministic: bool = False
    """True to give up speed on a GPU for results that repeat to the last bit; on a processor they always do."""
    created: float = 0.0
    """Seconds since 1970."""
    code: tuple[CodeRecord, ...] = ()
    text: TextRecord | None = None
    vocabulary: str = ""
    """All characters in the order of their numbers; '' with byte pairs."""
    vocab_size: int = 0
    """How many tokens there are (V)."""
    tokens: TokensRecord | None = None
    """None where the text itself is kept and the model's own char_corpus reads it."""
    parameters: int = 0
    """How many numbers are trained."""
    device: DeviceRecord | None = None


def config_from(data: dict[str, Any]) -> RunConfig:
    """The configuration that config.json holds. Raises KeyError, TypeError for what is none."""
    known = {each.name for each in fields(RunConfig)}
    data = {name: value for name, value in data.items() if name in known}
    data["shape"] = Shape(**data["shape"])
    data["schedule"] = Schedule(**data["schedule"])
    data["code"] = tuple(CodeRecord(**each) for each in data.get("code", ()))
    data["text"] = TextRecord(**data["text"]) if data.get("text") else None
    data["tokens"] = TokensRecord(**data["tokens"]) if data.get("tokens") else None
    data["device"] = DeviceRecord(**data["device"]) if data.get("device") else None
    return RunConfig(**data)
