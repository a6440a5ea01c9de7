"""What a preset reaches when it is trained to its end, through the command line, in a fresh workspace.

Validation loss beside the preset's band, seconds beside the floor that the device's peak sets, and a sample. Optionally
the trainer is killed with SIGKILL half-way and resumed: the loss must be that of an uninterrupted run.
"""

from __future__ import annotations

import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tutor.core.metrics import Tail
from tutor.core.presets import PRESETS, training_flops
from tutor.core.runs import Run

TUTOR = [sys.executable, "-m", "tutor"]


def reach(
    preset: str, data: str, device: str, reference: bool, kill: bool, settings: list[str] | None = None
) -> dict[str, object]:
    """Trains the preset with all its steps; with `kill` it dies once on the way."""
    with tempfile.TemporaryDirectory() as folder:
        tutor = [*TUTOR, "--workspace", folder]
        command = [*tutor, "train", "--preset", preset, "--data", data, "--device", device, "--name", "run"]
        command += [word for each in settings or [] for word in ("--set", each)]
        command += ["--reference"] if reference else []
        run = Run(Path(folder) / "runs" / "run")
        start = time.monotonic()
        if kill:
            kill_half_way(command, run)
            command = [*tutor, "train", "--resume", "run"]
        subprocess.run(command, stdout=sys.stderr, check=True)
        wall = time.monotonic() - start
        sample = [*tutor, "sample", "run", "--tokens", "300", "--seed", "1", "--device", device]
        text = subprocess.run(sample, check=True, capture_output=True, encoding="utf-8").stdout
        return {**figures(run, wall), "sample": text}


def figures(run: Run, wall: float) -> dict[str, object]:
    """The run in numbers; MFU is against the published peak, with the work of estimating the losses counted."""
    tail, config = Tail(run.metrics), run.config()
    tail.read()
    device, band = config.device, PRESETS[config.preset].band
    assert device is not None
    paces = [each.tokens_per_second for each in tail.records if each.tokens_per_second]
    flops = training_flops(config.shape, config.schedule, len(config.vocabulary))
    peak = 1e12 * device.peak if device.peak_source == "data sheet" else None
    seconds, pace = tail.records[-1].seconds, statistics.median(paces)
    vals = [(each.step, each.val) for each in tail.records if each.val is not None]
    return {
        "preset": config.preset,
        "reference": config.reference,
        "text": config.text.title if config.text else "",
        "parameters": config.parameters,
        "validation_loss": vals[-1][1],
        "lowest_validation_loss": min(vals, key=lambda each: each[1]),
        "band": (band.low, band.expected, band.high),
        "seconds_wall": round(wall, 1),
        "seconds_trained": round(seconds, 1),
        "tokens_per_second": round(pace),
        "flop": flops,
        "floor_seconds": round(flops / peak, 1) if peak else None,
        "mfu_of_steps": round(pace * config.shape.flops_per_token(len(config.vocabulary)) / peak, 4) if peak else None,
        "mfu_of_all": round(flops / seconds / peak, 4) if peak else None,
        "device": f"{device.label}: {device.reason}",
        "threads": device.threads,
    }


def kill_half_way(command: list[str], run: Run) -> None:
    tail = Tail(run.metrics)
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        while not tail.records or tail.records[-1].step < run.config().schedule.steps // 2:
            if process.poll() is not None:
                sys.exit("The training ended before it could be killed.")
            time.sleep(0.1)
            tail.read()
        os.kill(run.state().pid, signal.SIGKILL)
    state = run.state()
    print(f"Killed at step {tail.records[-1].step}: {state.status}, checkpoint of step {state.step}.", file=sys.stderr)
