"""What a training is and how far it is, in a few lines."""

from __future__ import annotations

from collections.abc import Sequence

from textual.widgets import Static

from tutor.core.metrics import Record, duration, seconds_left
from tutor.core.runs import RunConfig, RunState


class RunFacts(Static):
    """Status, step, speed, time left, text, device, and what is borrowed."""

    DEFAULT_CSS = "RunFacts { height: auto; max-height: 8; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__("", id=id, markup=False)

    def show(self, config: RunConfig, state: RunState, records: Sequence[Record]) -> None:
        """Tells about this run."""
        self.update(facts(config, state, records, wide=self.size.width >= 90))


def facts(config: RunConfig, state: RunState, records: Sequence[Record], *, wide: bool) -> str:
    """The lines; where there is room, with what it is made of."""
    lines = [_progress(config, state, records), _measured(records)]
    if state.message and state.status not in ("training", "finished"):
        lines.append(state.message.split("\n")[0])
    lines.append(_origin(config))
    if wide:
        lines.append(_code(config))
    return "\n".join(line for line in lines if line)


def _progress(config: RunConfig, state: RunState, records: Sequence[Record]) -> str:
    steps = config.schedule.steps
    step = records[-1].step if records else 0
    line = f"{state.status}, step {step:,} of {steps:,} ({100 * step // steps} %)"
    left = seconds_left(list(records), steps)
    if state.status == "training" and left is not None:
        line += f", {duration(left)} left"
    elif records:
        line += f", trained {duration(records[-1].seconds)}"
    return line


def _measured(records: Sequence[Record]) -> str:
    paces = [each.tokens_per_second for each in records[-30:] if each.tokens_per_second]
    evaluated = [each for each in records if each.val is not None]
    parts = []
    if evaluated:
        parts.append(f"train {evaluated[-1].train:.4f}  val {evaluated[-1].val:.4f}")
    if paces:
        parts.append(f"{sum(paces) / len(paces):,.0f} tokens/s")
    return "  ".join(parts)


def _origin(config: RunConfig) -> str:
    parts = [f"{config.parameters:,} parameters"] if config.parameters else []
    if config.text:
        parts.append(config.text.title)
    if config.device:
        parts.append(f"{config.device.name} ({config.device.label})")
    return " · ".join(parts)


def _code(config: RunConfig) -> str:
    if config.reference:
        return "the tutor's own GPT, for comparison"
    borrowed = [each.exercise for each in config.code if each.borrowed]
    return f"borrowed: {', '.join(borrowed)}" if borrowed else "made of your files alone"
