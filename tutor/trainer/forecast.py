"""How long a training takes: from what a few of its steps took here, and from other chips' published peaks."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

from tutor.core.chips import CHIPS, Chip, reach
from tutor.core.presets import PRESETS, Schedule
from tutor.core.run_config import RunConfig
from tutor.trainer.loop import SAMPLE_TOKENS

Kind = Literal["measured", "published", "estimated"]


@dataclass(frozen=True)
class Here:
    """What the parts of a training take on this machine, in seconds."""

    step: float
    """One update with the whole batch."""
    batch: float
    """One batch of an estimate of the loss."""
    token: float
    """One token of the samples on the way."""
    windows: int
    """Windows of text in the steps that were measured; where it is not the whole batch, times were scaled."""
    drawn_per_second: float
    """Tokens that `tutor sample` draws in a second."""
    processor: float
    """Part of its threads' time that the processor gave to the steps; well below 1, others were busy on it."""

    def total(self, schedule: Schedule) -> float:
        """Seconds of a whole training, from its first estimate of the loss to its last sample."""
        samples = 1 + min(schedule.samples, math.ceil(schedule.steps / schedule.eval_every))
        tokens = samples * SAMPLE_TOKENS
        return schedule.steps * self.step + schedule.evaluated_batches * self.batch + tokens * self.token


@dataclass(frozen=True)
class Elsewhere:
    """The same training on another device."""

    device: str
    seconds: tuple[float, float]
    """From, to."""
    kind: Kind
    precision: str
    peak: float
    """TFLOP/s in that precision, published."""
    share: float
    """Part of the peak that the estimate counts on."""
    gigabytes_per_second: float
    """Of its memory, published."""
    drawn_per_second: float
    """Tokens in a second, one text at a time; estimated."""
    source: str
    """Of the peaks; of the time where that is not estimated."""


def elsewhere(config: RunConfig) -> list[Elsewhere]:
    """All chips of the table; times that were published for exactly this training stand in for estimates."""
    return [_on(chip, config) for chip in CHIPS]


def _on(chip: Chip, config: RunConfig) -> Elsewhere:
    shape, schedule = config.shape, config.schedule
    flops = schedule.batch_size * shape.block_size * shape.flops_per_token(config.vocab_size)
    found = reach(chip, shape, shape.parameters(config.vocab_size), flops, schedule.batch_size)
    seconds = found.step_seconds * (schedule.steps + schedule.evaluated_batches / 3)
    span, kind, source = (seconds, seconds), "estimated", chip.source
    preset = PRESETS.get(config.preset)
    if preset and (preset.shape, preset.schedule) == (shape, schedule):
        for each in preset.durations:
            if each.device == chip.name and each.kind != "estimate":
                span, kind, source = each.seconds, each.kind, preset.band.source
    return Elsewhere(
        chip.name,
        span,
        kind,  # type: ignore[arg-type]
        found.precision,
        found.peak,
        found.share,
        chip.gigabytes_per_second,
        found.tokens_per_second,
        source,
    )


def cut_to(schedule: Schedule, here: Here, seconds: float) -> Schedule:
    """A training of about so many seconds with the same steps, and with estimates and samples as far as they fit in.

    They are cut down to a fifth of the time; what is left is for steps.
    """
    if here.total(schedule) <= seconds:
        return schedule
    batches = max(1, int(seconds / 5 / 4 / max(here.batch, 1e-9)))
    schedule = replace(
        schedule,
        eval_batches=min(schedule.eval_batches, batches),
        final_batches=min(schedule.final_batches, batches),
        samples=min(schedule.samples, 1),
        warmup=0,
        decay_steps=schedule.decay_steps or schedule.steps,
    )
    steps = 1
    for more in (1 << power for power in range(24, -1, -1)):  # the largest number that fits, bit by bit
        if here.total(replace(schedule, steps=steps + more)) <= seconds:
            steps += more
    return replace(schedule, steps=steps)
