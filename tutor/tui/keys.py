"""Keys with all that a learner needs to find them: an id to remap them by, a name, a sentence.

key, pair     bindings, declared with their ids
in_order      bindings as their screens declare them
named         a sentence with the keys that hold now

No sentence spells a key: it names the action, and reads with whatever key leads there.

    "<exercise.hint> gives a hint."  ->  "F6 gives a hint."
    "<enter> opens it."              ->  "Enter opens it.": a key that nobody can remap stands there by its own name
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from textual.app import App
from textual.binding import ActiveBinding, Binding
from textual.dom import DOMNode

DECLARED: dict[str, str] = {}
"""Id → keys, of every action whose screen has been imported; `key` alone adds to it."""
_REFERENCE = re.compile(r"<([a-z_]+(?:\.[a-z_]+)+|enter|tab|up|down)>")
_WORDS = {"esc": "escape", "\u2191": "up", "\u2193": "down", "\u2190": "left", "\u2192": "right"}
_NO_KEY = "the command palette"


def key(
    id: str, keys: str, action: str, name: str, sentence: str, *, show: bool = False, priority: bool = False
) -> Binding:
    """A binding; with `show`, its first key stands in the footer. All of them stand in help and command palette."""
    DECLARED[id] = keys
    return Binding(keys, action, name, show=show, priority=priority, tooltip=sentence, id=id)


def pair(
    id: str, function_key: str, letter: str, action: str, name: str, sentence: str, *, show: bool = False
) -> tuple[Binding, Binding]:
    """A function key that works in the editor too, and a letter for everywhere else."""
    return (
        key(id, function_key, action, name, sentence, show=show, priority=True),
        key(f"{id}.letter", letter, action, name, sentence),
    )


def in_order(active: Iterable[ActiveBinding]) -> list[ActiveBinding]:
    """The bindings that are in force, those of one widget in their declared order: Textual puts a new key last."""
    owners: dict[DOMNode, int] = {}
    places = {id: place for place, id in enumerate(DECLARED)}

    def place(each: ActiveBinding) -> tuple[int, int]:
        return owners.setdefault(each.node, len(owners)), places.get(each.binding.id or "", len(places))

    return sorted(active, key=place)


def named(node: DOMNode, sentence: str) -> str:
    """The sentence with the key of each action that it refers to, as the learner has remapped them."""
    app = node if isinstance(node, App) else node.app
    own: Mapping[str, str] = getattr(app, "own_keys", {})

    def word(found: re.Match[str]) -> str:
        if "." in found[1] and found[1] not in DECLARED:
            return found[0]  # no action of ours: a learner's or a lesson's own text
        said = _word(app, found[1], own)
        starts = not sentence[: found.start()].rstrip(" (“") or re.search(r"[.:!?]\s+$|\n$", sentence[: found.start()])
        return said[:1].upper() + said[1:] if starts and len(said) > 1 else said

    return _REFERENCE.sub(word, sentence)


def _word(app: App[Any], id: str, own: Mapping[str, str]) -> str:
    """The first key of an action as a word; where another action has taken all of them, what is left."""
    if "." not in id:
        return id
    for each in (id, f"{id}.letter"):
        keys = own.get(each) or _left(each, own)
        if keys:
            display = app.get_key_display(Binding(keys.split(",")[0].strip(), ""))
            return _WORDS.get(display, re.sub(r"\^(?=.)", "ctrl+", display))
    return _NO_KEY


def _left(id: str, own: Mapping[str, str]) -> str:
    """The keys that an action came with, less those that the learner gave to others of its screen."""
    taken = {key for other, keys in own.items() if other.split(".")[0] == id.split(".")[0] for key in keys.split(",")}
    return ",".join(key for key in DECLARED.get(id, "").split(",") if key not in taken)
