"""All that the command palette finds: keys of this screen and of others, exercises, quizzes, pictures, runs, settings.

What belongs to another screen is found as well, so that nobody has to know where it is: it goes there, or says which
key does it there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Coroutine, Iterator, Mapping
from functools import partial
from typing import Any, Protocol

from textual.actions import parse
from textual.app import App
from textual.binding import Binding
from textual.dom import DOMNode
from textual.screen import Screen

from tutor.core.course import Track
from tutor.core.gallery import SUBJECTS, Subject
from tutor.core.runs import Run, list_runs
from tutor.tui.desk import Desk, home_as_tilde, told
from tutor.tui.glyphs import clean
from tutor.tui.keymap import Action, every_action
from tutor.tui.keys import in_order, named
from tutor.tui.palette import Command


class Ways(Protocol):
    """How to get to places, from wherever this is; text that is not saved is asked about first."""

    def go_to(self, exercise: str) -> None:
        """Opens an exercise."""

    def go_home(self, then: Callable[[], object]) -> None:
        """Goes to the course map, and does something there."""

    def action_play(self) -> None:
        """Opens the playground."""

    def keep_screenshot(self) -> None:
        """Saves a picture of the screen."""


def all_commands(app: App[Any], ways: Ways, desk: Desk, screen: Screen[Any]) -> Iterator[Command]:
    """All of them, what this screen offers first."""
    here = _here(app, screen)
    yield from here.values()
    yield from _settings(app, ways, desk)
    yield Command("Playground", "Let the model that was trained last write", ways.action_play, "", _ALSO["playground"])
    yield from _elsewhere(app, ways, here.keys())
    for track in desk.course.tracks:
        yield from _exercises(ways, track)
    for track in desk.course.tracks:
        yield from _track(app, ways, desk, track)
    yield from (_picture(app, desk, each) for each in SUBJECTS)
    yield from (_run(app, desk, each) for each in list_runs(desk.workspace.root))


def _here(app: App[Any], screen: Screen[Any]) -> dict[str, Command]:
    """Every action of the screen once, by id: those whose keys work now, then those of letters, while text is typed."""
    found: dict[str, Command] = {}
    seen = set()
    for binding, node in _bindings(screen):
        space, action, parameters = parse(binding.action)
        if (action, parameters) in seen or not (space or node.check_action(action, parameters)):
            continue
        seen.add((action, parameters))
        words, keys = _ALSO.get(binding.id or "", ""), app.get_key_display(binding)
        run = _runs(app, binding.action, node)
        found[binding.id or ""] = Command(binding.description, binding.tooltip, run, keys, words)
    return found


def _bindings(screen: Screen[Any]) -> Iterator[tuple[Binding, DOMNode]]:
    """Those with a name, and where they are."""
    for active in in_order(screen.active_bindings.values()):
        if active.enabled and active.binding.id not in (None, "app.palette") and active.binding.description:
            yield active.binding, active.node
    for node in (screen, *screen.walk_children()):
        for binding in type(node).__dict__.get("BINDINGS", ()):
            if isinstance(binding, Binding) and (binding.id or "").partition(".")[0] in _ROOMS:
                yield binding, node


def _settings(app: App[Any], ways: Ways, desk: Desk) -> Iterator[Command]:
    """What can be set, and where."""
    yield Command("Theme", "Choose another theme", app.action_change_theme, "", "colours colors settings appearance")
    yield Command("Screenshot", "Save a picture of the screen as SVG", ways.keep_screenshot, "", "print image")
    keys = partial(app.notify, clean(_keys_sentence(desk)), title="Keys", timeout=20, markup=False)
    yield Command("Change keys", "Where your own keys are kept", keys, "", "keymap shortcuts bindings remap settings")
    font = partial(app.notify, _FONT, title="Font", timeout=12, markup=False)
    yield Command("Font", "Your terminal draws the letters", font, "", "size zoom larger smaller", listed=False)
    for name, theme in app.available_themes.items():
        kind = "dark" if theme.dark else "light"
        yield Command(f"Theme: {name}", f"A {kind} theme", partial(setattr, app, "theme", name), listed=False)


def _keys_sentence(desk: Desk) -> str:
    path = desk.own_keys.path
    file = home_as_tilde(path) if path else "the file that it names"
    return f'`tutor keys` lists every key. Copy lines of it into {file}, as in "exercise.check" = "{_EXAMPLE}".'


def _elsewhere(app: App[Any], ways: Ways, here: Collection[str]) -> Iterator[Command]:
    """What the map does, done from here; and what other screens do, with their keys."""
    own: Mapping[str, str] = getattr(app, "own_keys", {})
    for id, action in every_action().items():
        room, _, name = id.partition(".")
        if id in here or room not in _ROOMS or name.endswith(".letter") or name in _PLAIN:
            continue
        keys = app.get_key_display(Binding(own.get(id, action.keys).split(",")[0].strip(), ""))
        words, sentence = _ALSO.get(id, ""), f"{_ROOMS[room]}. {action.sentence}"
        run = partial(_on_map, app, ways, name) if room == "map" else partial(_say_where, app, action, id)
        weight = _ALIKE if room == "map" else _ELSEWHERE
        yield Command(action.name, sentence, run, keys, words, False, weight)


def _on_map(app: App[Any], ways: Ways, action: str) -> None:
    ways.go_home(lambda: app.call_later(app.run_action, _MAP_ACTIONS.get(action, action), app.screen))


def _say_where(app: App[Any], action: Action, id: str) -> None:
    room = id.partition(".")[0]
    app.notify(named(app, f"{_ROOMS[room]}: <{id}>. {action.sentence}."), title=action.name, timeout=10, markup=False)


def _exercises(ways: Ways, track: Track) -> Iterator[Command]:
    for each in track.exercises:
        title = f"{each.title} ({each.id})"
        words = f"{track.title} {track.year or ''} lesson code checks"
        yield Command(title, "Open this exercise", partial(ways.go_to, each.id), "", words, listed=False)


def _track(app: App[Any], ways: Ways, desk: Desk, track: Track) -> Iterator[Command]:
    """A track's questions, and the way past it."""
    ask, skip = partial(_ask, app, desk, track), partial(ways.go_home, partial(_place_out, app, desk, track))
    year = str(track.year or "")
    yield Command(f"Quiz: {track.title}", "Questions to check yourself with", ask, "", year, False, _ALIKE)
    yield Command(
        f"I know this: {track.title}", "Check the track in one go", skip, "", f"place out {year}", False, _ALIKE
    )


