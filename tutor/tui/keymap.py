"""Every action that has an id, and what is wrong with the keys that a learner gave to some.

every_action      ids with their keys, over all screens
usable            the learner's table without what would make typing impossible
told              sentences about ids that nobody knows, keys that no terminal sends, and two actions on one key
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass

from textual.app import App
from textual.binding import Binding
from textual.dom import DOMNode
from textual.keys import REPLACED_KEYS, Keys, _character_to_key, key_to_character

from tutor.core.key_table import KeyTable
from tutor.core.nearest import nearest


@dataclass(frozen=True)
class Action:
    """Something that a key does."""

    id: str
    keys: str
    """With commas between."""
    name: str
    sentence: str
    everywhere: bool
    """Whether it works while text is typed too."""


def every_action() -> dict[str, Action]:
    """All of them by id, sorted. Imports every screen: 100 ms."""
    found: dict[str, Action] = {}
    for kind in _kinds():
        for binding in kind.__dict__.get("BINDINGS", ()):
            if isinstance(binding, Binding) and binding.id:
                found[binding.id] = Action(
                    binding.id, binding.key, binding.description, binding.tooltip, binding.priority
                )
    return dict(sorted(found.items()))


def _kinds() -> Iterator[type[DOMNode]]:
    """The classes of ours that may bind keys."""
    for room in ("tutor.tui.screens", "tutor.tui.widgets"):
        for each in pkgutil.iter_modules(importlib.import_module(room).__path__, f"{room}."):
            importlib.import_module(each.name)
    importlib.import_module("tutor.tui.app")
    left: list[type[DOMNode]] = [DOMNode, App]
    seen: set[type[DOMNode]] = set()
    while left:
        kind = left.pop()
        if kind not in seen:
            seen.add(kind)
            left += kind.__subclasses__()
            if kind.__module__.startswith("tutor.tui"):
                yield kind


def usable(table: KeyTable, actions: dict[str, Action]) -> dict[str, str]:
    """What of the table is taken: known ids, keys that exist, and no letter for what works while text is typed."""
    return {id: ",".join(_split(keys)) for id, keys in table.keys.items() if not _wrong(id, keys, actions, table)}


def told(table: KeyTable, actions: dict[str, Action]) -> tuple[str, ...]:
    """All that is wrong with a table, each in a sentence that ends with the remedy."""
    wrong = [_wrong(id, keys, actions, table) for id, keys in table.keys.items()]
    return (*table.problems, *(each for each in wrong if each), *_clashes(usable(table, actions), actions))


def _wrong(id: str, keys: str, actions: dict[str, Action], table: KeyTable) -> str:
    if id not in actions:
        return f"No action is called {id!r} ({table.path}). {nearest(id, actions)} `tutor keys` lists all."
    for key in _split(keys):
        if not _exists(key):
            return f"{key!r} is no key ({id} in {table.path}). Keys are f5, ctrl+r, g, question_mark, … ."
        if key in _ARRIVES_AS:
            return f"{key!r} comes from a terminal as {_ARRIVES_AS[key]!r} ({id} in {table.path}). Take another one."
        if actions[id].everywhere and (key in _EDITS or _character(key).isprintable() and _character(key)):
            other = f"{id}.letter"
            instead = f"Give it to {other!r}" if other in actions else "Take a function key or one with ctrl"
            return f"{key!r} could no longer be typed in the editor if it were {id!r}. {instead}."
    return ""


_ARRIVES_AS = {"ctrl+i": "tab", "ctrl+m": "enter", "ctrl+h": "backspace", "ctrl+left_square_bracket": "escape"}
_EDITS = ("enter", "tab", "backspace", "delete", "up", "down", "left", "right", "home", "end", "pageup", "pagedown")
"""Keys without which nobody can write."""
_NAMES = {"esc": "escape", "return": "enter", "del": "delete", "pgup": "pageup", "pgdn": "pagedown"}


def _exists(key: str) -> bool:
    name = key.split("+")[-1]
    return len(name) == 1 or key in set(Keys) or name in set(Keys) or bool(_character(name))


def _character(key: str) -> str:
    """What a key types, '' if nothing."""
    return key_to_character(REPLACED_KEYS.get(key, key)) or ""


def _clashes(mine: dict[str, str], actions: dict[str, Action]) -> Iterator[str]:
    """Two actions of one screen on one key, where the learner's table is why; the keys that come with us do not."""
    keys = {id: set(_split(mine.get(id, each.keys))) for id, each in actions.items()}
    ids = list(keys)
    for place, first in enumerate(ids):
        for second in ids[place + 1 :]:
            same = keys[first] & keys[second]
            if same and (first in mine or second in mine) and _meet(first, second):
                moved, other = (first, second) if first in mine else (second, first)
                yield f"{min(same)!r} is now {moved!r}, but {other!r} has it too. Give {other!r} another key."


def _meet(first: str, second: str) -> bool:
    """Whether both can be in force at once."""
    rooms = {first.partition(".")[0], second.partition(".")[0]}
    return len(rooms) == 1 or "app" in rooms or rooms <= {"exercise", "editor", "checks"}


def _split(keys: str) -> list[str]:
    return [_spelled(key) for each in keys.split(",") if (key := each.strip())]


def _spelled(key: str) -> str:
    """A key as Textual spells it: `Ctrl+R`, `Esc`, `?` and `ctrl++` are understood too."""
    *modifiers, name = (f"{key[:-1]}plus" if key.endswith("+") else key).split("+")
    if len(name) == 1:
        name = _character_to_key(name.lower() if modifiers else name)
    else:
        name = _NAMES.get(name.lower(), name.lower())
    return "+".join([*(each.lower() for each in modifiers), name])
