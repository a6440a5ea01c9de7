"""What a run's files say at a glance: one set of figures for the dashboard, `tutor runs` and its JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tutor.core.metrics import Record, duration, seconds_left
from tutor.core.presets import PRESETS, Band
from tutor.core.run_config import RunConfig
from tutor.core.runs import RunState

RECENT = 30
"""Records over which a speed is a mean."""


@dataclass(frozen=True)
class Figures:
    """How far a training is and how it does; None where nothing was measured yet."""

    status: str
    step: int
    steps: int
    seconds: float
    """Trained so far, all sittings together."""
    seconds_left: float | None
    train: float | None
    """Loss on the training split, as last estimated."""
    val: float | None
    """Loss on the validation split."""
    learning_rate: float | None
    grad_norm: float | None
    """Length of the gradient before it was limited."""
    tokens_per_second: float | None
    teraflops: float | None
    """TFLOP/s that those tokens are, by the formula of `Shape.flops_per_token`."""
    mfu: float | None
    """That over the peak: model FLOP utilisation (PaLM, appendix B)."""
    memory: int | None
    """Bytes."""
    ratios: dict[str, float] | None
    """Update to data of each matrix, as last measured."""


def figures(config: RunConfig, state: RunState, records: Sequence[Record]) -> Figures:
    """The figures after these records, which are in order."""
    pace = _pace(records)
    flops = None if pace is None else pace * config.shape.flops_per_token(config.vocab_size) / 1e12
    peak = config.device.peak if config.device else 0.0
    return Figures(
        state.status,
        records[-1].step if records else state.step,
        config.schedule.steps,
        records[-1].seconds if records else 0.0,
        seconds_left(list(records[-40:]), config.schedule.steps),
        _last(records, "train"),
        _last(records, "val"),
        _last(records, "learning_rate"),
        _last(records, "grad_norm"),
        pace,
        flops,
        flops / peak if flops is not None and peak else None,
        _last(records, "memory"),
        _last(records, "ratios"),
    )


def expected_band(config: RunConfig) -> Band | None:
    """The losses that this training must end in; None where shape, schedule or text are not those of a preset."""
    preset = PRESETS.get(config.preset)
    if preset is None or config.text is None or config.tokenizer != "char":
        return None
    as_planned = preset.schedule == config.schedule and preset.shape == config.shape
    return preset.band if as_planned and preset.band.text == config.text.title else None


def progress_line(found: Figures) -> str:
    """'training, step 400 of 2,000 (20 %), 1:02 min left'."""
    line = f"{found.status}, step {found.step:,} of {found.steps:,} ({100 * found.step // max(1, found.steps)} %)"
    if found.status in ("training", "paused") and found.seconds_left is not None:
        return f"{line}, {duration(found.seconds_left)} left"
    return f"{line}, trained {duration(found.seconds)}" if found.step else line


def loss_line(found: Figures, band: Band | None) -> str:
    """'train 1.9012  val 1.9534  (expected at the end 1.88: 1.80 to 1.94)'; '' where there is nothing to tell."""
    parts = [] if found.val is None or found.train is None else [f"train {found.train:.4f}  val {found.val:.4f}"]
    if band is not None:
        parts.append(f"(expected at the end {band.expected:.2f}: {band.low:.2f} to {band.high:.2f})")
    return "  ".join(parts)


def speed_lines(config: RunConfig, found: Figures) -> list[str]:
    """Learning rate, gradient and memory; tokens a second and what they are of the stated peak."""
    first, second = [], []
    if found.learning_rate is not None:
        first.append(f"learning rate {found.learning_rate:.2e}")
    if found.grad_norm is not None:
        first.append(f"gradient {found.grad_norm:.2f}")
    if found.memory is not None:
        first.append(f"memory {_bytes(found.memory)}")
    if found.tokens_per_second is not None and found.teraflops is not None:
        second.append(f"{found.tokens_per_second:,.0f} tokens/s")
        second.append(_utilisation(config, found.teraflops, found.mfu))
    return [" · ".join(each) for each in (first, second) if each]


def _utilisation(config: RunConfig, teraflops: float, mfu: float | None) -> str:
    device = config.device
    if mfu is None or device is None:
        return _flops(teraflops)
    return f"MFU {100 * mfu:.0f} % of {_flops(device.peak)} ({device.peak_source})"


def _flops(tera: float) -> str:
    return f"{tera:.3g} TFLOP/s" if tera >= 1 else f"{1000 * tera:.3g} GFLOP/s"


def _pace(records: Sequence[Record]) -> float | None:
    paces = [each.tokens_per_second for each in records[-RECENT:] if each.tokens_per_second]
    return sum(paces) / len(paces) if paces else None


def _last(records: Sequence[Record], name: str) -> Any:
    return next((value for each in reversed(records) if (value := getattr(each, name)) is not None), None)


def _bytes(count: int) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB"
