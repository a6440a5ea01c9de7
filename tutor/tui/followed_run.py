"""A run that a screen follows: its files, read again as they grow. No trainer is talked to, so any run can be."""

from __future__ import annotations

from tutor.core.errors import RunError
from tutor.core.figures import Figures, expected_band, figures
from tutor.core.metrics import Record, Tail
from tutor.core.presets import Band
from tutor.core.run_config import RunConfig
from tutor.core.runs import Run, RunState
from tutor.tui.glyphs import clean

_MOST_SAMPLES = 200_000
"""Characters of the samples that are kept in view."""


class FollowedRun:
    """One run as it was at the last look."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.config: RunConfig | None = None
        self.state = RunState("starting")
        self.trouble = ""
        """Why its folder cannot be read, '' if it can."""
        self._tail = Tail(run.metrics)
        self.look()

    @property
    def records(self) -> list[Record]:
        """What was measured so far."""
        return self._tail.records

    def look(self) -> bool:
        """Reads what is new; True if there is anything to draw."""
        before = (self.state, self.trouble)
        changed = self._tail.read()
        try:
            if self.config is None or self.config.device is None or before[0].status == "starting" or not self.records:
                self.config = self.run.config()
            self.trouble = ""
        except RunError as error:
            self.trouble = str(error)
        self.state = self.run.state()
        return changed or before != (self.state, self.trouble)

    @property
    def figures(self) -> Figures | None:
        """Its figures; None where its folder cannot be read."""
        return figures(self.config, self.state, self.records) if self.config else None

    @property
    def band(self) -> Band | None:
        """Where its loss must end."""
        return expected_band(self.config) if self.config else None

    def zoomed(self) -> list[Record]:
        """Without the first quarter of the steps."""
        records = self.records
        return [each for each in records if each.step >= records[-1].step / 4] if records else []

    def samples(self) -> list[str]:
        """The texts written on the way, each from its heading on, with nothing in them that could steer a terminal."""
        text = clean(self.run.last_samples(_MOST_SAMPLES)).strip("\n")
        pieces = ("\n" + text).split("\n--- step ")
        return [f"--- step {each}" for each in pieces[1:]] or ([text] if text else [])

    def log(self, lines: int) -> str:
        """The end of what the trainer said."""
        return "\n".join(clean(self.run.last_log(200 * lines)).rstrip("\n").split("\n")[-lines:])
