"""One run: its figures, a picture of how it went, and what it wrote."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from tutor.core.metrics import Record
from tutor.tui.followed_run import FollowedRun
from tutor.tui.widgets.loss_curve import LossCurve, Shown
from tutor.tui.widgets.pane_bar import PaneBar
from tutor.tui.widgets.rate_curves import RateCurves
from tutor.tui.widgets.run_facts import RunFacts
from tutor.tui.widgets.run_text import RunText
from tutor.tui.widgets.update_curves import UpdateCurves
from tutor.tui.widgets.update_ratios import UpdateRatios


class Views(PaneBar):
    """The pictures of a run by name."""

    PANES: ClassVar[dict[str, str]] = {
        "loss": "Loss", "updates": "Updates", "rates": "Rates", "matrices": "Matrices",
    }  # fmt: skip
    ACTION = "view"


class RunView(Vertical):
    """Shows what it is handed; it reads no file but the samples and the log of its run."""

    DEFAULT_CSS = """
    RunView {
        padding: 0 1;
        RunText { height: 5; border-top: solid $primary; }
        LossCurve, UpdateCurves, RateCurves, UpdateRatios { width: 1fr; display: none; }
        &.-loss LossCurve, &.-updates UpdateCurves, &.-rates RateCurves, &.-matrices UpdateRatios { display: block; }
        &.-updates RunText, &.-rates RunText, &.-matrices RunText { display: none; }
        &.-tall RunText { display: block; height: 14; }
        &.-empty Views, &.-empty Horizontal { display: none; }
        &.-empty RunText { display: block; height: 1fr; border-top: none; }
        &.-wide.-loss UpdateRatios, &.-wide.-updates UpdateRatios { display: block; width: 46; margin-left: 2; }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, classes="-loss -empty")
        self._run: FollowedRun | None = None
        self._others: Mapping[str, FollowedRun] = {}
        self._zoomed = self._by_time = False

    def compose(self) -> ComposeResult:
        """Figures, the names of the pictures, a picture, the texts."""
        yield RunFacts(id="facts")
        yield Views()
        with Horizontal():
            yield LossCurve(id="curve")
            yield UpdateCurves(id="updates")
            yield RateCurves(id="rates")
            yield UpdateRatios(id="matrices")
        yield RunText(id="text")

    def on_mount(self) -> None:
        """The losses come first."""
        self.query_one(Views).show("loss")

    def on_resize(self) -> None:
        """Wide and tall windows have their own proportions."""
        self.set_class(self.size.width >= 110, "-wide")
        self.set_class(self.size.height >= 32, "-tall")
        self.call_after_refresh(self._again)

    @on(PaneBar.Chosen)
    def _view_chosen(self, event: PaneBar.Chosen) -> None:
        self.view(event.pane)

    def show(self, run: FollowedRun, others: Mapping[str, FollowedRun]) -> None:
        """Shows a run as it is now; `others` are drawn with it where there are two or more of them."""
        self.remove_class("-empty")
        if run is not self._run:
            self.query_one(RunText).follow(run)
        self._run, self._others = run, others
        self.query_one(RunFacts).show(run)
        self.query_one(RunText).write()
        self.draw()

    def view(self, name: str) -> None:
        """Shows another picture."""
        for pane in Views.PANES:
            self.set_class(pane == name, f"-{pane}")
        self.query_one(Views).show(name)
        self.call_after_refresh(self.draw)

    def zoom(self) -> None:
        """Leaves out the first quarter of the steps, or shows all again."""
        self._zoomed = not self._zoomed
        self.draw()

    def turn_axis(self) -> None:
        """Draws the losses over the time, or over the steps again."""
        self._by_time = not self._by_time
        self.draw()

    def draw(self) -> None:
        """Draws what is in view."""
        if self._run is None:
            return
        loss, ratios = self.query_one(LossCurve), self.query_one(UpdateRatios)
        if loss.display:
            others = {name: self._records(each) for name, each in self._others.items()}
            records = self._records(self._run)
            loss.show(Shown(records, self._run.band, others if len(others) > 1 else {}, self._by_time))
        for each in (self.query_one(UpdateCurves), self.query_one(RateCurves)):
            if each.display:
                each.show(self._records(self._run))
        if ratios.display:
            ratios.show(self._run.records)

    def _again(self) -> None:
        if self._run is not None:
            self.show(self._run, self._others)

    def _records(self, run: FollowedRun) -> list[Record]:
        return run.zoomed() if self._zoomed else run.records
