"""Learning rate and gradient over the steps, one above the other."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from tutor.core.metrics import Record
from tutor.tui.widgets.plot import GUTTER, Line, draw, thinned
from tutor.tui.widgets.record_curves import RecordCurves


class RateCurves(RecordCurves):
    """What the schedule says, and how long the gradient was before it was limited."""

    def picture(self, records: Sequence[Record], width: int, height: int, *, colour: bool) -> Text:
        """As `curves` draws them."""
        return curves(records, width, height, colour=colour)


def curves(records: Sequence[Record], width: int, height: int, *, colour: bool = True) -> Text:
    """Both pictures, each with half of the lines; a sentence where there is too little to draw or no room."""
    rates = [(float(each.step), each.learning_rate) for each in records if each.learning_rate is not None]
    norms = [(float(each.step), each.grad_norm) for each in records if each.grad_norm is not None]
    if len(rates) < 2:
        return Text("The curves begin after the first steps.")
    half = height // 2 if len(norms) > 1 else height
    text = _one(rates, width, half, f"learning rate, now {rates[-1][1]:.2e}", colour)
    if len(norms) > 1:
        said = f"length of the gradient before it is limited, now {norms[-1][1]:.2f}"
        text.append("\n").append_text(_one(norms, width, height - half, said, colour))
    return text


def _one(points: list[tuple[float, float]], width: int, height: int, said: str, colour: bool) -> Text:
    return draw([Line(thinned(points, width - GUTTER - 1), "cyan")], width, height, [said], colour=colour)
