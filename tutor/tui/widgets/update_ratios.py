"""How large the last update of each matrix was beside its weights: lecture 4's fourth picture."""

from __future__ import annotations

from collections.abc import Sequence

from textual.widgets import Static

from tutor.core.metrics import Record
from tutor.core.updates import update_lines

_LEGEND = "o now, - where it has been, | healthy: -3"


class UpdateRatios(Static):
    """A line for each matrix, on a scale with the target in it."""

    DEFAULT_CSS = "UpdateRatios { height: 1fr; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__("", id=id, markup=False)
        self._records: Sequence[Record] = ()

    def show(self, records: Sequence[Record]) -> None:
        """Draws these records at the size that the widget has."""
        self._records = records
        width, height = self.size
        lines = update_lines(records, width, height - 1)
        if len(lines) > 1:
            lines.append(_LEGEND[:width])
        self.update("\n".join(lines), layout=False)

    def on_resize(self) -> None:
        """Draws again at the new size."""
        self.show(self._records)
