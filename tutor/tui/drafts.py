"""Text that is not saved yet, kept beside the workspace so that a dropped connection or a kill loses seconds of it."""

from __future__ import annotations

import contextlib
from pathlib import Path

from tutor.core.atomic import write_atomically
from tutor.core.workspace import Workspace


class Drafts:
    """The draft of one exercise: `.tutor/drafts/<track>.<name>.py`. It is a safety net: failures are silent."""

    def __init__(self, workspace: Workspace, exercise: str) -> None:
        self._path: Path = workspace.notes / "drafts" / f"{exercise.replace('/', '.')}.py"
        self._kept = ""

    def keep(self, text: str) -> None:
        """Keeps the text, unless it is the one that was kept last."""
        if text != self._kept:
            with contextlib.suppress(OSError, UnicodeEncodeError):
                self._path.parent.mkdir(parents=True, exist_ok=True)
                write_atomically(self._path, text)
                self._kept = text

    def found(self, present: str) -> str | None:
        """The text that an earlier start left behind, if it is another one than the present one."""
        try:
            text = self._path.read_bytes().decode("utf-8")
        except (OSError, UnicodeDecodeError):
            return None
        return text if text != present else None

    def drop(self) -> None:
        """Removes the draft: its text is saved or no longer wanted."""
        with contextlib.suppress(OSError):
            self._path.unlink()
        self._kept = ""
