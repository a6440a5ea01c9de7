"""What the program remembers outside of any workspace: which workspace was used last."""

from __future__ import annotations

import contextlib
from pathlib import Path

from tutor.core.atomic import write_atomically
from tutor.core.workspace import find_workspace


def last_workspace(folder: Path) -> Path | None:
    """The workspace that was used last, if it is still there; `folder` is where the program keeps its notes."""
    try:
        path = Path((folder / "last_workspace").read_text(encoding="utf-8").strip())
    except (OSError, UnicodeDecodeError):
        return None
    return path if path.is_absolute() and find_workspace(path) == path else None


def remember_workspace(folder: Path, root: Path) -> None:
    """Notes the workspace as used last; where nothing can be noted, it is not."""
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        write_atomically(folder / "last_workspace", f"{root}\n")
