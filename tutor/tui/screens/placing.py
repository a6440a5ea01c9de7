"""'I know this': a track's exercises checked in one go; what does not pass may be skipped, and taken up again."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tutor.core.course import Exercise, Track
from tutor.core.errors import TutorError
from tutor.core.events import Broken, Finished
from tutor.core.progress import DONE_WITH
from tutor.tui.desk import Desk, home_as_tilde, told
from tutor.tui.glyphs import clean
from tutor.tui.keys import key
from tutor.tui.screens.once import Once
from tutor.tui.screens.reading import help_screen
from tutor.tui.threads import GraderSaid
from tutor.tui.widgets.course_list import CourseList
from tutor.tui.widgets.telling import verdict_style


class PlacingScreen(ModalScreen[None], Once[None]):
    """Checks the learner's files of a track as they are, and marks as skipped what they do not want to write."""

    DEFAULT_CSS = """
    PlacingScreen {
        align: center middle;
        Vertical {
            width: 76;
            max-width: 100%;
            height: auto;
            max-height: 100%;
            overflow-y: auto;
            padding: 0 2;
            background: $panel;
            border: round $primary;
            border-title-color: $text-accent;
        }
        Static { height: auto; margin-top: 1; }
        OptionList { height: auto; margin: 1 0; padding: 0; border: none; background: $panel; }
        OptionList:focus { border: none; background-tint: $foreground 0%; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        key("placing.close", "escape,q", "close", "Close", "Back to the map; what has passed stays passed", show=True),
        key("placing.help", "f1,question_mark", "help", "Help", "What this screen is, and its keys"),
        Binding("j", "step('cursor_down')", "Down", show=False),
        Binding("k", "step('cursor_up')", "Up", show=False),
    ]

    def __init__(self, desk: Desk, track: Track) -> None:
        super().__init__()
        self._desk = desk
        self._track = track
        self._said: dict[str, str] = {}
        self._tickets: dict[int, str] = {}
        self._why: str | None = None
        """The first exercise with written code that was checked here and did not pass."""

    def compose(self) -> ComposeResult:
        """What it is for, the exercises, what can be done."""
        with Vertical() as frame:
            frame.border_title = Content(f"I know this: {self._track.title}")
            yield Static(Content(ABOUT.format(home_as_tilde(self._desk.workspace.root / "exercises" / self._track.id))))
            yield Static(id="rows")
            yield OptionList(id="what", markup=False)

    def on_mount(self) -> None:
        """Shows where the exercises stand."""
        self._show()
        self.query_one("#what", OptionList).focus()

    def on_grader_said(self, message: GraderSaid) -> None:
        """Takes up the verdicts that were asked for here."""
        event = message.event
        match event:
            case Finished(ticket=ticket, report=report) if ticket in self._tickets:
                self._said[self._tickets.pop(ticket)] = report.verdict.value
                with told(self):
                    self._desk.record(report)
            case Broken(ticket=ticket, message=text) if ticket in self._tickets:
                self._said[self._tickets.pop(ticket)] = "error"
                self.notify(clean(text), severity="error", markup=False)
            case _:
                return
        self._show()

    def _show(self) -> None:
        with told(self):
            states = self._desk.progress.states()
            rows = [self._row(each, states.get(each.id, "new")) for each in self._track.exercises]
            self.query_one("#rows", Static).update(Content("\n").join(rows))
            self._offer([each.id for each in self._track.exercises if states.get(each.id) not in DONE_WITH],
                        [each.id for each in self._track.exercises if states.get(each.id) == "skipped"])  # fmt: skip

    def _row(self, exercise: Exercise, state: str) -> Content:
        word = self._said.get(exercise.id, "") if state != "skipped" else ""
        said = word or state
        checking = exercise.id in self._tickets.values()
        sign = self._desk.glyphs.waiting if checking else self._desk.glyphs.verdict(said)
        return Content.assemble((f"{sign} {'checking' if checking else said:10}", verdict_style(said)), exercise.title)

    def _offer(self, left: list[str], skipped: list[str]) -> None:
        """The answers that make sense now; the cursor stays on the one it was on."""
        answers = self.query_one("#what", OptionList)
        chosen = answers.highlighted_option.id if answers.highlighted_option else None
        offers = {"check": "Check all of these files now"}
        self._why = next((id for id in left if self._said.get(id, "passed") not in _SAYS_NOTHING), None)
        if self._why:
            offers["why"] = f"See why it did not pass: open “{self._desk.course.exercise(self._why).title}”"
        if left and not self._tickets:  # while they are checked, one does not know what there is to skip
            offers["skip"] = f"Skip what has not passed ({len(left)}): the course's solutions stand in"
        if skipped:
            offers["undo"] = f"Take up again what is skipped ({len(skipped)})"
        offers["close"] = "Back to the map"
        answers.clear_options()
        answers.add_options(Option(text, id=id) for id, text in offers.items())
        answers.highlighted = list(offers).index(chosen) if chosen in offers else 0
        self._left, self._skipped = left, skipped

    def on_option_list_option_selected(self, message: OptionList.OptionSelected) -> None:
        """Does what was chosen."""
        message.stop()
        with told(self):
            match message.option_id:
                case "check":
                    self._check()
                case "why":
                    self._open(self._why)
                    return
                case "skip":
                    self._desk.progress.skip(self._left)
                case "undo":
                    self._desk.progress.take_up(self._skipped)
                case _:
                    self.action_close()
                    return
        self._show()

    def _check(self) -> None:
        """Asks for a verdict on each file that there is, all at once."""
        for exercise in self._track.exercises:
            try:
                submission = self._desk.workspace.submission(exercise.id, self._desk.progress)
                self._tickets[self._desk.grader.check(submission)] = exercise.id
            except TutorError as error:
                self._said[exercise.id] = "failed"
                self.notify(clean(str(error)), severity="warning", markup=False)

    def _open(self, id: str | None) -> None:
        """Back to the map, and from there into that exercise."""
        below = self.app.screen_stack[-2]
        self.dismiss(None)
        if id:
            below.post_message(CourseList.Opened(id))

    async def action_step(self, action: str) -> None:
        """Goes to the next or the previous thing to do."""
        await self.app.run_action(action, self.query_one("#what", OptionList))

    def action_help(self) -> None:
        """Shows the help page."""
        self.app.push_screen(help_screen(self, HELP))

    def action_close(self) -> None:
        """Back to the map."""
        self.dismiss(None)


_SAYS_NOTHING = ("passed", "unwritten", "error")
"""Verdicts that give no reason to look into the exercise."""

ABOUT = """\
Write what you know into the files of this track, in any editor, and check them all in one go: what passes is passed. \
The rest can be skipped. The course's solutions then stand in for it, every report and training names them, and you \
can take it up again at any time.
{}"""
HELP = """\
The first line below the exercises checks your files of this track, whatever editor they were written in. What passes \
is passed, as if you had opened it. What you skip is left out by “next”, and nothing is lost by it: open it whenever \
you like, and what passes then counts."""
