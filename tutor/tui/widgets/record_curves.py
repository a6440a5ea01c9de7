"""Curves of one training's records, drawn at whatever size there is."""

from __future__ import annotations

import os
from collections.abc import Sequence

from rich.text import Text
from textual.widgets import Static

from tutor.core.metrics import Record


class RecordCurves(Static):
    """Draws the records that it is shown; what of them, a subclass says."""

    DEFAULT_CSS = "RecordCurves { height: 1fr; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__("", id=id)
        self._records: Sequence[Record] = ()

    def picture(self, records: Sequence[Record], width: int, height: int, *, colour: bool) -> Text:
        """The records in that many columns and lines."""
        raise NotImplementedError

    def show(self, records: Sequence[Record]) -> None:
        """Draws these records at the size that the widget has."""
        self._records = records
        drawn = self.picture(records, self.size.width, self.size.height, colour=not os.environ.get("NO_COLOR"))
        self.update(drawn, layout=False)

    def on_resize(self) -> None:
        """Draws again at the new size."""
        self.show(self._records)
