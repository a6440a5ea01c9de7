"""Keys with all that a learner needs to find them: an id to remap them by, a name, a sentence."""

from __future__ import annotations

from textual.binding import Binding


def key(id: str, keys: str, action: str, name: str, sentence: str, *, show: bool = False) -> Binding:
    """A binding; with `show`, its first key stands in the footer. All of them stand in help and command palette."""
    return Binding(keys, action, name, show=show, tooltip=sentence, id=id)


def pair(
    id: str, function_key: str, letter: str, action: str, name: str, sentence: str, *, show: bool = False
) -> tuple[Binding, Binding]:
    """A function key that works in the editor too, and a letter for everywhere else."""
    return (
        Binding(function_key, action, name, show=show, priority=True, tooltip=sentence, id=id),
        Binding(letter, action, name, show=False, tooltip=sentence, id=f"{id}.letter"),
    )
