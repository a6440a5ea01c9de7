"""What the screens remember from one start to the next; it lies with the learner's progress, never in their files.

Place           where the learner was in one exercise
Arrangement     how the panes stand (arrangement.py)
THEME, OPEN     the chosen theme, and the exercise that was open when the program ended

A note that is missing, damaged or of another version counts as none: no start depends on one.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
from dataclasses import dataclass
from typing import Any, TypeVar

from tutor.core.errors import WorkspaceError
from tutor.core.progress import Progress
from tutor.tui.arrangement import Arrangement

THEME = "tui.theme"
OPEN = "tui.open"
PANES = "tui.panes"


@dataclass(frozen=True)
class Place:
    """Where the learner was in an exercise."""

    pane: str = ""
    row: int = -1
    """The cursor's line in the code, counting from 0; negative where nothing is known."""
    column: int = 0
    lesson: float = 0.0
    """How far the lesson was scrolled, 0 to 1: about the same text whatever the width."""

    @staticmethod
    def name(exercise: str) -> str:
        """The name of the note for an exercise."""
        return f"tui.place.{exercise}"


_Note = TypeVar("_Note", Place, Arrangement)


def recalled(progress: Progress, name: str, nothing: _Note) -> _Note:
    """The note of that name; the values of `nothing` where there is none or it is damaged."""
    data = _data(recalled_text(progress, name))
    kinds = {field.name: type(getattr(nothing, field.name)) for field in dataclasses.fields(nothing)}
    return dataclasses.replace(nothing, **{key: data[key] for key in kinds if type(data.get(key)) is kinds[key]})


def remember(progress: Progress, name: str, note: Place | Arrangement) -> None:
    """Keeps a note; where nothing can be kept, it is not: the learner has been told so already."""
    remember_text(progress, name, json.dumps(dataclasses.asdict(note)))


def recalled_text(progress: Progress, name: str) -> str:
    """The text that was kept under that name, or ''."""
    try:
        return progress.noted(name) or ""
    except WorkspaceError:
        return ""


def remember_text(progress: Progress, name: str, text: str) -> None:
    """Keeps a text under a name, if that can be done."""
    with contextlib.suppress(WorkspaceError):
        progress.note(name, text)


def _data(text: str) -> dict[str, Any]:
    try:
        data = json.loads(text)
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}
