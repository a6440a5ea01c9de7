"""What a preset reaches: `python tests/benchmarks/training.py PRESET [--data FILE] [--reference] [--kill]`.

Trains the GPT that the course's solutions make, through the command line, in a fresh workspace. Prints JSON: validation
loss beside the preset's gate, minutes, tokens a second (median), threads, and the first 300 characters of a sample.
`--kill` kills the trainer with SIGKILL half-way and resumes it: the loss must be that of an uninterrupted run.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tutor.core.metrics import Tail
from tutor.core.presets import PRESETS
from tutor.core.runs import Run

TUTOR = [sys.executable, "-m", "tutor"]


def main() -> None:
    options = parse()
    with tempfile.TemporaryDirectory() as folder:
        tutor = [*TUTOR, "--workspace", folder]
        command = [*tutor, "train", "--preset", options.preset, "--data", options.data, "--name", "run"]
        command += ["--reference"] if options.reference else []
        run = Run(Path(folder) / "runs" / "run")
        if options.kill:
            kill_half_way(command, run)
            command = [*tutor, "train", "--resume", "run"]
        subprocess.run(command, stdout=sys.stderr, check=True)
        sample = [*tutor, "sample", "run", "--tokens", "300", "--seed", "1"]
        text = subprocess.run(sample, check=True, capture_output=True, encoding="utf-8").stdout
        print(json.dumps({**figures(run), "sample": text}, indent=1))


def figures(run: Run) -> dict[str, object]:
    tail, config = Tail(run.metrics), run.config()
    tail.read()
    preset = PRESETS[config.preset]
    paces = [each.tokens_per_second for each in tail.records if each.tokens_per_second]
    return {
        "preset": preset.name,
        "text": config.text.title if config.text else "",
        "parameters": config.parameters,
        "validation_loss": tail.records[-1].val,
        "at_most": preset.at_most,
        "minutes": round(tail.records[-1].seconds / 60, 2),
        "tokens_per_second": round(statistics.median(paces)),
        "device": config.device.label if config.device else "",
        "threads": config.device.threads if config.device else 0,
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


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("preset", choices=list(PRESETS))
    parser.add_argument("--data", default="shakespeare")
    parser.add_argument("--reference", action="store_true")
    parser.add_argument("--kill", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
