"""One way to compute the same training, timed: `python -m tutor.trainer.rung RUN_FOLDER NAME …`.

Each is a process of its own, so that its memory can be told apart. It writes one line of JSON: what it measured, or
the reason why this device cannot do it.
"""

from __future__ import annotations

import argparse
import copy
import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import psutil
import torch

from tutor.core.errors import TutorError
from tutor.core.run_config import RunConfig
from tutor.core.runs import Run
from tutor.trainer import compiling, devices, learner, machine, naive_attention, pace
from tutor.trainer.descent import Forward
from tutor.trainer.devices import Device
from tutor.trainer.ready import Ready, make_ready
from tutor.trainer.trial import Trial, with_room

NAMES = ("yours", "naive", "tf32", "fused", "half", "compile")
"""In this order each has all that those before it have, but for the first, which is the learner's model."""

_WARM = 3
"""Steps that are not timed."""
_LOSSES = 10
"""Steps whose mean loss is told: the last ones."""
_PATIENCE = 1.5
"""Seconds that a step may take about; else fewer windows are computed."""
_SLOWER = 0.5
"""A smaller type that reaches less of float32's speed is not tried: a step could take minutes."""


@dataclass(frozen=True)
class Measured:
    """What one rung did."""

    tokens_per_second: float
    memory_bytes: int
    """At most, beyond what the process had before it had a model; on a GPU, its tensors."""
    loss: float
    """Mean of the last training losses."""
    steps: int
    windows: int
    """In each step."""
    precision: str
    threads: int
    """Of the processor."""
    note: str = ""


class Impossible(Exception):
    """This device cannot do it; the text says why."""


def run_rung(
    run: Run, name: str, precision: str, seconds: float, windows: int | None = None, threads: int = 0
) -> Measured:
    """Trains so for about so many seconds. Raises Impossible, RunError, or what the learner's code raises.

    `precision` and `threads` are those of the rung before; without `windows`, as many as make no step too long.
    """
    config = replace(run.config(), reference=name != "yours", compile="off", device=None)
    precision = _precision(config, name, precision)
    config = replace(config, asked_precision=precision, asked_threads=threads or config.asked_threads)
    before = psutil.Process().memory_info().rss
    ready = make_ready(run, config)
    _set_up(ready, name)
    schedule = config.schedule
    weights = copy.deepcopy(ready.model.state_dict())
    at_once = windows or min(schedule.batch_size // schedule.accumulation, _bearable(ready))
    forward, note = _compiled(ready, at_once) if name == "compile" else (ready.forward, "")
    ready.model.load_state_dict(weights)  # so that all rungs start alike
    trial = with_room(ready.config, at_once, lambda config: _started(ready, config, forward))
    spent, steps = _go_on(trial, seconds)
    size = trial.config.schedule.batch_size
    losses = torch.stack(trial.losses[-_LOSSES:]).float().mean().item()
    return Measured(
        steps * size * config.shape.block_size / spent,
        _memory(ready.device, before),
        losses,
        len(trial.losses),
        size,
        precision,
        torch.get_num_threads(),
        note,
    )


def main(arguments: list[str]) -> int:
    """One line of JSON; exit code 0, 1 if the learner's code raised, 2 if it cannot be started so."""
    parser = argparse.ArgumentParser(prog="python -m tutor.trainer.rung")
    parser.add_argument("run", type=Path)
    parser.add_argument("name", choices=NAMES)
    parser.add_argument("--precision", default="float32")
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--windows", type=int)
    parser.add_argument("--threads", type=int, default=0)
    options = parser.parse_args(arguments)
    run = Run(options.run.resolve())
    try:
        rest = (options.precision, options.seconds, options.windows, options.threads)
        found = run_rung(run, options.name, *rest)
        print(json.dumps(asdict(found)))
    except Impossible as reason:
        print(json.dumps({"reason": str(reason)}))
    except TutorError as error:
        print(error, file=sys.stderr)
        return 2
    except Exception as error:  # noqa: BLE001 (a process boundary: the learner's code may raise anything)
        print(learner.told(error, run.config()), file=sys.stderr)
        return 1
    return 0


def _precision(config: RunConfig, name: str, before: str) -> str:
    """What this rung multiplies in. Raises Impossible."""
    device = devices.choose(config.asked_device, config.shape.n_embd, "float32")
    ampere = device.name == "cuda" and torch.cuda.get_device_capability() >= (8, 0)
    if name == "tf32" and not ampere:
        raise Impossible("only NVIDIA's chips from Ampere on have it")
    if name != "half":
        return before
    if device.name == "cuda":
        if torch.cuda.get_device_capability() < (7, 0):
            raise Impossible("this chip has no fast smaller type")
        return "bfloat16" if ampere else "float16"
    if device.name == "mps":
        raise Impossible("training in bfloat16 is not safe on Apple GPUs")
    speed = machine.matmul(device, "bfloat16") / machine.matmul(device, "float32")
    if speed < _SLOWER:
        raise Impossible(f"this processor multiplies bfloat16 at {speed:.2g} of float32's speed")
    return "bfloat16"


def _set_up(ready: Ready, name: str) -> None:
    if name in ("yours", "naive"):
        torch.set_float32_matmul_precision("highest")
    if name in ("naive", "tf32"):
        naive_attention.write_out(ready.model)


def _started(ready: Ready, config: RunConfig, forward: Forward) -> Trial:
    trial = Trial(config, ready.corpus, ready.parts, ready.model, forward, ready.device)
    for _ in range(_WARM):
        trial.step()
    ready.device.wait()
    return trial


def _go_on(trial: Trial, seconds: float) -> tuple[float, int]:
    """Steps for about so long; the seconds and the steps between two synchronised points."""
    start, steps = time.perf_counter(), 0
    while steps < 2 or time.perf_counter() - start < seconds:
        trial.step()
        steps += 1
        if steps % 10 == 0:
            trial.device.wait()  # else many more would be handed to a GPU than there is time for
    trial.device.wait()
    return time.perf_counter() - start, steps


def _bearable(ready: Ready) -> int:
    """Windows of a step that does not take too long, from the time of one with a single window."""
    return max(1, int(1000 * _PATIENCE / pace.milliseconds(_stepper(ready, ready.forward, 1), 0.2)))


def _compiled(ready: Ready, windows: int) -> tuple[Forward, str]:
    """The compiled model, and how long that took. Raises Impossible."""
    start = time.perf_counter()

    def attempt(forward: Forward) -> float:
        return pace.milliseconds(_stepper(ready, forward, windows), 0.2)

    forward, found = compiling.compiled(ready.model, attempt, even_if_slower=True)
    if forward is ready.model:
        raise Impossible(found.removeprefix("left out, "))
    return forward, f"compiling took {time.perf_counter() - start:.0f} s"


def _stepper(ready: Ready, forward: Forward, windows: int) -> Callable[[], None]:
    config = replace(ready.config, schedule=replace(ready.config.schedule, batch_size=windows, accumulation=1))
    trial = Trial(config, ready.corpus, ready.parts, ready.model, forward, ready.device)

    def step() -> None:
        trial.step()
        ready.device.wait()

    return step


def _memory(device: Device, before: int) -> int:
    if device.name != "cpu":
        return device.memory()
    peak = getattr(psutil.Process().memory_info(), "peak_wset", None)  # Windows says it, the others tell `resource`
    if peak is not None:
        return int(peak) - before
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return max(0, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit - before)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
