"""The built-in editor, for learners without one: Python highlighting, line numbers, undo."""

from __future__ import annotations

from typing import ClassVar

from rich.style import Style
from textual.binding import Binding, BindingType
from textual.geometry import Offset
from textual.message import Message
from textual.widgets import TextArea
from textual.widgets.text_area import Selection, TextAreaTheme

from tutor.tui.commenting import toggled
from tutor.tui.finding import places
from tutor.tui.keys import key
from tutor.tui.widgets.indenting_area import IndentingTextArea


class CodeEditor(IndentingTextArea, inherit_bindings=False):
    """A text area for one Python file; tab indents, escape leaves; F6 and F7 are the screen's."""

    DEFAULT_CSS = """
    CodeEditor {
        border: none;
        padding: 0;
        background: $surface;
        &:focus { border: none; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        *(each for each in TextArea.BINDINGS if isinstance(each, Binding) and each.key not in ("f6", "f7")),
        key(
            "editor.leave",
            "escape",
            "leave",
            "Leave",
            "Leave the editor: letters are keys then",
            show=True,
            priority=True,
        ),
        # ctrl+/ arrives as ctrl+underscore from most terminals
        key("editor.comment", "ctrl+underscore,ctrl+slash", "comment", "Comment", "Comment lines out, or in again"),
        Binding("ctrl+home", "far(-1)", "Start", show=False),
        Binding("ctrl+end", "far(1)", "End", show=False),
        Binding("ctrl+shift+home", "far(-1, True)", "Select to the start", show=False),
        Binding("ctrl+shift+end", "far(1, True)", "Select to the end", show=False),
    ]

    class Left(Message):
        """The learner pressed escape in the editor."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, soft_wrap=False, show_line_numbers=True, tab_behavior="indent", max_checkpoints=1000)
        self.cursor_blink = False  # nothing is drawn while nobody types: over SSH each blink is traffic
        self.register_theme(_theme("tutor-dark", _DARK))
        self.register_theme(_theme("tutor-light", _LIGHT))

    def _highlight(self) -> None:
        """Turns Python highlighting on, which takes 50 ms; without tree-sitter the text stays plain."""
        try:
            import tree_sitter_python
            from tree_sitter import Language
        except ImportError:
            return
        query = self._get_builtin_highlight_query("python")
        self.register_language("python", Language(tree_sitter_python.language()), query)
        self.language = "python"

    def on_mount(self) -> None:
        """Follows the app between light and dark."""
        self._follow()
        self.app.theme_changed_signal.subscribe(self, lambda _: self._follow())

    def _follow(self) -> None:
        self.theme = "tutor-dark" if self.app.current_theme.dark else "tutor-light"

    def show(self, text: str) -> None:
        """Shows a text; the cursor stays where it was, as far as there is such a place. Undo brings the older one."""
        if self.language is None:
            self.load_text(text)
            self._highlight()
            return
        place, offset, in_view = self.cursor_location, self.scroll_offset, self._cursor_in_view
        self.replace(text, self.document.start, self.document.end, maintain_selection_offset=False)
        row = min(place[0], self.document.line_count - 1)
        self.move_cursor((row, min(place[1], len(self.document.get_line(row)))))
        self.scroll_to(offset.x, offset.y, animate=False)
        if in_view:  # the cursor's line may be shorter now
            self.scroll_cursor_visible()

    @property
    def _cursor_in_view(self) -> bool:
        return self.content_region.contains(*self.cursor_screen_offset)

    def go_to_line(self, number: int) -> None:
        """Puts the cursor at the start of a line's code, numbers counting from 1."""
        row = min(max(number - 1, 0), self.document.line_count - 1)
        line = self.document.get_line(row)
        self.move_cursor((row, len(line) - len(line.lstrip())), center=True)
        self.call_after_refresh(self.scroll_to, x=0, animate=False)

    def start(self) -> None:
        """Puts the cursor where there is something to write; a placeholder is selected, so that typing replaces it."""
        number = first_code_line(self.text)
        self.go_to_line(number)
        line = self.document.get_line(number - 1)
        if line.strip() == PLACEHOLDER:
            self.selection = Selection(self.cursor_location, (number - 1, len(line)))

    def scroll_cursor_visible(self, center: bool = False, animate: bool = False) -> Offset:
        """Scrolls to the cursor, but not while hidden: to a width of 0 every column is too far to the right."""
        if not self.size:
            return Offset()
        return super().scroll_cursor_visible(center, animate)

    def on_resize(self) -> None:
        """Scrolls to the cursor, which nothing did while the code was hidden."""
        self.scroll_cursor_visible()

    def go_to(self, row: int, column: int) -> None:
        """Puts the cursor on a place, or the nearest that there is; both count from 0."""
        row = min(max(row, 0), self.document.line_count - 1)
        self.move_cursor((row, min(max(column, 0), len(self.document.get_line(row)))), center=True)

    def find(self, text: str, step: int) -> tuple[int, int]:
        """Selects a place that has the text: the next from here (0), or the one after or before (1, -1), going round.

        Returns which place of how many that is, (0, 0) where there is none.
        """
        found = places(self.document.lines, text)
        if not found:
            return 0, 0
        here, length = self.selection.start, len(text)
        if step >= 0:
            after = (n for n, place in enumerate(found) if (place > here if step else place >= here))
            number = next(after, 0)
        else:
            number = max((n for n, place in enumerate(found) if place < here), default=len(found) - 1)
        row, column = found[number]
        self.move_cursor((row, column + length), center=True)
        self.selection = Selection((row, column), (row, column + length))
        return number + 1, len(found)

    def action_comment(self) -> None:
        """Comments the selected lines out, or in again if all of them are comments; one undo takes it back."""
        if self.read_only:
            return
        start, end = sorted((self.selection.start, self.selection.end))
        last = end[0] - 1 if end[1] == 0 and end[0] > start[0] else end[0]
        before = [self.document.get_line(row) for row in range(start[0], last + 1)]
        after = toggled(before)
        place = self.cursor_location
        self.replace("\n".join(after), (start[0], 0), (last, len(before[-1])), maintain_selection_offset=False)
        if start == end:
            moved = len(after[0]) - len(before[0])
            self.move_cursor((place[0], min(max(0, place[1] + moved), len(after[0]))))
        else:
            self.selection = Selection((start[0], 0), (last, len(after[-1])))

    def action_far(self, direction: int, select: bool = False) -> None:
        """Goes to the start (-1) or the end (1) of the text."""
        self.move_cursor(self.document.start if direction < 0 else self.document.end, select=select)

    def action_leave(self) -> None:
        """Leaves the editor; the screen decides where to."""
        self.post_message(self.Left())


