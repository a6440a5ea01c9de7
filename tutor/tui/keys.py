"""Keys with all that a learner needs to find them: an id to remap them by, a name, a sentence."""

from __future__ import annotations

from textual.binding import Binding


def key(
    id: str, keys: str, action: str, name: str, sentence: str, *, show: bool = False, priority: bool = False
) -> Binding:
    """A binding; with `show`, its first key stands in the footer. All of them stand in help and command palette."""
    return Binding(keys, action, name, show=show, priority=priority, tooltip=sentence, id=id)
