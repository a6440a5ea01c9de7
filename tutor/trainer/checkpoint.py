"""A training at rest: weights, optimizer, random numbers and the step, in one safetensors file.

One file, because one rename cannot be half done. The one before is kept, in case the disk loses the newest. Tensors
are named `model.…`, `optimizer.<number>` and `random.…`; the rest is JSON in the file's header: where the training is,
of what model it is, and a checksum of each tensor. Nothing is pickled.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import zlib
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from tutor.core.errors import RunError
from tutor.core.runs import Run
from tutor.trainer.reference_gpt import REVISION

FORMAT_VERSION = 2
"""Version of the shape of a checkpoint."""


@dataclass(frozen=True)
class Position:
    """Where a training is, apart from its tensors."""

    step: int = 0
    """Updates made."""
    seconds: float = 0.0
    """Time trained so far."""
    pending: tuple[float, ...] = ()
    """Losses of the steps since the last line of metrics."""
    metrics_bytes: int = 0
    """Length of metrics.jsonl at this step; what is beyond was written after it."""
    samples_bytes: int = 0
    """Length of samples.txt at this step."""
    plain: dict[str, Any] = field(default_factory=dict)
    """The optimizer's state apart from its tensors."""


def save(run: Run, tensors: dict[str, Tensor], position: Position) -> None:
    """Writes tensors of the CPU and the position, as a whole. Raises OSError if there is no room."""
    part = run.checkpoint.with_suffix(".part")
    header = {
        "position": json.dumps({"format_version": FORMAT_VERSION, **asdict(position)}),
        "origin": json.dumps(origin(run)),
        "sums": json.dumps({name: _sum(tensor) for name, tensor in tensors.items()}),
    }
    try:
        save_file(tensors, part, header)
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        if run.checkpoint.exists():
            run.checkpoint.replace(_previous(run))
        part.replace(run.checkpoint)
    except (OSError, SafetensorError) as error:
        with contextlib.suppress(OSError):
            part.unlink()
        raise error if isinstance(error, OSError) else OSError(str(error)) from error


def load(
    run: Run, prefix: str = "", tell: Callable[[str], object] | None = None
) -> tuple[dict[str, Tensor], Position] | None:
    """Tensors whose name begins with `prefix`, and the position; None if nothing was saved yet.

    Takes the one before where the newest cannot be read, and tells so. Raises RunError if neither can be read, or if
    it is the checkpoint of another model.
    """
    problem: Exception | None = None
    for path in (run.checkpoint, _previous(run)):
        try:
            found = _read(run, path, prefix)
        except FileNotFoundError:
            continue
        except (OSError, SafetensorError, ValueError, KeyError, TypeError, AttributeError) as error:
            problem = problem or error
            continue
        if problem is not None and tell is not None:
            tell(f"The newest checkpoint is damaged ({problem}); the one before it, of step {found[1].step}, is used.")
        return found
    if problem is not None:
        raise RunError(f"{run.checkpoint} cannot be read ({problem}). Start a new run with `tutor train`.")
    return None


def origin(run: Run) -> dict[str, Any]:
    """What a run's checkpoint belongs to: the sizes, the characters and the texts of its model."""
    config = run.config()
    return {
        "shape": asdict(config.shape),
        "vocabulary": _digest((config.tokens.tokenizer_sha256 if config.tokens else config.vocabulary).encode()),
        "reference": REVISION if config.reference else 0,
        "code": {each.exercise: _digest(_bytes(run.code(each.exercise))) for each in config.code},
    }


def unique_tensors(model: nn.Module) -> dict[str, Tensor]:
    """The model's state by name; a tensor that two names share (a tied head) stands under the first."""
    found: dict[str, Tensor] = {}
    seen: set[tuple[int, torch.Size, tuple[int, ...]]] = set()
    for name, tensor in model.state_dict().items():
        key = (tensor.data_ptr(), tensor.shape, tensor.stride())
        if key not in seen:
            seen.add(key)
            found[name] = tensor
    return found


def fill_model(model: nn.Module, tensors: dict[str, Tensor]) -> None:
    """Copies saved tensors into the model. Raises RunError if names or shapes differ."""
    own = unique_tensors(model)
    saved = {name.removeprefix("model."): each for name, each in tensors.items() if name.startswith("model.")}
    wrong = sorted(own.keys() ^ saved.keys()) or [name for name in own if own[name].shape != saved[name].shape]
    if wrong:
        raise RunError(
            f"The checkpoint does not fit the model: {', '.join(wrong[:3])}. Was the run's code folder edited? "
            "Start a new run with `tutor train`."
        )
    with torch.no_grad():
        for name, tensor in own.items():
            tensor.copy_(saved[name])


def _read(run: Run, path: Path, prefix: str) -> tuple[dict[str, Tensor], Position]:
    if not path.exists():
        raise FileNotFoundError(path)
    with safe_open(path, framework="pt") as file:
        header = {name: json.loads(text) for name, text in (file.metadata() or {}).items()}
        data = header["position"]
        if data.pop("format_version") != FORMAT_VERSION:
            raise ValueError("it was written by another version of tutor")
        data["pending"] = tuple(data["pending"])
        tensors = {name: file.get_tensor(name) for name in file.keys() if name.startswith(prefix)}  # noqa: SIM118
    for name, tensor in tensors.items():
        if _sum(tensor) != header["sums"][name]:
            raise ValueError(f"the numbers of {name} are not those that were saved")
    _refuse_other(path, header["origin"], origin(run))
    return tensors, Position(**data)


def _refuse_other(path: Path, theirs: dict[str, Any], ours: dict[str, Any]) -> None:
    """Raises RunError, with the reason, if a checkpoint is not of this run's model."""
    reasons = [
        f"it has {key}={theirs['shape'].get(key)}, the run has {key}={value}"
        for key, value in ours["shape"].items()
        if theirs["shape"].get(key) != value
    ]
    reasons += [
        f"{id} was another text in it"
        for id in sorted(ours["code"].keys() | theirs["code"].keys())
        if ours["code"].get(id) != theirs["code"].get(id)
    ]
    if theirs["vocabulary"] != ours["vocabulary"]:
        reasons.append("it knows other characters than the run's text has")
    if theirs["reference"] != ours["reference"]:
        reasons.append("it is of another version of the tutor's own GPT, or one of the two is yours")
    if reasons:
        raise RunError(
            f"{path} is the checkpoint of another model: {'; '.join(reasons[:3])}. Put the run's own files back, or "
            "start a new run with `tutor train`."
        )


def _sum(tensor: Tensor) -> int:
    data: Any = tensor.contiguous().flatten().view(torch.uint8).numpy()
    return zlib.crc32(data)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise RunError(f"{path} cannot be read ({error.strerror}). Start a new run with `tutor train`.") from error


def _previous(run: Run) -> Path:
    return run.checkpoint.with_name("checkpoint.previous.safetensors")
