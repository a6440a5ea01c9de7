"""The learner's file while it is open in our editor: the file on disk is the truth, and no text is ever lost.

Change     what happened to the file since the editor and the disk last agreed
OpenFile   one exercise's file: reading, saving, and settling what two programs did to it at once
"""

from __future__ import annotations

import hashlib
from enum import Enum
from pathlib import Path

from tutor.core.errors import SubmissionError
from tutor.core.submission import is_gone, read_source
from tutor.core.workspace import Workspace
from tutor.tui.line_ends import for_editor, for_file, line_end


class Change(Enum):
    """What the disk holds, compared with the editor."""

    NONE = "the disk holds what it held"
    EQUAL = "the disk changed into what the editor shows"
    THEIRS = "only the disk changed"
    BOTH = "the disk changed, and the editor too"
    GONE = "there is no file"
    UNREADABLE = "the file cannot be read as text"


class OpenFile:
    """One exercise's file, with what the disk held when editor and disk last agreed."""

    def __init__(self, workspace: Workspace, id: str) -> None:
        self.id = id
        self.path: Path = workspace.file(id)
        self._workspace = workspace
        self._sha256 = ""
        self._text = ""
        """What the editor showed then."""
        self._end = "\n"
        """What ends the lines of the file."""
        self._size = -1
        """Bytes of what was saved here last; negative before the first save."""

    def read(self) -> str:
        """The text on disk, which is now what the editor should show. Raises SubmissionError."""
        disk, self._sha256 = read_source(self.path)
        self._text, self._end = for_editor(disk), line_end(disk)
        return self._text

    def modified(self, text: str) -> bool:
        """Whether the editor's text is not saved yet."""
        return text != self._text

    def change(self, text: str) -> Change:
        """What happened to the file on disk, while the editor shows `text`."""
        try:
            disk, sha256 = read_source(self.path)
        except SubmissionError:
            return Change.GONE if is_gone(self.path) else Change.NONE if self._ours() else Change.UNREADABLE
        if sha256 == self._sha256:
            return Change.NONE
        if for_editor(disk) == text:
            self._text, self._end, self._sha256 = text, line_end(disk), sha256
            return Change.EQUAL
        return Change.BOTH if self.modified(text) else Change.THEIRS

    def _ours(self) -> bool:
        """Whether the file holds what was saved here, though it is too large to be checked."""
        try:
            if self.path.stat().st_size != self._size:
                return False
            return hashlib.sha256(self.path.read_bytes()).hexdigest() == self._sha256
        except OSError:
            return False

    def save(self, text: str) -> None:
        """Writes the text whole or not at all. Raises WorkspaceError, and the old file stays."""
        data = self.written(text).encode("utf-8", "replace")  # a terminal can paste what is no character
        self._workspace.write(self.id, data.decode("utf-8"))
        self._text, self._sha256, self._size = text, hashlib.sha256(data).hexdigest(), len(data)

    def written(self, text: str) -> str:
        """The editor's text as it is saved."""
        return for_file(text, self._end)

    def keep(self, text: str) -> Path:
        """Puts a text of the editor's that will not go into the file among the backups. Raises WorkspaceError."""
        return self._workspace.keep(self.id, self.written(text))

    def keep_mine(self, text: str) -> Path | None:
        """Saves the editor's text; what the disk held goes among the backups. Raises WorkspaceError."""
        backup = self._workspace.back_up(self.id)
        self.save(text)
        return backup

    def take_theirs(self, text: str) -> tuple[str, Path]:
        """The disk's text for the editor to show; the editor's `text` goes among the backups."""
        backup = self.keep(text)
        return self.read(), backup
