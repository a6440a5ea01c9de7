"""The lecture's fourth picture of a training of the learner's: update over data of each matrix, over its steps."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tutor.core.errors import PictureError
from tutor.core.metrics import Tail
from tutor.core.painting import whose_code
from tutor.core.picture import Lines, Picture, Series
from tutor.core.run_config import RunConfig
from tutor.core.runs import Run, find_run
from tutor.core.updates import TARGET, farthest, histories

LATEST = "latest"
_History = Sequence[tuple[float, float]]


def run_updates(order: dict[str, Any], say: Callable[[str], None]) -> Picture:
    """A panel for each kind of matrix, with a curve for each layer; nothing is computed, the run has measured it."""
    run = _run(order)
    tail = Tail(run.metrics)
    tail.read()
    by_name = histories(tail.records)
    if not by_name or len(next(iter(by_name.values()))) < 2:
        raise PictureError(f"{run.name} has measured too few updates to draw. Let it train for a minute.")
    latest = {name: points[-1][1] for name, points in by_name.items()}
    far = ", ".join(f"{name} {latest[name]:.1f}" for name in farthest(latest, 3))
    says = (
        f"Your run {run.name}, {len(by_name)} matrices. Farthest from {TARGET:.0f} at the end: {far}.",
        "About -3 is healthy. Far above: the rate is too high; far below: it learns too slowly.",
    )
    panels = tuple(_panel(title, {name: by_name[name] for name in names}) for title, names in _kinds(list(by_name)))
    return Picture("run_updates", "Update over data in your training", says, whose_run(run.config()), panels)


def whose_run(config: RunConfig) -> str:
    """Whose code a run trained, in a sentence."""
    own = [each.exercise for each in config.code if not each.borrowed]
    borrowed = [each.exercise for each in config.code if each.borrowed]
    return "Computed by the tutor's own GPT." if config.reference else whose_code(own, borrowed)


def _run(order: dict[str, Any]) -> Run:
    """The one that was named, else the latest. Raises PictureError."""
    if not order["run"]:
        raise PictureError("No training of yours has saved a checkpoint yet. Start one with `tutor train`.")
    latest = Run(Path(order["run"]))
    name = order["on"].strip()
    return latest if name in ("", LATEST) else find_run(latest.path.parent.parent, name)


def _kinds(names: Sequence[str]) -> list[tuple[str, list[str]]]:
    """Names that differ in numbers only stand together, so that layers are compared; the others come first."""
    kinds: dict[str, list[str]] = {}
    for name in names:
        kinds.setdefault(re.sub(r"\d+", "N", name), []).append(name)
    single = [group[0] for group in kinds.values() if len(group) == 1]
    found = [(kind, group) for kind, group in kinds.items() if len(group) > 1]
    return [("not in a layer" if found else "all matrices", single), *found] if single else found


def _panel(title: str, by_name: dict[str, _History]) -> Lines:
    steps = [step for points in by_name.values() for step, _ in points]
    target = Series(f"healthy: {TARGET:.0f}", (min(steps), max(steps)), (TARGET, TARGET))
    series = [_series(name, points) for name, points in by_name.items()]
    return Lines(f"log10 of update over data: {title}", "step", "log10", (*series, target))


def _series(name: str, points: _History) -> Series:
    return Series(name, tuple(step for step, _ in points), tuple(ratio for _, ratio in points))
