"""Your GPT beside the tutor's, and what each step of speed buys: `python -m tutor.trainer.compare RUN_FOLDER …`.

The same training is computed in several ways, one after the other, each for some seconds in a process of its own. The
run is one that was only laid out.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tutor.core.documents import document
from tutor.core.errors import RunError
from tutor.core.run_config import RunConfig
from tutor.core.runs import Run
from tutor.trainer import devices
from tutor.trainer.rung import NAMES

_KEEP = 0.95
"""A rung below so much of the best speed before is not built on: a processor may be slower in bfloat16."""


@dataclass(frozen=True)
class Row:
    """One rung, or why it is missing."""

    name: str
    measured: dict[str, Any] | None
    """Fields of `rung.Measured`."""
    reason: str = ""

    @property
    def pace(self) -> float:
        """Tokens a second, 0 if it is missing."""
        return float(self.measured["tokens_per_second"]) if self.measured else 0.0


def climb(run: Run, seconds: float, names: tuple[str, ...] = NAMES) -> list[Row]:
    """All rungs. Raises RunError with the words of the learner's code if it cannot be trained."""
    rows: list[Row] = []
    shared: list[str] = []
    precision = "float32"
    for name in names:
        print(f"{name}: {TITLES[name]}", file=sys.stderr)
        row = _row(run, name, [f"--seconds={seconds}", f"--precision={precision}", *shared])
        best = max((each.pace for each in rows if each.name != "yours"), default=0.0)
        if row.measured and not shared:
            shared = [f"--windows={row.measured['windows']}", f"--threads={row.measured['threads']}"]
        if row.measured and name == "half" and row.pace > _KEEP * best:
            precision = row.measured["precision"]
        rows.append(row)
    return rows


def main(arguments: list[str]) -> int:
    """Writes the table or one JSON document; exit code 0, or 2 if the learner's model cannot be trained."""
    parser = argparse.ArgumentParser(prog="python -m tutor.trainer.compare")
    parser.add_argument("run", type=Path)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--format", choices=["text", "json"], default="text")
    options = parser.parse_args(arguments)
    run = Run(options.run.resolve())
    try:
        config = run.config()
        rows = climb(run, options.seconds)
    except RunError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    data = _document(config, options.seconds, rows)
    print(json.dumps(data, indent=2) if options.format == "json" else text_of(data))
    return 0


def text_of(data: dict[str, Any]) -> str:
    """The table for people."""
    first = next((row for row in data["rungs"] if row["windows"]), None)
    lines = [f"{data['preset']} on {data['device']}, {data['seconds']:g} s each"]
    if first:
        threads = f", threads: {first['threads']}" if data["device"] == "cpu" else ""
        lines[0] += f", {first['windows']} windows of {data['block_size']} tokens a step{threads}"
    lines.append(f"{'':44} {'tokens/s':>10} {'× before':>9} {'× yours':>8} {'memory':>8} {'loss':>7} {'steps':>6}")
    lines += [_line(row) for row in data["rungs"]]
    return "\n".join([*lines, "Loss is the mean of the last ten steps: all start from the same weights and batches."])


def _line(row: dict[str, Any]) -> str:
    title = f"{row['name']:8} {TITLES[row['name']]}"
    if row["reason"]:
        return f"{title:44} left out: {row['reason']}"
    times = "".join(
        f" {f'{row[key]:.2f}' if row[key] else '':>{width}}" for key, width in (("times_before", 9), ("times_yours", 8))
    )
    memory = f"{row['memory_bytes'] / 1e6:,.0f} MB"
    note = f"  {row['note']}" if row["note"] else ""
    return (
        f"{title:44} {row['tokens_per_second']:>10,.0f}{times} {memory:>8} {row['loss']:>7.3f} {row['steps']:>6}{note}"
    )


def _row(run: Run, name: str, words: list[str]) -> Row:
    """Starts a rung. Raises RunError if the learner's model cannot be trained; any other rung is left out then."""
    command = [sys.executable, "-m", "tutor.trainer.rung", str(run.path), name, *words]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    if done.returncode == 0:
        found = json.loads(done.stdout.splitlines()[-1])
        return Row(name, None, found["reason"]) if "reason" in found else Row(name, found)
    said = done.stderr.strip() or f"it ended with exit code {done.returncode}"
    if name == "yours":
        raise RunError(said)
    return Row(name, None, said.splitlines()[-1])


def _document(config: RunConfig, seconds: float, rows: list[Row]) -> dict[str, Any]:
    device = devices.choose(config.asked_device, config.shape.n_embd)
    return document(
        "comparison",
        preset=config.preset,
        device=device.name,
        label=device.label,
        seconds=seconds,
        block_size=config.shape.block_size,
        rungs=[_fields(row, rows[:number]) for number, row in enumerate(rows)],
    )


def _fields(row: Row, before: list[Row]) -> dict[str, Any]:
    """A row of the document; ratios are to the learner's model and to the last rung that was measured."""
    others = [each.pace for each in before if each.measured]
    yours = next((each.pace for each in before if each.name == "yours"), 0.0)
    found = row.measured or dict.fromkeys(_FIELDS)
    return {
        "name": row.name,
        "title": TITLES[row.name],
        **found,
        "note": found["note"] or "",
        "times_before": row.pace / others[-1] if row.measured and others else None,
        "times_yours": row.pace / yours if row.measured and yours else None,
        "reason": row.reason,
    }


TITLES = {
    "yours": "your GPT, float32",
    "naive": "ours, attention written out, float32",
    "tf32": "matrix products in TF32",
    "fused": "fused attention",
    "half": "bfloat16 or float16",
    "compile": "torch.compile",
}

_FIELDS = ("tokens_per_second", "memory_bytes", "loss", "steps", "windows", "precision", "threads", "note")

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
