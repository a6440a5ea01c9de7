"""Pictures of the course, computed from the learner's own code: chosen on the left, drawn on the right.

A picture is computed by a process of its own, whose words are read in a thread; leaving the screen ends it. What was
drawn stays until it is drawn anew.
"""

from __future__ import annotations

import contextlib
import threading
import time
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from tutor.core.errors import PictureError
from tutor.core.gallery import SUBJECTS, Subject, find_subject
from tutor.core.painting import Event, Failed, Painted, Painting, prepare
from tutor.core.picture import Picture
from tutor.tui.desk import Desk, told
from tutor.tui.glyphs import ASCII
from tutor.tui.keys import key, named
from tutor.tui.screens.once import Once
from tutor.tui.screens.reading import help_screen
from tutor.tui.widgets.key_line import KeyLine
from tutor.tui.widgets.one_line import OneLine
from tutor.tui.widgets.picture_pane import PicturePane

_LONG = 5.0
"""Seconds after which one wants to know how many it has been."""


class PaintingSaid(Message, bubble=False):
    """A painting said something."""

    def __init__(self, painting: Painting, event: Event) -> None:
        super().__init__()
        self.painting, self.event = painting, event


class PicturesScreen(Once[None]):
    """One picture is computed at a time."""

    DEFAULT_CSS = """
    PicturesScreen {
        #title { height: 1; padding: 0 1; background: $primary; color: $text; text-style: bold; }
        #names { width: 17; height: 1fr; border: none; border-right: solid $primary; }
        #says { height: auto; max-height: 6; padding: 0 1; }
        #whose { height: auto; max-height: 5; padding: 0 1; color: $text-muted; }
        #on { display: none; height: 1; border: none; padding: 0 1; background: $panel; }
        &.-asking #on { display: block; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        key("pictures.draw", "d", "draw", "Draw", "Compute this picture anew from your code as it is now", show=True),
        key("pictures.change", "e", "change", "Change", "Compute it on something else: a text of yours", show=True),
        key("pictures.next", "right_square_bracket,n", "turn(1)", "Next part", "The next part of it", show=True),
        key("pictures.previous", "left_square_bracket,N", "turn(-1)", "Previous part", "The previous part of it"),
        key("pictures.save", "s", "save('.svg')", "Save", "Save it as an SVG into your folder", show=True),
        key("pictures.save_png", "S", "save('.png')", "Save PNG", "Save it as a PNG into your folder"),
        key("pictures.stop", "x", "stop", "Stop", "Stop computing", show=True),
        key("pictures.back", "escape", "back", "Back", "Back to where you were", show=True),
        key("pictures.help", "f1,question_mark", "help", "Help", "What this screen is, and its keys", show=True),
    ]

    def __init__(self, desk: Desk, subject: Subject = SUBJECTS[0]) -> None:
        super().__init__()
        self._desk = desk
        self._subject = subject
        self._on: dict[str, str] = {}
        """What was typed for a picture."""
        self._drawn: dict[str, Picture] = {}
        self._painting: Painting | None = None
        self._painted_name, self._since = "", 0.0
        """What is computed, and since when."""

    def compose(self) -> ComposeResult:
        """Names on the left; sentences, drawing and whose code it was on the right."""
        yield Static("Pictures", id="title", markup=False)
        with Horizontal():
            yield OptionList(*(Option(each.name, id=each.name) for each in SUBJECTS), id="names", markup=False)
            with Vertical():
                yield Static(id="says", markup=False)
                yield PicturePane(ascii_only=self._desk.glyphs is ASCII, id="picture")
                yield Static(id="whose", markup=False)
        yield OneLine(id="on", compact=True)
        yield KeyLine()

    def on_mount(self) -> None:
        """A name is chosen: the first, unless it was asked for another."""
        names = self.query_one("#names", OptionList)
        names.highlighted = SUBJECTS.index(self._subject)
        names.focus()
        self.set_interval(1.0, self._tell_time)

    def on_unmount(self) -> None:
        """Nobody waits for it any more."""
        self._stop()

    @on(OptionList.OptionHighlighted)
    def _highlighted(self, event: OptionList.OptionHighlighted) -> None:
        self._subject = find_subject(event.option_id or SUBJECTS[0].name)
        self._show()

    @on(OptionList.OptionSelected)
    def _selected(self) -> None:
        computed = self._painting is not None and self._painted_name == self._subject.name
        if computed or self._subject.name in self._drawn:
            self.set_focus(self.query_one(PicturePane))  # at once: the keys that follow are meant for it
        else:
            self.action_draw()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What cannot be done now is not offered."""
        drawn = self._subject.name in self._drawn
        if action == "stop":
            return self._painting is not None
        if action == "turn":
            return drawn and self.query_one(PicturePane).turns
        if action == "change":
            return bool(self._subject.on)
        return action != "save" or drawn

    def action_draw(self) -> None:
        """Starts the process that computes the chosen picture; one that runs is ended."""
        self._stop()
        subject = self._subject
        with told(self):
            order = prepare(self._desk.workspace, self._desk.progress, subject, self._asked(subject))
            self._painting, self._painted_name, self._since = Painting(order), subject.name, time.monotonic()
            self._drawn.pop(subject.name, None)
            threading.Thread(target=self._read, args=(self._painting,), name="painting", daemon=True).start()
            self._show()
            self.query_one(PicturePane).say("Starting")

    def action_change(self) -> None:
        """Asks what to compute it on."""
        line = self.query_one("#on", Input)
        line.value, line.placeholder = self._asked(self._subject), self._subject.means
        self.add_class("-asking")
        self.set_focus(line)

    @on(Input.Submitted)
    def _changed(self, event: Input.Submitted) -> None:
        self._on[self._subject.name] = event.value
        self._close_line()
        self.action_draw()

    def action_turn(self, step: int) -> None:
        """Shows another part of the picture."""
        self.query_one(PicturePane).turn(step)

    def action_save(self, ending: str) -> None:
        """Saves the picture among the learner's files."""
        from tutor.drawing.saving import save

        picture = self._drawn[self._subject.name]
        folder = self._desk.workspace.root / "pictures"
        with told(self):
            try:
                folder.mkdir(exist_ok=True)
            except OSError as error:
                raise PictureError(f"{folder} cannot be made ({error.strerror}). Make room for it.") from error
            file = folder / f"{picture.name}{ending}"
            save(picture, file)
            self.notify(f"Saved as {file}", markup=False)

    def action_stop(self) -> None:
        """Ends the process that computes."""
        self._stop()
        self.query_one(PicturePane).say(named(self, "Stopped. <enter> starts again."))
        self._head()

    def action_back(self) -> None:
        """From the line to the list, from the picture to the list, from the list to the screen below."""
        names = self.query_one("#names", OptionList)
        if self.has_class("-asking"):
            self._close_line()
        elif names.has_focus:
            self.dismiss()
        else:
            self.set_focus(names)

    def action_help(self) -> None:
        """Shows the help page."""
        self.app.push_screen(help_screen(self, HELP))

    def on_painting_said(self, message: PaintingSaid) -> None:
        """Applies what the process says, unless another one was started since."""
        if message.painting is not self._painting:
            return
        event = message.event
        if isinstance(event, Painted):
            self._drawn[self._painted_name] = event.picture
        if isinstance(event, Painted | Failed):
            self._painting = None
        if self._painted_name != self._subject.name:
            self._head()
        elif isinstance(event, Painted):
            self._show()
        elif isinstance(event, Failed):
            self.query_one(PicturePane).say(event.message)
            self._head()
        else:
            self.query_one(PicturePane).say(event.text)

    @on(PicturePane.Turned)
    def _turned(self) -> None:
        self._head()

    def _read(self, painting: Painting) -> None:
        """In a thread: hands on what the process says."""
        for event in painting.events():
            with contextlib.suppress(RuntimeError):  # the program has ended meanwhile
                self.post_message(PaintingSaid(painting, event))

    def _stop(self) -> None:
        if self._painting is not None:
            self._painting.cancel()
            self._painting = None

    def _asked(self, subject: Subject) -> str:
        return self._on.get(subject.name, subject.on)

    def _close_line(self) -> None:
        self.remove_class("-asking")
        self.set_focus(self.query_one("#names", OptionList))

    def _show(self) -> None:
        """The chosen picture, or what it will show."""
        subject, pane = self._subject, self.query_one(PicturePane)
        picture = self._drawn.get(subject.name)
        if picture:
            pane.show(picture)
        elif self._painting is not None and self._painted_name == subject.name:
            pane.say("It is being computed.")
        else:
            change = (
                f"<pictures.change> computes it on something else than: {self._asked(subject)}" if subject.on else ""
            )
            pane.say(named(self, f"<enter> draws it from your code, where it has passed.\n{change}"))
        self.query_one("#says", Static).update("\n".join(picture.says) if picture else subject.shows)
        self.query_one("#whose", Static).update(picture.whose if picture else "")
        self._head()

    def _tell_time(self) -> None:
        if self._painting is not None:
            self._head()

    def _head(self) -> None:
        title = f"Pictures · {self._subject.title}"
        if self._subject.name in self._drawn:
            pane = self.query_one(PicturePane)
            place, of = pane.place
            title += f" · part {place} of {of}" if pane.turns else ""
        if self._painting is not None:
            spent = time.monotonic() - self._since
            title += f" · computing {self._painted_name}" + (f", {spent:.0f} s" if spent > _LONG else "")
        self.query_one("#title", Static).update(title)
        self.refresh_bindings()


HELP = """\
Each picture is computed from your own files where they have passed, else from the course's solutions; the line below \
it says which. <enter> draws, <tab> goes to the picture, where the arrows move a cursor on a grid and scroll \
elsewhere."""
