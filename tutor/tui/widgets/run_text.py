"""What a model wrote while it was trained, sample by sample, or what its trainer said."""

from __future__ import annotations

from textual.widgets import Static

from tutor.tui.followed_run import FollowedRun
from tutor.tui.keys import named

_EMPTY = """\
No training yet. <training.new> starts one: your GPT learns to write like the text you give it.

Its losses, updates and samples appear here while it learns. It goes on when you leave this screen or the tutor."""

_TURN = "<training.earlier> earlier, <training.later> later"


class RunText(Static):
    """The newest sample, an earlier one, or the log."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, markup=False)
        self._run: FollowedRun | None = None
        self._logging = False
        self._back = 0
        """How many samples before the newest one."""

    def on_mount(self) -> None:
        """Nothing to show yet."""
        self.update(named(self, _EMPTY))

    def follow(self, run: FollowedRun) -> None:
        """Another run's texts."""
        self._run, self._back = run, 0

    def toggle(self) -> None:
        """From samples to log, and back."""
        self._logging = not self._logging
        self.write()

    def turn(self, step: int) -> None:
        """To an earlier (-1) or a later (1) sample."""
        if self._run is not None:
            self._logging = False
            self._back = min(max(0, self._back - step), max(0, len(self._run.samples()) - 1))
            self.write()

    def on_resize(self) -> None:
        """Writes again: other lines fit."""
        self.write()

    def write(self) -> None:
        """Writes what there is now."""
        if self._run is None:
            return
        text = self._text(self._run, max(1, self.size.height))
        if text != self.content:
            self.update(text, layout=False)

    def _text(self, run: FollowedRun, height: int) -> str:
        if self._logging:
            return run.log(height) or "The trainer has said nothing yet."
        samples = run.samples()
        if not samples:
            return "No sample yet."
        back = min(self._back, len(samples) - 1)
        heading, _, text = samples[len(samples) - 1 - back].partition("\n")
        place = f"  ({len(samples) - back} of {len(samples)}; {named(self, _TURN)})" if len(samples) > 1 else ""
        return "\n".join([heading + place, *text.strip("\n").split("\n")][:height])
