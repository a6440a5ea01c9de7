"""What a training measured: one Record a line, read while the file grows."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Record:
    """One line of metrics. After `step` updates, some of these are known."""

    step: int
    seconds: float
    """Time trained so far, all sittings together."""
    loss: float | None = None
    """Mean training loss of the steps since the last such line."""
    tokens_per_second: float | None = None
    learning_rate: float | None = None
    """Of the last of these steps."""
    grad_norm: float | None = None
    """Length of the last step's gradient before it was limited."""
    ratios: dict[str, float] | None = None
    """Update to data of each matrix in the last step: std of its change over its std."""
    memory: int | None = None
    """Bytes that the GPU needed at most so far; on a processor, those of the whole process now."""
    train: float | None = None
    """Estimated loss on the training split."""
    val: float | None = None
    """Estimated loss on the validation split."""


@dataclass
class Tail:
    """Reads a growing file of records, each line once."""

    path: Path
    records: list[Record] = field(default_factory=list)
    """All read so far, in order."""
    _offset: int = 0

    def read(self) -> bool:
        """Takes up what was added since the last call; True if there was anything."""
        try:
            with self.path.open("rb") as file:
                if file.seek(0, 2) < self._offset:
                    self._restart()
                file.seek(self._offset)
                data = file.read()
        except OSError:
            return False
        complete = data[: data.rfind(b"\n") + 1]
        self._offset += len(complete)
        new = [record for line in complete.splitlines() if (record := _record(line))]
        if new and self.records and new[0].step < self.records[-1].step:
            self._restart()  # cut back and grown again between two looks
            return self.read()
        self.records += new
        return bool(new)

    def _restart(self) -> None:
        self.records.clear()
        self._offset = 0


def seconds_left(records: list[Record], steps: int) -> float | None:
    """How long the rest takes at the pace of late, evaluations included; None while that is not known."""
    recent = records[-40:]
    if len(recent) < 2 or recent[-1].step == recent[0].step:
        return None
    pace = (recent[-1].seconds - recent[0].seconds) / (recent[-1].step - recent[0].step)
    return max(0.0, (steps - recent[-1].step) * pace)


def duration(seconds: float) -> str:
    """'42 s', '3:05 min', '2:10 h'."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60}:{whole % 60:02} min"
    return f"{whole // 3600}:{whole % 3600 // 60:02} h"


def _record(line: bytes) -> Record | None:
    try:
        data = json.loads(line)
        return Record(**data)
    except (ValueError, TypeError):
        return None
