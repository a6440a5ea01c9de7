"""The tutor on the whole screen: which screens there are and what is open beside them.

course map ── enter ──> exercise ── F7 ──> the next exercise
     ├──────── t ─────> training ── w ──> playground
     └──────── p ─────> pictures
"""

from __future__ import annotations

import importlib
import re
import threading
from collections.abc import Callable, Iterable, Sequence
from typing import Any, ClassVar, Protocol, runtime_checkable

from textual.app import App
from textual.binding import Binding, BindingType
from textual.command import CommandPalette
from textual.driver import Driver
from textual.events import AppBlur, Event, InputEvent, Key
from textual.filter import LineFilter
from textual.screen import Screen

from tutor.core.runs import list_runs
from tutor.tui.desk import Desk
from tutor.tui.glyphs import ASCII, PlainLines, clean
from tutor.tui.keys import key, named
from tutor.tui.lost_folder import LostFolder
from tutor.tui.palette import Command, Finder
from tutor.tui.remembered import OPEN, THEME, recalled_text, remember_text
from tutor.tui.screens.course_map import CourseMap
from tutor.tui.sweeping import Sweeper
from tutor.tui.themes import DARK, DARK_SIGNS, IN_16_COLOURS, LIGHT, LIGHT_SIGNS, terminal_theme
from tutor.tui.threads import GraderSaid, listen
from tutor.tui.widgets.course_list import CourseList

_LOOK_SECONDS = 2.0
"""Between two looks whether the learner's folder is still there."""
_MOST_SENTENCES = 2
"""At once: more would cover the screen."""

_RESUMING_SECONDS = 5.0
"""After which keys are heeded even if the exercise that was open does not open."""
_PALETTE_SECONDS = 0.3
"""In which the command palette is surely gone."""


@runtime_checkable
class HoldsText(Protocol):
    """A screen with text that must not be lost."""

    def leave(self, then: Callable[[], object]) -> None:
        """Calls `then` once nothing can be lost."""

    def alive(self) -> None:
        """Somebody is at the keys or the mouse."""

    def keep(self) -> None:
        """Keeps what is not saved for the next start, without asking."""


