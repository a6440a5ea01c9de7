"""Trainings of a workspace: start, watch, stop, resume.

The screen reads the folders of runs and never talks to a trainer, which is a process of its own: leaving the screen or
the program stops nothing, and coming back shows where it is.
"""

from __future__ import annotations

from pathlib import Path

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.widgets import Footer, OptionList, Static
from textual.widgets.option_list import Option

from tutor.core import launch
from tutor.core.course import default_course_root, load_course
from tutor.core.errors import RunError, TutorError
from tutor.core.metrics import Tail
from tutor.core.order import Order
from tutor.core.progress import Progress
from tutor.core.runs import Run, RunConfig, list_runs
from tutor.core.workspace import Workspace, course_of
from tutor.tui.screens.new_training import NewTraining
from tutor.tui.widgets.loss_curve import LossCurve
from tutor.tui.widgets.run_facts import RunFacts

_REFRESH_SECONDS = 0.4
_EMPTY = "No training yet. Press n to start one: your GPT learns to write like the text you give it."


class TrainingScreen(Screen[None]):
    """The runs on the left; the chosen one's curve, figures and samples on the right."""

    DEFAULT_CSS = """
    TrainingScreen #runs { width: 24; height: 1fr; border: none; border-right: solid $primary; }
    TrainingScreen.-narrow #runs { width: 16; }
    TrainingScreen #title { height: 1; padding: 0 1; background: $primary; color: $text; text-style: bold; }
    TrainingScreen #right { padding: 0 1; }
    TrainingScreen #samples { height: 6; border-top: solid $primary; }
    TrainingScreen.-tall #samples { height: 14; }
    """
    BINDINGS = [
        Binding("n", "new", "New", id="training.new", tooltip="Choose a preset and a text, and start"),
        Binding("s", "stop", "Stop", id="training.stop", tooltip="Save a checkpoint and stop the chosen run"),
        Binding("r", "resume", "Resume", id="training.resume", tooltip="Go on from the checkpoint"),
        Binding("z", "zoom", "Zoom", id="training.zoom", tooltip="Leave out the first quarter of the steps"),
        Binding("l", "log", "Log/samples", id="training.log", tooltip="What the trainer said, or what the model wrote"),
        Binding("escape", "app.pop_screen", "Back", id="training.back"),
    ]

    def __init__(self, workspace_root: Path, course_root: Path | None = None) -> None:
        super().__init__()
        self.workspace_root, self._course_root = workspace_root, course_root
        self._run: Run | None = None
        self._config: RunConfig | None = None
        self._tail = Tail(Path())
        self._names: list[str] = []
        self._zoomed = self._logging = False

    def compose(self) -> ComposeResult:
        """Title, the two halves, keys."""
        yield Static("Training", id="title", markup=False)
        with Horizontal():
            yield OptionList(id="runs", markup=False)
            with Vertical(id="right"):
                yield RunFacts(id="facts")
                yield LossCurve(id="curve")
                yield Static(_EMPTY, id="samples", markup=False)
        yield Footer()

    def on_mount(self) -> None:
        """Shows the newest run and looks again a few times a second."""
        self.query_one("#runs", OptionList).focus()
        self._refresh()
        self.set_interval(_REFRESH_SECONDS, self._refresh)

    def on_resize(self) -> None:
        """Narrow and tall windows have their own proportions."""
        self.set_class(self.size.width < 100, "-narrow")
        self.set_class(self.size.height >= 34, "-tall")

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Another run was chosen."""
        found = next((run for run in list_runs(self.workspace_root) if run.name == event.option_id), None)
        if found and found != self._run:
            self._choose(found)

    def action_new(self) -> None:
        """Asks what to train and starts it."""
        self.app.push_screen(NewTraining(), self._start)

    def action_stop(self) -> None:
        """Asks the chosen run's trainer to save and stop."""
        if self._run is None or self._run.state().status not in ("starting", "training"):
            self.notify("This run is not being trained.", severity="warning")
            return
        launch.request_stop(self._run)
        self.notify(f"{self._run.name} saves and stops after this step.")

    def action_resume(self) -> None:
        """Starts the chosen run's trainer again."""
        status = self._run.state().status if self._run else "finished"
        if self._run is None or status in ("starting", "training", "finished"):
            self.notify("Only a stopped run can be resumed.", severity="warning")
            return
        self._train(self._run)

    def action_zoom(self) -> None:
        """Leaves out the first quarter of the steps, or shows all again."""
        self._zoomed = not self._zoomed
        self._draw()

    def action_log(self) -> None:
        """Shows what the trainer said in place of the samples, or the samples again."""
        self._logging = not self._logging
        self._write()

    def _start(self, order: Order | None) -> None:
        if order is None:
            return
        try:
            root = self._course_root or course_of(self.workspace_root) or default_course_root()
            workspace = Workspace.open(self.workspace_root, load_course(root))
            progress = Progress(workspace.progress_path)
            try:
                run = launch.prepare_run(workspace, progress, order)
            finally:
                progress.close()
        except TutorError as error:
            self.notify(str(error), severity="error", timeout=15, markup=False)
            return
        self._train(run)
        self._choose(run)
        self._refresh()

    def _train(self, run: Run) -> None:
        try:
            launch.start_in_background(run)
        except OSError as error:
            self.notify(f"The trainer cannot be started: {error}.", severity="error", timeout=15, markup=False)
            return
        self.notify(f"{run.name} starts. It goes on when you leave.", markup=False)

    def _choose(self, run: Run) -> None:
        self._run, self._config, self._tail = run, None, Tail(run.metrics)
        self._tail.read()
        self._show()

    def _refresh(self) -> None:
        """Reads what the trainers wrote since the last look."""
        runs = list_runs(self.workspace_root)
        if [run.name for run in runs] != self._names:
            self._list(runs)
        if self._run is None and runs:
            self._choose(runs[0])
        if self._run is not None:
            changed = self._tail.read()
            self._show(draw=changed)

    def _list(self, runs: list[Run]) -> None:
        """Fills the list; the chosen run stays chosen, and its place does not matter."""
        self._names = [run.name for run in runs]
        options = self.query_one("#runs", OptionList)
        chosen = self._run or (runs[0] if runs else None)
        with self.prevent(OptionList.OptionHighlighted):
            options.clear_options().add_options(Option(run.name, id=run.name) for run in runs)
            if chosen and chosen.name in self._names:
                options.highlighted = self._names.index(chosen.name)

    def _show(self, *, draw: bool = True) -> None:
        assert self._run is not None
        try:
            if self._config is None or self._config.device is None or not self._tail.records:
                self._config = self._run.config()
        except RunError as error:
            self.query_one("#facts", RunFacts).update(str(error))
            return
        state = self._run.state()
        self.query_one("#title", Static).update(f"Training · {self._run.name} · {state.status}")
        self.query_one("#facts", RunFacts).show(self._config, state, self._tail.records)
        if draw:
            self._draw()
        self._write()

    def _draw(self) -> None:
        records = self._tail.records
        if self._zoomed and records:
            records = [each for each in records if each.step >= records[-1].step / 4]
        self.query_one("#curve", LossCurve).show(records)

    def _write(self) -> None:
        if self._run is None:
            return
        text = self._run.last_log(3000) if self._logging else self._run.last_samples(1200)
        pane = self.query_one("#samples", Static)
        height = max(1, pane.size.height)
        lines = text.rstrip("\n").split("\n")
        if not self._logging:
            lines = _last_sample(lines)[:height]
        pane.update("\n".join(lines[-height:]) or "No sample yet.")


def _last_sample(lines: list[str]) -> list[str]:
    """The newest sample from its first line on."""
    starts = [number for number, line in enumerate(lines) if line.startswith("--- step")]
    return lines[starts[-1] :] if starts else lines