PLACEHOLDER = "raise NotImplementedError"
"""What stands where something is to be written."""


def first_code_line(text: str) -> int:
    """The line to start on: the first that is still to write, else the first function or class, else the first."""
    lines = text.splitlines()
    for wanted in (PLACEHOLDER, "def ", "class "):
        for number, line in enumerate(lines, 1):
            if line.lstrip().startswith(wanted):
                return number
    return 1


def _theme(name: str, colours: dict[str, str]) -> TextAreaTheme:
    styles = {token: Style(color=colours[role]) for role, tokens in _TOKENS.items() for token in tokens}
    gutter = Style(color=colours["comment"])
    return TextAreaTheme(name=name, syntax_styles=styles, gutter_style=gutter)


_TOKENS = {
    "comment": ("comment",),
    "string": ("string", "string.documentation"),
    "keyword": (
        "keyword", "conditional", "keyword.function", "keyword.return", "keyword.operator", "repeat", "exception",
        "include",
    ),
    "number": ("number", "float", "boolean", "constant.builtin"),
    "function": ("function", "function.call", "method", "method.call"),
    "type": ("class", "type", "type.class", "type.builtin", "constructor"),
}  # fmt: skip
"""What the names of the grammar's query are shown as."""

_DARK = {
    "comment": "#9aa5c4",
    "string": "#9ece6a",
    "keyword": "#bb9af7",
    "number": "#ff9e64",
    "function": "#7aa2f7",
    "type": "#4fd6be",
}

_LIGHT = {
    "comment": "#5a6270",
    "string": "#2b6e1e",
    "keyword": "#7a2fa0",
    "number": "#9a4a00",
    "function": "#1f5fbf",
    "type": "#00696b",
}
