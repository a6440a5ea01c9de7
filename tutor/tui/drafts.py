"""Text that is not saved yet, kept beside the workspace so that a dropped connection or a kill loses seconds of it."""

from __future__ import annotations

import contextlib
import threading
from pathlib import Path

from tutor.core.atomic import write_atomically
from tutor.core.workspace import Workspace


class Drafts:
    """The draft of one exercise: `.tutor/drafts/<track>.<name>.py`. It is a safety net: failures are silent."""

    def __init__(self, workspace: Workspace, exercise: str) -> None:
        self._path: Path = workspace.notes / "drafts" / f"{exercise.replace('/', '.')}.py"
        self._wanted = ""
        """The text that the draft should hold, '' if there should be none."""
        self._lock = threading.Lock()

    def keep_soon(self, text: str) -> None:
        """Keeps the text without making anyone wait for the disk."""
        if text != self._wanted:
            self._wanted = text  # here and not in the thread: a drop that comes before it must win
            threading.Thread(target=self._write, args=(text,), name="draft to disk", daemon=True).start()

    def keep(self, text: str) -> None:
        """Keeps the text; it is on the disk when this returns."""
        self._wanted = text
        self._write(text)

    def _write(self, text: str) -> None:
        with self._lock:
            if text != self._wanted:  # dropped, or newer, while another one was written
                return
            try:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                write_atomically(self._path, text)
            except (OSError, UnicodeEncodeError):
                self._wanted = ""

    def found(self, present: str) -> str | None:
        """The text that an earlier start left behind, if it is another one than the present one."""
        try:
            text = self._path.read_bytes().decode("utf-8")
        except (OSError, UnicodeDecodeError):
            return None
        return text if text != present else None

    def drop(self) -> None:
        """Removes the draft: its text is saved or no longer wanted."""
        self._wanted = ""
        with self._lock, contextlib.suppress(OSError):
            self._path.unlink()
