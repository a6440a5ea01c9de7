"""Several runs side by side: their validation losses at equal steps and at equal times.

A loss between two estimates is taken from the straight line between them, and marked as such.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tutor.core.metrics import Record, Tail, duration
from tutor.core.run_config import RunConfig
from tutor.core.runs import Run

_ROWS = 10
"""Of a table at most."""


@dataclass(frozen=True)
class Measured:
    """One run with what it measured."""

    name: str
    config: RunConfig
    records: tuple[Record, ...]

    @property
    def estimates(self) -> list[Record]:
        """The records that have a validation loss."""
        return [each for each in self.records if each.val is not None]


@dataclass(frozen=True)
class Loss:
    """A validation loss at one mark."""

    value: float
    between: bool
    """True if it lies between two estimates."""


@dataclass(frozen=True)
class Row:
    """All runs at one mark."""

    mark: float
    """A step, or seconds."""
    losses: tuple[Loss, ...]
    """In the order of the runs."""


@dataclass(frozen=True)
class Comparison:
    """Runs side by side, as far as all of them have come."""

    runs: tuple[Measured, ...]
    by_step: tuple[Row, ...]
    by_time: tuple[Row, ...]

    @property
    def same_text(self) -> bool:
        """Whether their losses can be compared at all: the same text in the same tokens."""
        return len({_learnt(each.config) for each in self.runs}) == 1


def read(run: Run) -> Measured:
    """A run as its files are now. Raises RunError."""
    tail = Tail(run.metrics)
    tail.read()
    return Measured(run.name, run.config(), tuple(tail.records))


def compare(runs: Sequence[Measured]) -> Comparison:
    """The runs in this order; without rows where one has no estimate yet."""
    if not all(each.estimates for each in runs):
        return Comparison(tuple(runs), (), ())
    last = min(each.estimates[-1].step for each in runs)
    steps = sorted({record.step for each in runs for record in each.estimates if record.step <= last})
    end = min(each.estimates[-1].seconds for each in runs)
    start = max(each.estimates[0].seconds for each in runs)
    times = [start + (end - start) * n / (_ROWS - 1) for n in range(_ROWS)] if end > start else []
    return Comparison(
        tuple(runs),
        tuple(_row(runs, mark, lambda record: record.step) for mark in _thinned(steps)),
        tuple(_row(runs, mark, lambda record: record.seconds) for mark in times),
    )


def comparison_lines(found: Comparison) -> list[str]:
    """The tables, and who is ahead."""
    names = [each.name for each in found.runs]
    width = max(10, *(len(each) for each in names))
    if not found.by_step:
        waiting = ", ".join(each.name for each in found.runs if not each.estimates)
        return [f"{waiting}: no loss was measured yet. Compare again in a while."]
    lines = [] if found.same_text else ["They do not learn the same text: losses of different texts say little."]
    for title, rows, mark in (
        ("at equal steps", found.by_step, lambda each: f"{each:,.0f}"),
        ("at equal times", found.by_time, duration),
    ):
        if rows:
            lines += ["", f"Validation loss {title}", f"{'':>12}  " + "  ".join(f"{each:>{width}}" for each in names)]
            lines += [
                f"{mark(row.mark):>12}  " + "  ".join(f"{_shown(each):>{width}}" for each in row.losses) for row in rows
            ]
            lines.append(
                _ahead(names, rows[-1], f"{mark(rows[-1].mark)}" if mark is duration else f"step {mark(rows[-1].mark)}")
            )
    if any(each.between for rows in (found.by_step, found.by_time) for row in rows for each in row.losses):
        lines += ["", "~ lies on the line between two estimates."]
    return lines[1:] if lines and not lines[0] else lines


def _row(runs: Sequence[Measured], mark: float, of: Callable[[Record], float]) -> Row:
    return Row(
        mark, tuple(_loss_at([(of(record), record.val or 0.0) for record in each.estimates], mark) for each in runs)
    )


def _loss_at(points: Sequence[tuple[float, float]], mark: float) -> Loss:
    """On the line through the points, whose marks rise; before the first and after the last it is level."""
    before = [each for each in points if each[0] <= mark] or [points[0]]
    after = [each for each in points if each[0] >= mark] or [points[-1]]
    (left, low), (right, high) = before[-1], after[0]
    if left >= right:
        return Loss(low, between=False)
    return Loss(low + (high - low) * (mark - left) / (right - left), between=True)


def _thinned(marks: Sequence[int]) -> list[int]:
    """Some of them, evenly; the last one stays."""
    every = -(-len(marks) // _ROWS)
    return list(marks[(len(marks) - 1) % every :: every])


def _shown(loss: Loss) -> str:
    return f"{'~' if loss.between else ''}{loss.value:.4f}"


def _ahead(names: Sequence[str], row: Row, mark: str) -> str:
    ordered = sorted(zip((each.value for each in row.losses), names, strict=True))
    (best, name), (second, _) = ordered[0], ordered[1]
    if best == second:
        return f"{'':>12}  At {mark}, the lowest loss is that of more than one."
    return f"{'':>12}  At {mark}, {name} has the lowest loss, by {second - best:.4f}."


def _learnt(config: RunConfig) -> tuple[str, str, int]:
    return (config.text.sha256 if config.text else config.asked_text, config.tokenizer, config.vocab_size)
