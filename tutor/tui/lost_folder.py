"""The learner's folder, deleted or moved under the open program: it is told, and nothing that is known here is lost.

What was written in the editor is its own care (widgets/code_pane.py); this is the care of progress and of the folder.
"""

from __future__ import annotations

from collections.abc import Callable

from textual.app import App

from tutor.core.errors import WorkspaceError
from tutor.tui.desk import Desk, home_as_tilde
from tutor.tui.glyphs import clean
from tutor.tui.questions import REMAKING
from tutor.tui.screens.choice import ChoiceScreen


class LostFolder:
    """Looks now and then; asks once, and writes progress back as soon as there is a folder again."""

    def __init__(self, app: App[None], desk: Desk, editing: Callable[[], bool]) -> None:
        """`editing` says whether an editor is open, which asks by itself what shall become of its file."""
        self._app, self._desk, self._editing = app, desk, editing
        self._told = ""

    def look(self) -> None:
        """To be called every second or two: it looks at one file."""
        if not self._desk.progress.missing():
            self._told = ""
        elif self._desk.workspace.root.is_dir():
            self._write_back()
        else:
            self._tell()

    def _tell(self) -> None:
        gone = f"{home_as_tilde(self._desk.workspace.root)} was deleted or moved."
        if self._told == gone:
            return
        self._told = gone
        if self._editing():
            self._say(f"{gone} Save your file or put the folder back: your progress is kept here until then.")
        else:
            question = f"{gone} Your progress is still in this program. Shall the folder be made again with it?"
            self._app.push_screen(ChoiceScreen(question, REMAKING), self._decided)

    def _decided(self, answer: str | None) -> None:
        if answer == "again":
            self._write_back()

    def _write_back(self) -> None:
        workspace = self._desk.workspace
        try:
            workspace.mark()
            self._desk.progress.write_back()
        except WorkspaceError as error:
            if self._told != str(error):
                self._told = str(error)
                self._say(self._told)
        else:
            self._told = ""
            again = f"{home_as_tilde(workspace.root)} is there again with your progress."
            self._say(f"{again} Put a copy of your files there, if you have one; else each exercise offers its stub.")

    def _say(self, sentence: str) -> None:
        self._app.notify(clean(sentence), severity="warning", timeout=20, markup=False)
