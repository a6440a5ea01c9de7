"""A text area that begins lines where Python's begin; tab and shift+tab move lines in and out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual import events
from textual.widgets import TextArea
from textual.widgets.text_area import Selection

from tutor.tui.indenting import STEP, begun, moved_in, moved_out
from tutor.tui.widgets.long_text import LongTextArea

_TYPED_SECONDS = 0.002
"""Between two keys, at least; but a slow line hands over some at once."""
_PASTED = 8
"""So many keys that come faster were pasted by a terminal that does not say so, with spaces of their own."""


class IndentingTextArea(LongTextArea, inherit_bindings=False):
    """Enter, tab, shift+tab and backspace do what editors of Python do."""

    BINDINGS = TextArea.BINDINGS
    _last_key = 0.0
    _fast = 0
    """Keys that came too fast to be typed, one behind the other."""

    def on_key(self, event: events.Key) -> None:
        """Takes the keys that Textual would only insert, or leave to the screen."""
        self._fast = self._fast + 1 if event.time - self._last_key < _TYPED_SECONDS else 0
        self._last_key = event.time
        (first, _), (last, _) = self.selection
        if self.read_only or self._fast >= _PASTED:
            return
        if event.key == "enter":
            self._begin_line()
        elif event.key == "shift+tab":
            self._move(moved_out)
        elif event.key == "tab" and first != last:
            self._move(moved_in)
        else:
            return
        event.stop()
        event.prevent_default()

    def action_delete_left(self) -> None:
        """Before the first letter of a line a whole step goes, as it came."""
        row, column = self.cursor_location
        before = self.document.get_line(row)[:column]
        if self.selection.is_empty and not self.read_only and before and not before.strip(" "):
            self._delete_via_keyboard((row, (column - 1) // STEP * STEP), (row, column))
        else:
            super().action_delete_left()

    def _begin_line(self) -> None:
        start, end = sorted(self.selection)
        before = self.document.get_line(start[0])[: start[1]]
        self._replace_via_keyboard(f"\n{begun(before)}", start, end)

    def _move(self, moved: Callable[[Sequence[str]], list[str]]) -> None:
        """Moves the selected lines, or the cursor's; one undo takes it back."""
        start, end = self.selection
        first, last = sorted((start[0], end[0]))
        if first != last and max(start, end)[1] == 0:
            last -= 1  # nothing of that line is selected
        lines = [self.document.get_line(row) for row in range(first, last + 1)]
        new = moved(lines)
        if new == lines:
            return
        self.replace("\n".join(new), (first, 0), (last, len(lines[-1])), maintain_selection_offset=False)
        shift = [len(after) - len(before) for before, after in zip(lines, new, strict=True)]

        def place(row: int, column: int) -> tuple[int, int]:
            inside = first <= row <= last and column > 0
            return row, max(0, column + shift[row - first]) if inside else column

        self.selection = Selection(place(*start), place(*end))
