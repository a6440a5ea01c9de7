"""What a training is and how far it is, in a few lines."""

from __future__ import annotations

from textual.widgets import Static

from tutor.core.figures import loss_line, progress_line, speed_lines
from tutor.core.render import one_line
from tutor.core.run_config import RunConfig
from tutor.tui.followed_run import FollowedRun
from tutor.tui.keys import named

_RESUME = "<training.resume> lets it go on."
"""For what a trainer's last words advise: they were said to a terminal."""


class RunFacts(Static):
    """Status, losses, schedule, speed, text, device, and what is borrowed."""

    DEFAULT_CSS = "RunFacts { height: auto; max-height: 8; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__("", id=id, markup=False)
        self._heights: list[int] = []
        """Of its lines, as they are wrapped: the screen is laid out anew only where they change."""

    def show(self, followed: FollowedRun) -> None:
        """Tells about this run."""
        text = followed.trouble or facts(followed, wide=self.size.width >= 90)
        text = text.replace(f"Continue with `tutor train --resume {followed.run.name}`.", named(self, _RESUME))
        heights, self._heights = self._heights, [len(line) // max(1, self.size.width) for line in text.split("\n")]
        self.update(text, layout=heights != self._heights)


def facts(followed: FollowedRun, *, wide: bool) -> str:
    """The lines; where there is room, with what it is made of."""
    config, found, state = followed.config, followed.figures, followed.state
    if config is None or found is None:
        return "The run is being laid out."
    speed = speed_lines(config, found)
    lines = [progress_line(found), loss_line(found, followed.band if wide else None)]
    lines += speed
    if state.message and state.status not in ("training", "paused", "finished"):
        lines.append(one_line(state.message.split("\n")[0]))
    if wide or not speed:
        lines += [_origin(config), _code(config) if wide else ""]
    return "\n".join(line for line in lines if line)


def _origin(config: RunConfig) -> str:
    parts = [f"{config.parameters:,} parameters"] if config.parameters else []
    if config.text:
        parts.append(one_line(config.text.title))
    if config.device:
        parts.append(f"{config.device.name} ({one_line(config.device.label)}), {config.device.precision}")
    return " · ".join(parts)


def _code(config: RunConfig) -> str:
    if config.reference:
        return "the tutor's own GPT, for comparison"
    borrowed = [each.exercise for each in config.code if each.borrowed]
    return f"borrowed: {', '.join(borrowed)}" if borrowed else "made of your files alone"
