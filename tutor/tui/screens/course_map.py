"""The course map: every track and exercise with its state; from here everything else is opened."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input, Static

from tutor.tui.desk import Desk, home_as_tilde, told
from tutor.tui.glyphs import clean
from tutor.tui.keys import key, named
from tutor.tui.screens.reading import ReadingScreen, help_screen
from tutor.tui.widgets.course_list import CourseList, time_left
from tutor.tui.widgets.exercise_card import ExerciseCard
from tutor.tui.widgets.key_line import KeyLine
from tutor.tui.widgets.one_line import OneLine
from tutor.tui.widgets.track_facts import plain, track_lines


class CourseMap(Screen[None]):
    """Where the learner is, and where they can go."""

    DEFAULT_CSS = """
    CourseMap {
        #progress { height: 1; padding: 0 1; background: $panel; text-wrap: nowrap; text-overflow: ellipsis; }
        #map { height: 1fr; }
        #list { width: 3fr; }
        #card { width: 2fr; max-width: 70; }
        #search { display: none; height: 1; border: none; padding: 0 1; background: $panel; }
        &.-searching #search { display: block; }
        &.-narrow #map { layout: vertical; }
        &.-narrow #list { width: 100%; }
        &.-narrow #card { width: 1fr; max-width: 100%; height: 6; border-top: solid $border-blurred; }
    }
    """
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]

    BINDINGS: ClassVar[list[BindingType]] = [
        key("map.next", "n", "next", "Next", "Go to the next exercise that has not passed", show=True),
        key(
            "map.search",
            "slash",
            "search",
            "Search",
            "Show only what matches: words of a title, a track, a state, a year",
            show=True,
        ),
        key("map.train", "t", "train", "Train", "Train and sample the GPT made of your own files", show=True),
        key("map.pictures", "p", "pictures", "Pictures", "Draw what your own code computes", show=True),
        key("map.quiz", "u", "quiz", "Quiz", "Questions to check yourself with, on this track", show=True),
        key("map.known", "i", "known", "I know this", "Check a whole track in one go, and skip what you do not want"),
        key("map.stats", "s", "stats", "Statistics", "What you have put in: attempts, time, hints, mistakes"),
        key("map.track", "o", "about", "Track", "Where the track comes from, what it is for, numbers to reach"),
        key("map.track_down", "right_square_bracket", "track(1)", "Next track", "Go to the next track"),
        key("map.track_up", "left_square_bracket", "track(-1)", "Previous track", "Go to the previous track"),
        key("map.clear", "escape", "clear", "Clear", "Leave the search and show all exercises again", show=True),
        key("map.help", "f1,question_mark", "help", "Help", "What this screen is, and its keys", show=True),
        key("map.quit", "q", "app.quit", "Quit", "Leave; you come back to where you were", show=True),
    ]

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._states: dict[str, str] = {}
        self._best: dict[str, float] = {}
        self._arriving = True

    def compose(self) -> ComposeResult:
        """How far the learner is; the list with the exercise's card; the search; the keys."""
        yield Static(id="progress")
        with Horizontal(id="map"):
            yield CourseList(self._desk.course, self._desk.glyphs, self._desk.needed_for_gpt, id="list")
            yield ExerciseCard(self._desk, id="card")
        yield OneLine(placeholder="Search: words of titles, states, years", id="search", compact=True)
        yield KeyLine()

    def on_mount(self) -> None:
        """Gives the list the keys."""
        self.query_one(CourseList).focus()
        if self._desk.warning:
            self.notify(clean(self._desk.warning), severity="warning", timeout=15, markup=False)

    def on_screen_resume(self) -> None:
        """Shows how far the learner is, at the start and after another screen."""
        at = None
        with told(self):
            at = self._desk.progress.last_exercise() if self._arriving else None
            self._states = dict(self._desk.progress.states())
        self.query_one("#progress", Static).update(self._progress())
        if self._arriving:
            self.action_clear()
        self._show_list(at)
        self._arriving = False
        self.run_worker(self._look_at_runs, thread=True, exclusive=True, exit_on_error=False)

    def _look_at_runs(self) -> None:
        """Finds the learner's lowest losses, beside the screen."""
        from tutor.core.milestones import best_losses

        best = best_losses(self._desk.workspace.root)
        if best != self._best:
            self.app.call_from_thread(self._show_best, best)

    def _show_best(self, best: dict[str, float]) -> None:
        self._best = best
        courses = self.query_one(CourseList)
        self._highlighted(CourseList.Highlighted(courses.exercise))

    def _progress(self) -> Content:
        """How much has passed, what is left, and where the files lie."""
        exercises = self._desk.course.exercises
        words = [self._states.get(each.id) for each in exercises]
        done, skipped = words.count("passed"), words.count("skipped")
        left = time_left(exercises, self._states)
        facts = f"{done} of {len(exercises)} passed"
        facts += (f", {skipped} skipped" if skipped else "") + (f", {left} left" if left else "")
        return Content.assemble(
            (self._desk.course.title, "bold $text-accent"),
            f"  {self._desk.glyphs.bar(done, len(exercises), 10)} {facts}",
            (f"  {home_as_tilde(self._desk.workspace.root)}", "$text-muted"),
        )

    def _show_list(self, at: str | None = None) -> None:
        self.query_one(CourseList).show(self._states, self._search.value, at)

    @property
    def _search(self) -> Input:
        return self.query_one("#search", Input)

    @on(CourseList.Highlighted)
    def _highlighted(self, message: CourseList.Highlighted) -> None:
        card = self.query_one(ExerciseCard)
        if message.exercise is None:
            card.clear()
            return
        with told(self):
            card.show(self._desk.course.exercise(message.exercise), self._states, self._best)

    @on(CourseList.Opened)
    def _opened(self, message: CourseList.Opened) -> None:
        if self.is_active:  # a second Enter may come before the screen that the first one opened
            self._open(message.exercise)

    def _open(self, exercise: str) -> None:
        from tutor.tui.screens.exercise import (
            ExerciseScreen,
        )  # editor and Markdown: 80 ms that the first frame need not wait

        self._arriving = True  # with the exercise that will have been open last
        self.app.push_screen(ExerciseScreen(self._desk, self._desk.course.exercise(exercise)))

    def action_next(self) -> None:
        """Puts the cursor on the next exercise that has not passed."""
        self.action_clear()
        courses = self.query_one(CourseList)
        with told(self):
            following = self._desk.next_unfinished(courses.exercise)
            if following:
                courses.go_to(following.id)
            else:
                self.notify(named(self, DONE), markup=False)

    def action_track(self, step: int) -> None:
        """Puts the cursor on the first exercise of the next or previous track."""
        courses = self.query_one(CourseList)
        tracks = [each for each in self._desk.course.tracks if each.exercises]
        place = next((n for n, each in enumerate(tracks) if courses.exercise in {e.id for e in each.exercises}), 0)
        self.action_clear()
        courses.go_to(tracks[(place + step) % len(tracks)].exercises[0].id)

    def action_search(self) -> None:
        """Opens the search line."""
        self.add_class("-searching")
        self._search.focus()
        self.refresh_bindings()

    @property
    def of_the_moment(self) -> dict[str, bool]:
        """Which keys the lowest line shows otherwise than always: what is typed as a letter now is no key."""
        return {"map.search": not self._search.has_focus}

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is something to clear only while a search is open."""
        return action != "clear" or self.has_class("-searching")

    def action_clear(self) -> None:
        """Shows all exercises again."""
        self.remove_class("-searching")
        self.query_one(CourseList).focus()
        self.refresh_bindings()
        if self._search.value:
            self._search.value = ""
            self._show_list()  # now: who clears may go at once to what was not shown

    @on(Input.Changed)
    def _searched(self) -> None:
        self._show_list()

    @on(Input.Submitted)
    def _search_submitted(self) -> None:
        courses = self.query_one(CourseList)
        courses.focus()
        courses.action_select()

    def key_down(self) -> None:
        """From the search line into the list."""
        if self._search.has_focus:
            self.query_one(CourseList).focus()

    def action_train(self) -> None:
        """Opens the training screen."""
        from tutor.tui.screens.training import TrainingScreen

        self._show(TrainingScreen(self._desk.workspace.root))

    def action_pictures(self) -> None:
        """Opens the pictures."""
        from tutor.tui.screens.pictures import PicturesScreen

        self._show(PicturesScreen(self._desk))

    def action_quiz(self) -> None:
        """Opens the questions of the track under the cursor."""
        from tutor.tui.screens.quiz import QuizScreen

        track = self.query_one(CourseList).track
        if track is None:
            return
        with told(self):
            questions = self._desk.due(track.id)
            if questions:
                self._show(QuizScreen(self._desk, track.title, questions))
            else:
                self.notify(f"There are no questions on the track “{track.title}”.", markup=False)

    def action_known(self) -> None:
        """Opens the screen to place out of the track under the cursor."""
        from tutor.tui.screens.placing import PlacingScreen

        track = self.query_one(CourseList).track
        if track is not None:
            self._show(PlacingScreen(self._desk, track))

    def action_stats(self) -> None:
        """Shows what the learner has put in."""
        from tutor.core.effort import effort_text, efforts, right_answers
        from tutor.core.render import Style
        from tutor.core.render import clean as spelled  # a table: its columns stay as they are

        course, progress = self._desk.course, self._desk.progress
        with told(self):
            text = effort_text(course, efforts(course, progress), right_answers(course, progress.answers()), Style())
            self._show(ReadingScreen("What you have put in", Content(spelled(text))))

    def action_about(self) -> None:
        """Shows all that is known of the track under the cursor."""
        track = self.query_one(CourseList).track
        if track is not None:
            with told(self):
                lines = [
                    *track_lines(self, self._desk, track, self._best),
                    Content(),
                    Content(plain(track.introduction)),
                ]
                self._show(ReadingScreen(track.title, Content("\n").join(lines)))

    def action_help(self) -> None:
        """Shows the help page."""
        self._show(help_screen(self, HELP))

    def _show(self, screen: Screen[None]) -> None:
        """Opens a screen, once: a second key may come before the screen that the first one opened."""
        if self.is_active:
            self.app.push_screen(screen)


DONE = "There is no other exercise left. <map.train> trains what you have written."
HELP = """\
Each line is an exercise: its state (new, started, passed), its title and how long it takes. <map.open> opens it. Your \
files are plain Python files in the folder that the top line names: any editor will do, and what you save is checked."""