class TutorApp(App[None]):
    """Declares screens and keys; what is open lies on the desk."""

    TITLE = "tutor"
    CSS = """
    Toast { max-width: 72; padding: 0 1; }
    Toast { background: $block-cursor-blurred-background; color: $block-cursor-blurred-foreground; }
    Toast .toast--title { color: $block-cursor-blurred-foreground; }
    Input:focus { background-tint: $foreground 0%; }
    TextArea .text-area--cursor-gutter { color: $foreground; }
    SearchIcon { display: none; }
    CommandPalette > Vertical { max-width: 100; }
    CommandPalette #--results { max-width: 100; }
    """
    ENABLE_COMMAND_PALETTE = True
    COMMANDS: ClassVar = {Finder}

    BINDINGS: ClassVar[list[BindingType]] = [
        key("app.quit", "ctrl+q", "quit", "Quit", "Leave the program", priority=True),
        key("app.light", "ctrl+t", "light", "Light or dark", "Change between light and dark"),
        key("app.palette", "ctrl+p", "command_palette", "Palette", "Find a command or an exercise", priority=True),
        key("app.suspend", "ctrl+z", "suspend_process", "Suspend", "Back to the shell; `fg` returns"),
    ]

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._sweeper = Sweeper()
        self.own_keys: dict[str, str] = {}
        """Id of an action → keys that the learner gave to it, as far as they can be used."""
        self._lost_folder = LostFolder(self, desk, lambda: self._holder is not None)
        self._plain = PlainLines(ascii_only=desk.glyphs is ASCII)
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        self._resuming = bool(recalled_text(desk.progress, OPEN))
        self._resumed_theme = recalled_text(desk.progress, THEME)
        known = self._resumed_theme in self.available_themes
        self.theme = self._resumed_theme if known else terminal_theme().name
        self.ansi_theme_dark, self.ansi_theme_light = DARK_SIGNS, LIGHT_SIGNS
        self.animation_level = "none"

    def get_default_screen(self) -> CourseMap:
        """The course map lies at the bottom of the stack."""
        return CourseMap(self._desk)

    def get_driver_class(self) -> type[Driver]:
        """Ours in a terminal; a browser and the tests have their own."""
        chosen = super().get_driver_class()
        if chosen.__module__ != "textual.drivers.linux_driver":
            return chosen
        from tutor.tui.terminal import Terminal  # there are systems without what it imports

        return Terminal

    @property
    def _background_screens(self) -> list[Screen[Any]]:
        """What shines through: nothing but under a question. Textual draws all anew for a change below any screen."""
        return super()._background_screens if self.screen.is_modal else []

    def get_key_display(self, binding: Binding) -> str:
        """A key as it is called on the keyboard: enter, F5, ^s."""
        display = super().get_key_display(binding)
        return {"⏎": "enter"}.get(display, re.sub(r"\bf(?=\d+$)", "F", display))

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Nothing that is drawn can steer the terminal, wherever it came from."""
        return [*super().get_line_filters(), self._plain]

    def on_mount(self) -> None:
        """Starts the grader once the first frame is drawn: it warms up while the learner reads."""
        listen(self._desk.grader, self)
        if self.console.color_system == "standard" and not self.is_headless:
            for each in IN_16_COLOURS:
                self.register_theme(each)
            self.refresh_css()
        self.theme_changed_signal.subscribe(self, lambda theme: self._remember_theme(theme.name))
        self.call_after_refresh(self._warm)
        self.set_interval(1.0, self._sweeper.sweep)
        self.set_interval(_LOOK_SECONDS, self._lost_folder.look)

    def on_unmount(self) -> None:
        """Leaves the process as it was."""
        self._sweeper.stop()

    async def on_event(self, event: Event) -> None:
        """Notes that somebody is at the keys."""
        if isinstance(event, InputEvent):
            self._sweeper.touched()
            if self._resuming and isinstance(event, Key) and not event.key.startswith("ctrl+"):
                if len(self.screen_stack) == 1 or self.screen.focused is None:
                    return  # pressed on what is seen, the map, and would land in the learner's file
                self._resuming = False
            holder = self._holder
            if holder is not None and (isinstance(self.screen, HoldsText) or self.screen.is_modal):
                holder.alive()  # from here: what an editor types or a list is clicked for comes to no screen
        await super().on_event(event)

    def on_app_blur(self, event: AppBlur) -> None:
        """In a browser it comes at the start too, after the page took the keys: the lowest line would stay empty."""
        if self.is_web:
            event.prevent_default()

    def _warm(self) -> None:
        """Does in the background what the first exercise will need; the first frame is drawn now."""
        self._desk.grader.start()
        threading.Thread(target=self._prepare, name="imports", daemon=True).start()

    def _prepare(self) -> None:
        """Imports what comes next; the learner's own keys hold once all ids are known."""
        importlib.import_module("tutor.tui.screens.exercise")
        self._sweeper.start()
        table = self._desk.own_keys
        if table.keys or table.problems:
            from tutor.tui.keymap import every_action, told, usable

            actions = every_action()
            self.call_later(self._take_keys, usable(table, actions), told(table, actions))
        self.call_later(self._resume)

    def _take_keys(self, keys: dict[str, str], problems: tuple[str, ...]) -> None:
        self.own_keys = keys
        self.set_keymap(keys)
        if len(problems) > _MOST_SENTENCES:
            more = f"{len(problems) - 1} more things are wrong with your keys. `tutor keys` tells all."
            problems = (problems[0], more)
        for sentence in problems:
            self.notify(clean(sentence), severity="warning", timeout=15, markup=False)

    def _resume(self) -> None:
        """Opens the exercise that was open when the program ended."""
        exercise = recalled_text(self._desk.progress, OPEN)
        remember_text(self._desk.progress, OPEN, "")  # until it is seen to open: no start may end there twice
        if any(each.id == exercise for each in self._desk.course.exercises):
            self.screen.post_message(CourseList.Opened(exercise))
            self.set_timer(_RESUMING_SECONDS, self._resumed)
        else:
            self._resumed()

    def _resumed(self) -> None:
        self._resuming = False

    def _remember_theme(self, name: str) -> None:
        if name != self._resumed_theme:
            self._resumed_theme = name
            remember_text(self._desk.progress, THEME, name)

    def on_grader_said(self, message: GraderSaid) -> None:
        """Hands an event to every open screen; each applies what is its own."""
        for screen in self.screen_stack:
            screen.post_message(GraderSaid(message.event))

    def commands(self, screen: Screen[Any]) -> Iterable[Command]:
        """What the command palette finds."""
        from tutor.tui.commands import all_commands  # with all screens, when somebody searches

        return all_commands(self, self, self._desk, screen)

    def action_command_palette(self) -> None:
        """Opens the palette; its line says what it finds."""
        if self.use_command_palette and not isinstance(self.screen, CommandPalette):
            self.push_screen(CommandPalette(placeholder="Search: what to do, or an exercise", id="--command-palette"))

    def keep_screenshot(self) -> None:
        """Waits until the palette is gone, and all that it covered is drawn again."""
        self.set_timer(_PALETTE_SECONDS, self._save_screenshot)

    def _save_screenshot(self) -> None:
        """Saves it beside the learner's notes: not everyone has the folder for downloads that Textual takes."""
        folder = self._desk.workspace.notes / "screenshots"
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            self.notify(f"{folder} cannot be made ({error.strerror}). Make room.", severity="error", markup=False)
        else:
            self.deliver_screenshot(path=str(folder))

    def go_to(self, exercise: str) -> None:
        """Opens an exercise from wherever this is; the map lies below it."""
        self.go_home(lambda: self.screen.post_message(CourseList.Opened(exercise)))

    def go_home(self, then: Callable[[], object]) -> None:
        """Goes to the course map from wherever this is, and does something there."""

        def go() -> None:
            while len(self.screen_stack) > 1:
                self.pop_screen()
            remember_text(self._desk.progress, OPEN, "")
            then()

        self._leave(go)

    def action_play(self) -> None:
        """Opens the playground on the newest run that has a checkpoint."""
        from tutor.tui.screens.playground import PlaygroundScreen

        trained = [run for run in list_runs(self._desk.workspace.root) if run.checkpoint.exists()]
        if trained:
            self.push_screen(PlaygroundScreen(trained[0]))
        else:
            sentence = "No model has been trained yet. <map.train> on the course map trains one."
            self.notify(named(self, sentence), severity="warning")

    def action_light(self) -> None:
        """Changes between light and dark."""
        self.theme = LIGHT.name if self.current_theme.dark else DARK.name

    async def action_quit(self) -> None:
        """Leaves the program; a screen with unsaved text is asked first."""
        self._leave(self.exit)

    def action_end(self, signal: int) -> None:
        """Leaves at once, for somebody outside said so."""
        if self._holder is not None:
            self._holder.keep()
        self.exit(return_code=128 + signal)

    def _leave(self, then: Callable[[], object]) -> None:
        holder = self._holder
        if holder is None:
            then()
        else:
            holder.leave(then)

    @property
    def _holder(self) -> HoldsText | None:
        return next((screen for screen in reversed(self.screen_stack) if isinstance(screen, HoldsText)), None)
