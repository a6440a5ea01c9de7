"""Numbers to reach: those that the course names, and for trainings how near the learner's best has come.

Target    one number with the learner's own beside it
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tutor.core.course import Course, Milestone, Track
from tutor.core.errors import RunError
from tutor.core.metrics import Tail
from tutor.core.nearest import nearest
from tutor.core.presets import PRESETS
from tutor.core.runs import Run, list_runs


@dataclass(frozen=True)
class Target:
    """One milestone as it stands."""

    what: str
    number: float
    best: float | None = None
    """The learner's lowest validation loss with that preset; None where there is none, or no training counts."""
    reached: bool = False
    """Whether that is as low as the preset promises; seeds move a loss by a few hundredths."""


def targets(track: Track, best: Mapping[str, float]) -> tuple[Target, ...]:
    """The track's milestones in order; `best` is what `best_losses` found."""
    return tuple(_target(each, best.get(each.preset)) for each in track.milestones)


def best_losses(workspace: Path) -> dict[str, float]:
    """By preset, the lowest validation loss of the learner's own GPT on the text that the preset's number is for.

    Runs that cannot be read count for nothing. Reads every run's metrics: call it beside a screen, not on it.
    """
    found: dict[str, float] = {}
    for run in list_runs(workspace):
        preset, loss = _lowest(run)
        if loss is not None:
            found[preset] = min(loss, found.get(preset, math.inf))
    return found


def milestone_problems(course: Course) -> Iterator[str]:
    """Sentences on years, papers and milestones of the manifest that cannot be shown as they stand."""
    for track in course.tracks:
        place = f"course.toml, track {track.id}"
        if bool(track.year) != bool(track.paper.strip()):
            yield f"{place}: year and paper go together. Write both or neither."
        if track.year and not 1600 <= track.year <= 2100:
            yield f"{place}: {track.year} is no year of this history. Correct it."
        for each in track.milestones:
            yield from (f"{place}: {told}" for told in _problems(each))


def _problems(milestone: Milestone) -> Iterator[str]:
    if not milestone.what.strip():
        yield "a milestone does not say what is measured. Write it under 'what'."
    if milestone.preset and milestone.preset not in PRESETS:
        yield f"there is no preset {milestone.preset!r}. {nearest(milestone.preset, PRESETS)}"
    if bool(milestone.preset) == bool(milestone.number):
        yield f"the milestone “{milestone.what}” needs a number or the preset that knows it. Write one of them."
    if not math.isfinite(milestone.number):
        yield f"the milestone “{milestone.what}” has no finite number. Correct it."


def _target(milestone: Milestone, best: float | None) -> Target:
    preset = PRESETS.get(milestone.preset)
    if preset is None:
        return Target(milestone.what, milestone.number)
    return Target(milestone.what, preset.band.expected, best, best is not None and best <= preset.band.high)


def _lowest(run: Run) -> tuple[str, float | None]:
    try:
        config = run.config()
    except RunError:
        return "", None
    preset = PRESETS.get(config.preset)
    text = config.text.title if config.text and config.tokenizer == "char" else ""  # the number is for characters
    if preset is None or config.reference or text != preset.band.text:
        return config.preset, None
    tail = Tail(run.metrics)
    tail.read()
    losses = [each.val for each in tail.records if each.val is not None and math.isfinite(each.val)]
    return config.preset, min(losses, default=None)
