"""An editor with a line to find in it, and places in its text; it knows no file."""

from __future__ import annotations

import re

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container
from textual.widgets.text_area import Selection

from tutor.tui.widgets.editor import CodeEditor
from tutor.tui.widgets.find_bar import FindBar


class EditorPane(Container):
    """The editor and its find bar."""

    DEFAULT_CSS = """
    EditorPane {
        background: $surface;
        #editor { height: 1fr; }
    }
    """

    def compose(self) -> ComposeResult:
        """The editor, and a line to find in it."""
        yield CodeEditor(id="editor")
        yield FindBar()

    @property
    def _editor(self) -> CodeEditor:
        return self.query_one(CodeEditor)

    @property
    def text(self) -> str:
        """What the editor shows."""
        return self._editor.text

    @property
    def cursor(self) -> tuple[int, int]:
        """The cursor's row and column, counting from 0."""
        return self._editor.cursor_location

    def focus_editor(self) -> None:
        """Puts the keys into the editor."""
        self._editor.focus()

    def go_to_line(self, number: int) -> None:
        """Puts the cursor on a line."""
        self._editor.go_to_line(number)

    def go_to(self, row: int, column: int) -> None:
        """Puts the cursor on a place, or the nearest that there is."""
        self._editor.go_to(row, column)

    def comment(self) -> None:
        """Comments the line under the cursor out, or in again."""
        self._editor.action_comment()

    def on_click(self, event: events.Click) -> None:
        """Two clicks select a word, three a line."""
        if event.widget is self._editor and event.chain > 1:
            row, column = self._editor.cursor_location
            line = self._editor.document.get_line(row)
            words = (each.span() for each in re.finditer(r"\w+", line))
            start, end = next(((a, b) for a, b in words if a <= column <= b), (column, column))
            if event.chain > 2:
                start, end = 0, len(line)
            self._editor.selection = Selection((row, start), (row, end))

    def find(self) -> None:
        """Opens the line to find in the code, with what is selected there."""
        selected = self._editor.selected_text
        self.query_one(FindBar).open("" if "\n" in selected else selected)

    @on(FindBar.Sought)
    def _sought(self, message: FindBar.Sought) -> None:
        message.stop()
        self.query_one(FindBar).say(*self._editor.find(message.text, message.step))

    @on(FindBar.Closed)
    def _found(self, message: FindBar.Closed) -> None:
        message.stop()
        self.focus_editor()
