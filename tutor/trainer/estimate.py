"""How long a run would take: `python -m tutor.trainer.estimate RUN_FOLDER [--verify] …`.

The run is one that was only laid out. Its machine is measured for some seconds, then the run's own steps. With --verify
it is then really trained for about a minute, and the time is compared with what was predicted.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from dataclasses import asdict, replace
from itertools import count
from pathlib import Path
from typing import Any

import psutil
import torch

from tutor.core import launch
from tutor.core.documents import document
from tutor.core.errors import RunError, TutorError
from tutor.core.metrics import Tail
from tutor.core.run_config import RunConfig
from tutor.core.runs import Run
from tutor.trainer import learner, machine
from tutor.trainer.corpus import tokenizer_of
from tutor.trainer.devices import Device
from tutor.trainer.estimate_text import text_of
from tutor.trainer.forecast import Here, cut_to, elsewhere
from tutor.trainer.loop import SAMPLE_TOKENS
from tutor.trainer.machine import Machine
from tutor.trainer.ready import Ready, make_ready
from tutor.trainer.trained import Trained
from tutor.trainer.trial import Trial, seconds_of, with_room
from tutor.trainer.wish import Wish
from tutor.trainer.writing import make_writer

_PATIENCE = 4.0
"""Seconds that one measured step may take about; else fewer windows are measured."""
_STEP_SECONDS, _OTHER_SECONDS = 4.0, 1.5
"""How long steps are measured, and each of the other parts of a training."""


def measure_here(ready: Ready, found: Machine) -> tuple[Here, int]:
    """What a training's parts take, and the bytes of memory that its steps needed. Raises RunError."""
    config, device = ready.config, ready.device

    def attempt(config: RunConfig) -> Trial:
        trial = Trial(config, ready.corpus, ready.parts, ready.model, ready.forward, device)
        trial.step()
        device.wait()
        return trial

    trial = with_room(config, _windows(config, found), attempt)
    windows = trial.config.schedule.batch_size
    scale = config.schedule.batch_size / windows
    step, processor = _shared_seconds(trial, device)
    memory = device.memory() or psutil.Process().memory_info().rss
    batch = seconds_of(trial.estimate, device, _OTHER_SECONDS) * scale
    block = config.shape.block_size
    mean_context = sum(min(length, block) for length in range(1, SAMPLE_TOKENS + 1)) // SAMPLE_TOKENS
    token = seconds_of(lambda: trial.draw(mean_context, 1), device, _OTHER_SECONDS)
    return Here(step * scale, batch, token, windows, _drawn_per_second(ready), processor), memory


def _shared_seconds(trial: Trial, device: Device) -> tuple[float, float]:
    """Seconds of a step, and the part of its threads' time that the processor gave; 1 where it does not compute."""
    wall, own = time.perf_counter(), time.process_time()
    step = seconds_of(trial.step, device, _STEP_SECONDS)
    given = (time.process_time() - own) / (time.perf_counter() - wall) / torch.get_num_threads()
    return step, min(1.0, given) if device.name == "cpu" else 1.0


def verify(ready: Ready, here: Here, seconds: float) -> dict[str, Any]:
    """Trains for about so long, in the trainer's own process; what was predicted, what it took, and their ratio."""
    schedule = cut_to(ready.config.schedule, here, seconds)
    ready.run.save_config(replace(ready.config, schedule=schedule))
    done = subprocess.run(
        [*launch.trainer_command(ready.run), "--quiet"], capture_output=True, encoding="utf-8", check=False
    )
    if done.returncode != 0:
        raise RunError(f"The training that was to verify it ended early: {done.stderr.strip()}")
    tail = Tail(ready.run.metrics)
    tail.read()
    predicted, actual = here.total(schedule), tail.records[-1].seconds
    ratio = predicted / actual
    return {"steps": schedule.steps, "predicted": predicted, "actual": actual, "ratio": ratio}


def main(arguments: list[str]) -> int:
    """Writes text or one JSON document; exit code 0, 1 if the learner's code raised, 2 if it cannot be done."""
    options = _options(arguments)
    run = Run(options.run.resolve())
    try:
        print("Measuring: it takes about half a minute.", file=sys.stderr)
        ready = make_ready(run, run.config())
        run.save_config(ready.config)
        found = machine.measure(ready.device)
        here, memory = measure_here(ready, found)
        data = _document(ready, found, here, memory)
        if options.verify:
            print(f"Verifying: it trains for about {options.seconds:.0f} s.", file=sys.stderr)
            data["verified"] = verify(ready, here, options.seconds)
    except TutorError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except Exception as error:  # noqa: BLE001 (a process boundary: the learner's code may raise anything)
        print(learner.told(error, run.config()), file=sys.stderr)
        return 1
    print(json.dumps(data, indent=2) if options.format == "json" else text_of(data))
    return 0


def _windows(config: RunConfig, found: Machine) -> int:
    """As many as are computed at once, or fewer, so that a step takes not much longer than the patience."""
    at_once = config.schedule.batch_size // config.schedule.accumulation
    flops = config.shape.block_size * config.shape.flops_per_token(config.vocab_size)
    pace = 0.3 * 1e12 * max(found.matmul.values())
    return max(1, min(at_once, int(_PATIENCE * pace / flops)))


def _drawn_per_second(ready: Ready) -> float:
    """Tokens of one text, as `tutor sample` would draw them."""
    tokenizer = tokenizer_of(ready.run, ready.config)
    trained = Trained(ready.run, ready.config, ready.parts, ready.model.eval(), ready.device.name, 0, tokenizer)
    drawn = make_writer(trained, Wish(tokens=10_000)).write()
    for _ in range(2):
        next(drawn)
    start = time.perf_counter()
    for number in count(1):
        next(drawn)
        if (spent := time.perf_counter() - start) > _OTHER_SECONDS or number == 9_000:
            break
    return number / spent


def _document(ready: Ready, found: Machine, here: Here, memory: int) -> dict[str, Any]:
    config, device = ready.config, ready.config.device
    assert device is not None
    schedule, shape = config.schedule, config.shape
    tokens = schedule.batch_size * shape.block_size
    flops = tokens * shape.flops_per_token(config.vocab_size)
    used = "tf32" if device.precision == "float32" and "tf32" in found.matmul else device.precision
    return document(
        "estimate",
        machine={
            "device": device.name,
            "label": device.label,
            "threads": device.threads,
            "matmul": found.matmul,
            "gigabytes_per_second": found.gigabytes_per_second,
            "kind": "measured",
        },
        training={
            "preset": config.preset,
            "model": "the tutor's own" if config.reference else "yours",
            "parameters": config.parameters,
            "steps": schedule.steps,
            "tokens_per_step": tokens,
            "flops_per_step": flops,
            "estimated_batches": schedule.evaluated_batches,
        },
        here={
            "seconds": here.total(schedule),
            "precision": device.precision,
            "compiled": device.compiled,
            "step_seconds": here.step,
            "batch_seconds": here.batch,
            "measured_windows": here.windows,
            "windows": schedule.batch_size,
            "tokens_per_second": tokens / here.step,
            "share": flops / here.step / (found.matmul[used] * 1e12) if found.matmul.get(used) else None,
            "memory_bytes": memory,
            "drawn_per_second": here.drawn_per_second,
            "processor": here.processor,
            "kind": "measured",
        },
        elsewhere=[asdict(each) for each in elsewhere(config)],
        verified=None,
    )


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tutor.trainer.estimate")
    parser.add_argument("run", type=Path)
    parser.add_argument("--verify", action="store_true")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--format", choices=["text", "json"], default="text")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
