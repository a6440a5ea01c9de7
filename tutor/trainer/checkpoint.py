"""A training at rest: weights, optimizer, random numbers and the step, in one safetensors file.

One file, because one rename cannot be half done. The one before is kept, in case the disk loses the newest. Tensors
are named `model.…`, `optimizer.<number>.…` and `random.…`; the rest is JSON in the file's header. Nothing is pickled.
"""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from tutor.core.errors import RunError
from tutor.core.runs import Run

FORMAT_VERSION = 1
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
    scaler: dict[str, float] = field(default_factory=dict)
    """State of the loss scaling, {} without."""


def save(run: Run, tensors: dict[str, Tensor], position: Position) -> None:
    """Writes the checkpoint as a whole. Raises RunError if there is no room; the last good one then stays."""
    part = run.checkpoint.with_suffix(".part")
    header = {"position": json.dumps({"format_version": FORMAT_VERSION, **asdict(position)})}
    try:
        save_file({name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}, part, header)
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        if run.checkpoint.exists():
            run.checkpoint.replace(_previous(run))
        part.replace(run.checkpoint)
    except (OSError, SafetensorError) as error:
        with contextlib.suppress(OSError):
            part.unlink()
        raise RunError(
            f"The checkpoint of step {position.step} was not written ({error}). The last good one stays: make room, "
            f"then continue with `tutor train --resume {run.name}`."
        ) from error


def load(run: Run, prefix: str = "") -> tuple[dict[str, Tensor], Position] | None:
    """Tensors whose name begins with `prefix`, and the position; None if nothing was saved yet.

    Takes the one before where the newest cannot be read. Raises RunError if neither can.
    """
    problem: Exception | None = None
    for path in (run.checkpoint, _previous(run)):
        try:
            return _read(path, prefix)
        except FileNotFoundError:
            continue
        except (OSError, SafetensorError, ValueError, KeyError, TypeError) as error:
            problem = problem or error
    if problem is not None:
        raise RunError(f"{run.checkpoint} cannot be read ({problem}). Start a new run with `tutor train`.")
    return None


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


def optimizer_tensors(optimizer: torch.optim.Optimizer) -> dict[str, Tensor]:
    """The optimizer's running averages, named 'optimizer.<number of the parameter>.<name>'."""
    state: dict[int, dict[str, Any]] = optimizer.state_dict()["state"]
    return {
        f"optimizer.{number}.{name}": value if isinstance(value, Tensor) else torch.tensor(value)
        for number, values in state.items()
        for name, value in values.items()
    }


def fill_optimizer(optimizer: torch.optim.Optimizer, tensors: dict[str, Tensor]) -> None:
    """The reverse of `optimizer_tensors`."""
    state: dict[int, dict[str, Tensor]] = {}
    for name, tensor in tensors.items():
        kind, _, rest = name.partition(".")
        if kind == "optimizer":
            number, _, key = rest.partition(".")
            state.setdefault(int(number), {})[key] = tensor
    optimizer.load_state_dict({"state": state, "param_groups": optimizer.state_dict()["param_groups"]})


def _read(path: Path, prefix: str) -> tuple[dict[str, Tensor], Position]:
    if not path.exists():
        raise FileNotFoundError(path)
    with safe_open(path, framework="pt") as file:
        data = json.loads(file.metadata()["position"])
        if data.pop("format_version") != FORMAT_VERSION:
            raise ValueError("it was written by another version of tutor")
        data["pending"] = tuple(data["pending"])
        tensors = {name: file.get_tensor(name) for name in file.keys() if name.startswith(prefix)}  # noqa: SIM118
    return tensors, Position(**data)


def _previous(run: Run) -> Path:
    return run.checkpoint.with_name("checkpoint.previous.safetensors")
