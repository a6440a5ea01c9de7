"""Trainings of a workspace: start, watch, pause, stop, resume, compare.

The screen reads the folders of runs and never talks to a trainer, which is a process of its own: leaving the screen or
the program stops nothing, and coming back shows where it is.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import OptionList, Static

from tutor.core import launch
from tutor.core.comparison import compare, comparison_lines, read
from tutor.core.course import default_course_root, load_course
from tutor.core.errors import RunError, TutorError
from tutor.core.order import Order
from tutor.core.progress import Progress
from tutor.core.runs import ALIVE, Run, list_runs
from tutor.core.workspace import Workspace, course_of
from tutor.tui.desk import told
from tutor.tui.followed_run import FollowedRun
from tutor.tui.keys import key, named
from tutor.tui.screens.new_training import NewTraining
from tutor.tui.screens.once import Once
from tutor.tui.screens.reading import ReadingScreen, help_screen
from tutor.tui.widgets.key_line import KeyLine
from tutor.tui.widgets.loss_curve import SIGNS
from tutor.tui.widgets.run_list import RunList
from tutor.tui.widgets.run_text import RunText
from tutor.tui.widgets.run_view import RunView

_LOOK_SECONDS = (0.4, 6.0)
"""Between two looks, at least and at most."""
_NO_RUN = "There is no run yet. <training.new> starts one."
_SHARE = 1 / 200
"""Of one processor core, that looking and drawing may take: the training wants it."""


class TrainingScreen(Once[None]):
    """The runs on the left; the chosen one's figures, a picture and its texts on the right."""

    DEFAULT_CSS = """
    TrainingScreen {
        #title { height: 1; padding: 0 1; background: $primary; color: $text; text-style: bold; }
        &.-narrow RunList { width: 19; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        key("training.new", "n", "new", "New", "Choose a preset and a text, and start", show=True),
        key(
            "training.pause", "p", "pause", "Pause/go on", "The trainer waits between two steps, or goes on", show=True
        ),
        key("training.stop", "s", "stop", "Stop", "Save a checkpoint and stop the chosen run", show=True),
        key("training.resume", "r", "resume", "Resume", "Go on from the checkpoint", show=True),
        key("training.play", "w", "play", "Write", "The playground: let this model write", show=True),
        key("training.mark", "space", "mark", "Overlay", "Draw this run together with others, or no more"),
        key("training.compare", "c", "compare", "Compare", "Losses at equal steps and equal times, in a table"),
        key("training.loss", "1", "view('loss')", "Loss", "Training and validation loss"),
        key("training.updates", "2", "view('updates')", "Updates", "How large updates are beside the weights"),
        key("training.rates", "3", "view('rates')", "Rates", "Learning rate and length of the gradient"),
        key("training.matrices", "4", "view('matrices')", "Matrices", "Where the updates of each matrix stand now"),
        key("training.time", "t", "time", "Steps/time", "Draw over the time trained, or over the steps"),
        key("training.zoom", "z", "zoom", "Zoom", "Leave out the first quarter of the steps, or show all"),
        key("training.log", "l", "log", "Log/samples", "What the trainer said, or what the model wrote"),
        key("training.earlier", "left_square_bracket", "turn(-1)", "Earlier sample", "What it wrote before"),
        key("training.later", "right_square_bracket", "turn(1)", "Later sample", "What it wrote after that"),
        key("training.help", "f1,question_mark", "help", "Help", "What this screen is, and its keys", show=True),
        key("training.back", "escape,q", "back", "Back", "Leave; every training goes on", show=True),
    ]

    def __init__(self, workspace_root: Path, course_root: Path | None = None, run: Run | None = None) -> None:
        """Shows `run`, else the newest."""
        super().__init__()
        self.workspace_root, self._course_root = workspace_root, course_root
        self._chosen: FollowedRun | None = FollowedRun(run) if run else None
        self._marked: dict[str, FollowedRun] = {}
        """Drawn together, by name."""
        self._spent = time.process_time()

    def compose(self) -> ComposeResult:
        """Title, the two halves, keys."""
        yield Static("Training", id="title", markup=False)
        with Horizontal():
            yield RunList(id="runs")
            yield RunView(id="right")
        yield KeyLine()

    def on_mount(self) -> None:
        """Shows the newest run and looks again as often as it costs next to nothing."""
        self.query_one(RunList).focus()
        self._show()
        self._look()

    def on_resize(self) -> None:
        """Narrow windows have their own proportions."""
        self.set_class(self.size.width < 100, "-narrow")

    @on(OptionList.OptionHighlighted)
    def _highlighted(self, event: OptionList.OptionHighlighted) -> None:
        found = next((run for run in list_runs(self.workspace_root) if run.name == event.option_id), None)
        if found and (self._chosen is None or found != self._chosen.run):
            self._choose(found)

    @on(OptionList.OptionSelected)
    def _selected(self) -> None:
        self.action_play()

    def action_new(self) -> None:
        """Asks what to train and starts it."""
        self.app.push_screen(NewTraining(), self._start)

    def action_pause(self) -> None:
        """Lets the chosen run's trainer wait between two steps, or go on."""
        run, status = self._status()
        if run is not None and status == "paused":
            launch.end_pause(run)
            self.notify(f"{run.name} goes on.", markup=False)
        elif run is not None and status == "training":
            launch.request_pause(run)
            self.notify(f"{run.name} saves and waits. {named(self, '<training.pause> lets it go on.')}", markup=False)
        else:
            self._refuse("paused", "only a run that is being trained can be")

    def action_stop(self) -> None:
        """Asks the chosen run's trainer to save and stop."""
        run, status = self._status()
        if run is None or status not in ALIVE:
            self._refuse("stopped", "it is not being trained")
            return
        launch.request_stop(run)
        self.notify(f"{run.name} saves and stops after this step.", markup=False)

    def action_resume(self) -> None:
        """Starts the chosen run's trainer again, or ends its pause."""
        run, status = self._status()
        if run is not None and status == "paused":
            self.action_pause()
        elif run is None or status in (*ALIVE, "finished"):
            self._refuse("resumed", "only a stopped run can be")
        else:
            self._train(run)

    def action_play(self) -> None:
        """Opens the playground on the chosen run."""
        from tutor.tui.screens.playground import PlaygroundScreen

        if self._chosen is None or not self._chosen.run.checkpoint.exists():
            self._refuse("asked to write", "it has no checkpoint yet")
        else:
            self.app.push_screen(PlaygroundScreen(self._chosen.run))

    def action_mark(self) -> None:
        """Draws the chosen run together with those marked before, or takes it out of the picture."""
        chosen = self._chosen
        if chosen is None:
            return
        if chosen.run.name in self._marked:
            del self._marked[chosen.run.name]
        elif len(self._marked) == len(SIGNS):
            self.notify(f"{len(SIGNS)} runs fit into one picture. Take one out first.", severity="warning")
        else:
            self._marked[chosen.run.name] = chosen
        self._look_at_list(list_runs(self.workspace_root))
        self._show()

    def action_compare(self) -> None:
        """Shows the marked runs, or the two newest, side by side in a table."""
        runs = [each.run for each in self._marked.values()] or list_runs(self.workspace_root)[:2]
        with told(self):
            if len(runs) < 2:
                raise RunError(named(self, "Two runs at least can be compared. Mark them with <training.mark>."))
            lines = comparison_lines(compare([read(run) for run in runs]))
            self.app.push_screen(ReadingScreen("Compared", Content("\n".join(lines))))

    def action_view(self, name: str) -> None:
        """Shows another picture."""
        self.query_one(RunView).view(name)

    def action_time(self) -> None:
        """Draws over the time or over the steps."""
        self.query_one(RunView).turn_axis()

    def action_zoom(self) -> None:
        """Leaves out the first quarter of the steps, or shows all again."""
        self.query_one(RunView).zoom()

    def action_log(self) -> None:
        """Shows what the trainer said in place of the samples, or the samples again."""
        self._text_in_view().toggle()

    def action_turn(self, step: int) -> None:
        """Shows an earlier or a later sample."""
        self._text_in_view().turn(step)

    def _text_in_view(self) -> RunText:
        """The text below the picture; in a small window only the losses leave room for it."""
        text = self.query_one(RunText)
        if not text.display:
            self.query_one(RunView).view("loss")
        return text

    def action_help(self) -> None:
        """Shows the help page."""
        self.app.push_screen(help_screen(self, HELP))

    def action_back(self) -> None:
        """Leaves the screen; nothing is stopped."""
        self.dismiss()

    def _status(self) -> tuple[Run | None, str]:
        return (None, "") if self._chosen is None else (self._chosen.run, self._chosen.run.state().status)

    def _refuse(self, what: str, why: str) -> None:
        sentence = f"{self._chosen.run.name} cannot be {what}: {why}." if self._chosen else _NO_RUN
        self.notify(named(self, sentence), severity="warning", markup=False)

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
        self._look_at_list(list_runs(self.workspace_root))

    def _train(self, run: Run) -> None:
        try:
            launch.start_in_background(run)
        except OSError as error:
            self.notify(f"The trainer cannot be started: {error}.", severity="error", timeout=15, markup=False)
            return
        self.notify(f"{run.name} starts. It goes on when you leave.", markup=False)

    def _choose(self, run: Run) -> None:
        self._chosen = self._marked.get(run.name) or FollowedRun(run)
        self._show()

    def _look(self) -> None:
        """Reads what the trainers wrote since the last look, and looks again when that has become cheap."""
        runs = list_runs(self.workspace_root)
        self._look_at_list(runs)
        if self._chosen is None and runs:
            self._choose(runs[0])
        followed = {id(each): each for each in (self._chosen, *self._marked.values()) if each is not None}
        if any([each.look() for each in followed.values()]):
            self._show()
        spent, self._spent = self._spent, time.process_time()
        least, most = _LOOK_SECONDS
        self.set_timer(min(most, max(least, (self._spent - spent) / _SHARE)), self._look)

    def _look_at_list(self, runs: list[Run]) -> None:
        chosen = self._chosen or (FollowedRun(runs[0]) if runs else None)
        self.query_one(RunList).show(
            [run.name for run in runs], list(self._marked), chosen.run.name if chosen else None
        )

    def _show(self) -> None:
        if self._chosen is None:
            return
        self.query_one("#title", Static).update(
            f"Training · {self._chosen.run.name} · {self._chosen.state.status}", layout=False
        )
        self.query_one(RunView).show(self._chosen, self._marked)


HELP = """\
Every training is a process of its own and a folder in your workspace. This screen only reads those folders: leave it, \
close the terminal, come back, and it shows where each one is, wherever it was started.
Updates: log10 of the std of a matrix' change over the std of its weights, a curve for each matrix over the steps; the \
target of a thousandth is the line at -3, and the farthest from it are named. Matrices: o now, - where it was before, \
| the target."""