def _ask(app: App[Any], desk: Desk, track: Track) -> None:
    from tutor.tui.screens.quiz import QuizScreen

    with told(app.screen):
        questions = desk.due(track.id)
        if questions:
            app.push_screen(QuizScreen(desk, track.title, questions))
        else:
            app.notify(f"There are no questions on the track “{track.title}”.", markup=False)


def _place_out(app: App[Any], desk: Desk, track: Track) -> None:
    from tutor.tui.screens.placing import PlacingScreen

    app.push_screen(PlacingScreen(desk, track))


def _picture(app: App[Any], desk: Desk, subject: Subject) -> Command:
    from tutor.tui.screens.pictures import PicturesScreen

    title = f"Picture: {subject.title} ({subject.name})"
    return Command(title, subject.shows, lambda: app.push_screen(PicturesScreen(desk, subject)), "", "", False, _ALIKE)


def _run(app: App[Any], desk: Desk, run: Run) -> Command:
    from tutor.tui.screens.training import TrainingScreen

    root = desk.workspace.root
    title = f"Training: {clean(run.name)}"
    return Command(title, "See this run", lambda: app.push_screen(TrainingScreen(root, run=run)), listed=False)


def _runs(app: App[Any], action: str, node: DOMNode) -> Callable[[], Coroutine[Any, Any, bool]]:
    async def run() -> bool:
        return await app.run_action(action, node)

    return run


_ALIKE, _ELSEWHERE = 0.95, 0.85
"""What is done here, and exercises, are likelier to be meant than pictures and the like, and than other screens."""
_EXAMPLE = "ctrl+r"
_FONT = "Your terminal draws the letters. In most of them Ctrl and + makes them larger, Ctrl and - smaller."
_ROOMS = {
    "map": "On the course map",
    "exercise": "In an exercise",
    "checks": "Among the checks of an exercise",
    "editor": "In the editor",
    "training": "Among the trainings",
    "playground": "In the playground",
    "pictures": "Among the pictures",
}
"""Where an action is done, by the first part of its id; the others are of no use by themselves."""
_PLAIN = ("help", "quit", "clear", "open", "back", "leave", "close", "next", "previous", "track_up", "track_down")
"""What every screen has, or what only means something where one is."""
_MAP_ACTIONS = {"track": "about"}
"""Names of the map's actions that differ from their ids."""
_ALSO = {
    "app.light": "theme colours colors contrast",
    "app.quit": "exit leave end",
    "app.suspend": "shell background",
    "exercise.back": "leave close list",
    "exercise.check": "grade run test verify submit",
    "exercise.compare": "diff difference",
    "exercise.edit": "vim nvim nano emacs code vscode external",
    "exercise.even": "resize layout split panes",
    "exercise.find": "search",
    "exercise.hint": "help stuck tip",
    "exercise.next": "continue forward",
    "exercise.repro": "repro debug pdb reproduce",
    "exercise.reset": "reset restart stub undo revert",
    "exercise.save": "write store",
    "exercise.solution": "answer give up cheat",
    "exercise.wider": "resize layout split pane",
    "exercise.zoom": "full screen maximise",
    "map.help": "about keys manual",
    "map.known": "place out placing test skip",
    "map.next": "continue resume unfinished",
    "map.quit": "exit leave end",
    "map.quiz": "questions test",
    "map.search": "find filter",
    "map.stats": "progress time spent statistics score",
    "map.track": "paper history year milestones",
    "map.train": "training gpt gpu cuda device loss model runs",
    "playground": "sample generate write prompt temperature",
    "exercise.help": "about keys manual",
}
"""Other words that people have for an action, by its id."""
