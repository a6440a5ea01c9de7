"""The exercise screen: lesson, code and checks, side by side where there is room, else one at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType

from tutor.core.course import Exercise
from tutor.core.errors import TutorError
from tutor.core.events import Finished
from tutor.tui.arrangement import Arrangement
from tutor.tui.board import Board
from tutor.tui.desk import Desk, told
from tutor.tui.exercise_keys import EXERCISE_KEYS, HELP, of_the_moment
from tutor.tui.external import edit
from tutor.tui.hints import Hints
from tutor.tui.keys import named
from tutor.tui.remembered import OPEN, PANES, Place, recalled, remember, remember_text
from tutor.tui.screens.answers import Answers
from tutor.tui.screens.once import Once
from tutor.tui.screens.quiz import ask_about
from tutor.tui.screens.reading import help_screen
from tutor.tui.threads import GraderSaid
from tutor.tui.time_spent import TimeSpent
from tutor.tui.widgets import telling
from tutor.tui.widgets.checks import ChecksPane
from tutor.tui.widgets.code_pane import CodePane
from tutor.tui.widgets.editor import CodeEditor
from tutor.tui.widgets.exercise_title import ExerciseTitle
from tutor.tui.widgets.guide import Guide
from tutor.tui.widgets.key_line import KeyLine
from tutor.tui.widgets.lesson import LessonPane
from tutor.tui.widgets.pane_bar import PaneBar
from tutor.tui.widgets.panes import Panes
from tutor.tui.widgets.passing import celebrate, passing

_PLACE_SECONDS = 2.0
"""So much is lost of where the learner was when the program is killed."""


class ExerciseScreen(Once[None]):
    """One exercise: read, write, save, see what holds."""

    AUTO_FOCUS = ""  # after a question no pane takes the place of the one that was shown
    BINDINGS: ClassVar[list[BindingType]] = EXERCISE_KEYS

    def __init__(self, desk: Desk, exercise: Exercise) -> None:
        super().__init__()
        self.exercise = exercise
        self._desk = desk
        self._board = Board(exercise.id)
        self._time = TimeSpent()
        self._place = Place()
        self._hints = Hints(exercise, desk.progress)
        self._answers = Answers(self, desk, exercise)

    def compose(self) -> ComposeResult:
        """A line with the title, the names of the panes, the panes, the keys."""
        yield ExerciseTitle(self.exercise, self._desk.glyphs)
        yield Panes(
            LessonPane(self.exercise, id="lesson"),
            CodePane(self._desk.workspace, self.exercise.id, id="code"),
            ChecksPane(self._board, self._desk.glyphs, id="checks"),
            arrangement=recalled(self._desk.progress, PANES, Arrangement()),
        )
        yield Guide(self._desk, self.exercise.id)
        yield KeyLine()

    def on_mount(self) -> None:
        """Asks for the checks, and for a first verdict on what is there."""
        with told(self):
            self._board = Board(self.exercise.id, opening=self._desk.grader.open(self.exercise.id))
            self._desk.progress.set_last(self.exercise.id)
            self._show_hints()
        self._check()
        self._return()
        self.set_interval(_PLACE_SECONDS, self._keep_place)
        self.set_interval(15, self._count_time)

    def on_unmount(self) -> None:
        """Notes the time spent."""
        self._count_time()

    # What happens to the file

    @on(CodePane.DiskChanged)
    def _check(self) -> None:
        """Checks what is on disk; a check that still runs is given up."""
        try:
            submission = self._desk.workspace.submission(self.exercise.id, self._desk.progress)
            self._show(self._board.asked(self._desk.grader.check(submission)))
        except TutorError as error:
            self._show(self._board.refused(str(error)))

    @on(CodePane.Unreadable)
    def _refuse(self, message: CodePane.Unreadable) -> None:
        self._show(self._board.refused(message.sentence))

    @on(CodePane.Edited)
    def _edited(self, message: CodePane.Edited) -> None:
        self.query_one(ExerciseTitle).say(modified=message.modified)

    # What the grader says

    def on_grader_said(self, message: GraderSaid) -> None:
        """Applies one of the grader's events; nothing else changes the board while a check runs."""
        board = self._board.after(message.event)
        if board is self._board:
            return
        if isinstance(message.event, Finished):
            with told(self):
                if self._desk.record(message.event.report):
                    told_already = self.query_one(ChecksPane).display or self.query_one(Guide).guiding
                    celebrate(self, self._desk, self.exercise, in_sight=told_already)
        self._show(board)

    def _show(self, board: Board) -> None:
        before, self._board = self.of_the_moment, board
        pane = self.query_one(ChecksPane)
        pane.show(board)
        with told(self):
            said = passing(self, self._desk, self.exercise, board)
            pane.show_ending(said, telling.ending(self, board, hints_left=self._hints.left))
        self.query_one(PaneBar).say("checks", telling.brief(board, self._desk.glyphs))
        self.query_one(Guide).heed(board)
        if self.of_the_moment != before:
            self.refresh_bindings()

    # Panes

    def action_pane(self, pane: str) -> None:
        """Goes to a pane: shows it where only one is shown, and gives it the keys."""
        self.query_one(Panes).go_to(pane)

    def on_descendant_focus(self) -> None:
        """Keys, mouse and tab lead to a pane: a newcomer is told what it is for."""
        self.query_one(Guide).arrive(self.query_one(Panes).shown)

    def action_close_guide(self) -> None:
        """Gives no tips any more."""
        self.query_one(Guide).close()

    @property
    def of_the_moment(self) -> dict[str, bool]:
        """Which keys matter now, for the lowest line."""
        if not self.is_mounted:
            return {}
        raised = self.query_one(ChecksPane).error_line is not None
        return of_the_moment(self._board, self.query_one(Panes).shown, raised=raised)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is a guide to close only while it speaks."""
        return action != "close_guide" or any(each.speaking for each in self.query(Guide))

    def action_grow(self, steps: int, across: bool) -> None:
        """Makes the pane in use wider or taller."""
        self.query_one(Panes).grow(steps, across=across)

    def action_even(self) -> None:
        """Puts the lines between the panes back."""
        self.query_one(Panes).even()

    @on(Panes.Arranged)
    def _arranged(self, message: Panes.Arranged) -> None:
        remember(self._desk.progress, PANES, message.arrangement)

    def _return(self) -> None:
        """Goes to where the learner was: pane, cursor, how far the lesson was read."""
        place = recalled(self._desk.progress, Place.name(self.exercise.id), Place())
        if place.row >= 0:
            self.query_one(CodePane).go_to(place.row, place.column)
        self.query_one(LessonPane).start_at(place.lesson)
        pane = place.pane if place.pane in ("lesson", "code", "checks") else ""
        self.action_pane(pane or ("lesson" if self._state == "new" else "code"))

    def _keep_place(self) -> None:
        """Notes where the learner is, if that is elsewhere than before."""
        place = Place(self.query_one(Panes).shown, *self.query_one(CodePane).cursor, self.query_one(LessonPane).part)
        if place != self._place:
            self._place = place
            remember_text(self._desk.progress, OPEN, self.exercise.id)
            remember(self._desk.progress, Place.name(self.exercise.id), place)

    @on(CodeEditor.Left)
    def _editor_left(self) -> None:
        """Escape in the editor gives the letter keys their meaning; a second one leaves the screen."""
        self.set_focus(None)

    def action_zoom(self) -> None:
        """Gives the pane in use the whole screen, or shows all panes again."""
        self.query_one(Panes).zoom()

    # What the learner asks for

    def action_save(self) -> None:
        """Saves; the pane then says that the disk changed, and that checks."""
        self.query_one(CodePane).save()

    def action_check(self) -> None:
        """Saves what is not saved, or checks again what is."""
        pane = self.query_one(CodePane)
        if pane.modified:
            pane.save()
        else:
            self._check()

    def action_hint(self) -> None:
        """Shows one more hint, and the pane it stands in."""
        with told(self):
            if not self._hints.ask():
                self.notify(named(self, f"That was the last hint. {telling.SOLUTION}."), markup=False)
            self._show_hints()
            self._show(self._board)
            self.action_pane("checks")
            self.query_one(ChecksPane).reveal("hints")

    def _show_hints(self) -> None:
        self.query_one(ChecksPane).show_hints(self._hints.shown, len(self._hints.every))

    def action_solution(self) -> None:
        """Shows the solution; asks first unless the exercise has passed."""
        self._answers.show_solution(passed=self._state == "passed")

    def action_compare(self) -> None:
        """Shows how the learner's answer and the solution differ, once the exercise has passed."""
        pane = self.query_one(CodePane)
        holds = self._board.passed and not pane.modified
        self._answers.compare(pane.text, passed=self._state == "passed", holds=holds)

    def action_why(self) -> None:
        """Says why the check that is shown in full matters; the first one where all hold."""
        self._answers.say_why(self.query_one(ChecksPane).row or next(iter(self._board.rows), None))

    def action_repro(self) -> None:
        """Writes the failing case as a script."""
        self._answers.write_script(self._board)

    def action_quiz(self) -> None:
        """Asks the check questions of this exercise."""
        ask_about(self, self._desk, self.exercise)

    def action_find(self) -> None:
        """Opens the line to find in the code."""
        self.action_pane("code")
        self.query_one(CodePane).find()

    def action_comment(self) -> None:
        """Comments the line in the code out, or in again."""
        self.query_one(CodePane).comment()

    def action_edit(self) -> None:
        """Saves, opens the file in the learner's own editor, and looks at it afterwards."""
        pane = self.query_one(CodePane)
        if pane.modified:
            pane.save(self._edit)
        else:
            self._edit()

    def _edit(self) -> None:
        self._count_time()
        problem, seconds = edit(self.app, self._desk.workspace.file(self.exercise.id))
        self._time.elsewhere(seconds)
        if problem:
            self.notify(problem, severity="warning", markup=False)
        self.query_one(CodePane).look()

    def action_reset(self) -> None:
        """Puts the stub back after asking."""

        def restarted() -> None:
            with told(self):
                self._desk.progress.restart(self.exercise.id)

        self.query_one(CodePane).reset(restarted)

    def action_go_to_error(self) -> None:
        """Puts the cursor on the learner's line that raised."""
        line = self.query_one(ChecksPane).error_line
        if line is None:
            self.notify("No line of this file raised an error in the last check.", markup=False)
        else:
            self.action_pane("code")
            self.query_one(CodePane).go_to_line(line)

    def action_next(self) -> None:
        """Goes to the exercise behind this one."""
        following = self._desk.following(self.exercise.id)
        if following is None:
            self.notify(named(self, "This is the last exercise of the course. <exercise.back>: the map."), markup=False)
        else:
            self.leave(lambda: self.app.switch_screen(ExerciseScreen(self._desk, following)))

    def action_back(self) -> None:
        """Back to the map."""

        def back() -> None:
            remember_text(self._desk.progress, OPEN, "")
            self.dismiss(None)

        self.leave(back)

    def action_help(self) -> None:
        """Shows the help page."""
        self.app.push_screen(help_screen(self, HELP))

    def leave(self, then: Callable[[], object]) -> None:
        """Calls `then` once nothing can be lost."""

        def go() -> None:
            if self not in self.app.screen_stack:  # the key was hit twice
                return
            self._keep_place()
            then()  # what it returns is not waited for: this very screen could not be removed while it waits

        self.query_one(CodePane).leave(lambda: self.app.call_later(go))

    # The rest

    def keep(self) -> None:
        """Keeps what is not saved for the next start, without asking."""
        self._keep_place()
        self.query_one(CodePane).keep()

    def alive(self) -> None:
        """Somebody is at the keys or the mouse."""
        self._time.alive()

    def _count_time(self) -> None:
        seconds = self._time.take()
        if seconds:
            with told(self):
                self._desk.progress.add_seconds(self.exercise.id, seconds)

    @property
    def _state(self) -> str:
        try:
            return self._desk.progress.state(self.exercise.id)
        except TutorError:  # told already, when the progress was read or written
            return "new"
