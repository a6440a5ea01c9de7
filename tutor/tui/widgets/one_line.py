"""A line to type in that takes what fits a line, whatever is pasted into it."""

from __future__ import annotations

from typing import Any

from textual import events
from textual.widgets import Input

MOST = 4_000
"""Characters. With a million, each key takes a second, for all of them are measured again."""


class OneLine(Input):
    """Textual's input, of which a paste takes the first line, or all with `end` in place of line ends."""

    def __init__(self, value: str = "", *, end: str = "", **options: Any) -> None:
        super().__init__(value, **options)
        self._end = end

    def on_paste(self, event: events.Paste) -> None:
        """Cuts what is pasted; Textual's own handler then takes it."""
        text = self._end.join(event.text.splitlines()) if self._end else event.text
        room = max(0, MOST - len(self.value) + len(self.selected_text))
        if len(text.partition("\n")[0]) > room:
            self.notify(f"Only {MOST:,} characters fit in here; the rest is left out.", severity="warning")
        event.text = text[:room]
