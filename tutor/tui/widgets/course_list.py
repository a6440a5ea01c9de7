"""The exercises of a course in order, under their tracks, each with its state in a word.

Titles stand last in their lines: where a line is cut, it is the only part that can be read in full beside the list.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from tutor.core.course import Course, Exercise, Track
from tutor.core.progress import DONE_WITH
from tutor.tui.glyphs import Glyphs
from tutor.tui.keys import key
from tutor.tui.widgets.telling import verdict_style

_BAR = 6


class CourseList(OptionList):
    """All exercises, or those that a search leaves."""

    DEFAULT_CSS = """
    CourseList {
        height: 1fr;
        max-height: 100%;
        border: none;
        padding: 0;
        background: $surface;
        scrollbar-size-vertical: 1;
        text-wrap: nowrap;
        text-overflow: ellipsis;
        &:focus { border: none; background-tint: $foreground 0%; }
        & > .option-list--option-disabled { color: $text-accent; text-style: bold; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "cursor_down", "Down", show=False),
        Binding("k", "cursor_up", "Up", show=False),
        Binding("g", "first", "First", show=False),
        Binding("G", "last", "Last", show=False),
        Binding("l,right", "select", "Open", show=False),
        key("map.open", "enter", "select", "Open", "Work on the exercise under the cursor", show=True),
    ]

    class Opened(Message):
        """The learner wants to work on an exercise."""

        def __init__(self, exercise: str) -> None:
            super().__init__()
            self.exercise = exercise

    class Highlighted(Message):
        """Another exercise is under the cursor; None if there is none."""

        def __init__(self, exercise: str | None) -> None:
            super().__init__()
            self.exercise = exercise

    def __init__(self, course: Course, glyphs: Glyphs, needed: Set[str], *, id: str | None = None) -> None:
        """`needed` are the exercises that the GPT at the end is made of."""
        super().__init__(id=id, markup=False)
        self._course = course
        self._glyphs = glyphs
        self._needed = needed

    def show(self, states: Mapping[str, str], search: str = "", at: str | None = None) -> int:
        """Shows the exercises that match; the cursor goes to `at`, or stays, or goes to the first. Returns how many."""
        at = at or self.exercise
        self.clear_options()
        shown = []
        for track in self._course.tracks:
            found = [each for each in track.exercises if matches(self._words(track, each, states), search)]
            if found:
                self.add_option(Option(self._heading(track, states), disabled=True))
                self.add_options(Option(self._row(each, states), id=each.id) for each in found)
                shown += [each.id for each in found]
        if shown:
            self.go_to(at if at in shown else shown[0])
        else:
            self.post_message(self.Highlighted(None))
        return len(shown)

    def go_to(self, exercise: str) -> None:
        """Puts the cursor on an exercise, with its track's heading in view where that is possible."""
        place = self.get_option_index(exercise)
        self.highlighted = place
        if place and self.options[place - 1].disabled:
            self.call_after_refresh(self._show_heading, place - 1)

    @property
    def exercise(self) -> str | None:
        """The exercise under the cursor."""
        option = self.highlighted_option
        return option.id if option else None

    @property
    def track(self) -> Track | None:
        """The track that the cursor stands in."""
        exercise = self.exercise
        return next((each for each in self._course.tracks if exercise in {e.id for e in each.exercises}), None)

    def on_click(self, event: events.Click) -> None:
        """A click shows what an exercise is about; one on the row that the cursor is on opens it."""
        place = event.style.meta.get("option")
        if place is not None and place != self.highlighted and not self.options[place].disabled:
            event.prevent_default()
            self.highlighted = place

    def on_option_list_option_selected(self, message: OptionList.OptionSelected) -> None:
        """Says which exercise was opened."""
        message.stop()
        if message.option_id:
            self.post_message(self.Opened(message.option_id))

    def on_option_list_option_highlighted(self, message: OptionList.OptionHighlighted) -> None:
        """Says which exercise is under the cursor."""
        message.stop()
        self.post_message(self.Highlighted(message.option_id))

    def _show_heading(self, place: int) -> None:
        if self.scroll_offset.y > place:
            self.scroll_to(y=place, animate=False)

    def _heading(self, track: Track, states: Mapping[str, str]) -> Content:
        done = sum(states.get(each.id) == "passed" for each in track.exercises)
        bar = self._glyphs.bar(done, len(track.exercises), _BAR)
        left = time_left(track.exercises, states)
        head = f"{track.year or '':4}  {bar} {f'{done}/{len(track.exercises)}':5}  "
        return Content.assemble((head, "not bold"), track.title, (f"  {left} left" if left else "", "not bold"))

    def _words(self, track: Track, exercise: Exercise, states: Mapping[str, str]) -> str:
        """All that a search looks at: id, titles, state, year, and whether the GPT is made of it."""
        use = _USE if exercise.id in self._needed else ""
        return f"{exercise.id} {exercise.title} {track.title} {track.year} {states.get(exercise.id, 'new')} {use}"

    def _row(self, exercise: Exercise, states: Mapping[str, str]) -> Content:
        state = states.get(exercise.id, "new")
        minutes = f"{exercise.minutes:3} min" if exercise.minutes else ""
        use = f"  {_USE}" if exercise.id in self._needed else ""
        return Content.assemble(
            (f"  {self._glyphs.verdict(state)} {state:8}", verdict_style(state)),
            (f"{minutes:7}  ", "$text-muted"),
            exercise.title,
            (use, "$text-muted"),
        )


def time_left(exercises: Iterable[Exercise], states: Mapping[str, str]) -> str:
    """How long what is open takes, as the lessons estimate it: '45 min', '5:50 h'; '' where nothing is left."""
    minutes = sum(each.minutes for each in exercises if states.get(each.id) not in DONE_WITH)
    if minutes < 60:
        return f"{minutes} min" if minutes else ""
    return f"{minutes // 60}:{minutes % 60:02} h"


def matches(words: str, search: str) -> bool:
    """Whether every word of the search stands there, in small letters or capitals."""
    text = words.casefold()
    return all(word in text for word in search.casefold().split())


_USE = "for your GPT"
