"""A text area whose work for one key does not grow with the file: without that a letter in 10,000 lines takes a second.

Textual's own asks the whole syntax tree for colours after each letter, counts all lines for each line that it draws,
and looks for a bracket's partner to the end of the file. Here that is done for what is in view, or near the cursor.
Lines must not be wrapped: a line of the text is one line of the screen.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len
from textual.document._document import EditResult, Location
from textual.document._document_navigator import DocumentNavigator
from textual.document._edit import Edit
from textual.document._wrapped_document import WrappedDocument
from textual.geometry import Offset, Region, Size
from textual.reactive import Reactive, reactive
from textual.strip import Strip
from textual.widgets import TextArea
from textual.widgets.text_area import Selection

from tutor.tui.widgets.scrolled_size import take_size

if TYPE_CHECKING:
    from tree_sitter import Query

PLAIN_FROM = 5_000
"""Lines from which a text is shown without colours: an unclosed bracket makes the parser read all that follows."""
_PLAIN_PASTE = 100_000
"""Characters of a paste from which the text is shown without colours from then on."""
_LONG_LINE = 2_000
"""Characters of a line from which nothing in view gets colours."""
_AROUND = 100
"""Lines above and below the view that get their colours with it."""
_WIDTH_STEP = 16
"""Columns by which the width of the text grows."""
_ROW_OF_KEY = 2
"""Where the key under which Textual keeps a drawn line has the number of its row."""
_BRACKET_REACH = 20_000
"""Characters among which a bracket's partner is looked for."""


def _cells(line: str, tab: int) -> int:
    return len(line) if line.isascii() and "\t" not in line else cell_len(line.expandtabs(tab))


class Unwrapped(WrappedDocument):
    """Lines of which each stands on one line of the screen."""

    @property
    def height(self) -> int:
        """The number of lines, which need not be added up."""
        return self.document.line_count

    def location_to_offset(self, location: Location) -> Offset:
        """Where a place is drawn; one behind the end counts as in the last line.

        Undoing a paste asks for that while the cursor still stands in what is gone, if the scrollbar goes too.
        """
        return super().location_to_offset((min(location[0], len(self._wrap_offsets) - 1), location[1]))


class LongTextArea(TextArea, inherit_bindings=False):
    """A text area for long files; `soft_wrap` must stay off."""

    BINDINGS = TextArea.BINDINGS
    selection: Reactive[Selection] = reactive(Selection(), init=False, always_update=True, repaint=False)
    """As Textual's, but a moved cursor draws the lines that it changes and not all."""
    _coloured = range(0)
    """Rows whose colours are known."""
    _whole = False
    """Whether a line is drawn as if nothing was scrolled sideways."""
    _drawn: str | None = None
    """The text while it is drawn: each line asks for the whole of it."""

    def __init__(self, *args: Any, **options: Any) -> None:
        self._looks: dict[int, tuple[object, ...]] = {}
        """What each row looked like when it was drawn last."""
        self._settling = False
        super().__init__(*args, **options)

    @property
    def text(self) -> str:
        """The whole text."""
        return self.document.text if self._drawn is None else self._drawn

    @text.setter
    def text(self, value: str) -> None:
        self.load_text(value)

    def _set_document(self, text: str, language: str | None) -> None:
        """Takes a text; a long one is not parsed."""
        super()._set_document(text, None if text.count("\n") >= PLAIN_FROM else language)
        self.wrapped_document = Unwrapped(self.document, tab_width=self.indent_width)
        self.navigator = DocumentNavigator(self.wrapped_document)
        self._rewrap_and_refresh_virtual_size()

    def edit(self, edit: Edit) -> EditResult:
        """Changes the text; what a very large paste makes of it is not parsed."""
        lines = self.document.line_count + edit.text.count("\n")
        if self._highlight_query and (len(edit.text) >= _PLAIN_PASTE or lines > PLAIN_FROM):
            selection = self.selection
            self.language = None  # makes a new document, with the cursor at its start
            self.selection = selection
        return super().edit(edit)

    def _build_highlight_map(self) -> None:
        """Forgets all colours; those in view are asked for when they are drawn, and what looks as before is kept."""
        self._highlights.clear()
        self._coloured = range(0)
        self._settle_soon()

    def watch_selection(self) -> None:
        """Draws the lines that a moved cursor or another selection changes."""
        self._settle_soon()

    def _settle_soon(self) -> None:
        if self.is_mounted and not self._settling:
            self._settling = True
            self.call_next(self._settle)

    def _settle(self, drawn: range = range(0)) -> None:
        """Has the rows in view drawn that look otherwise now, but for those that are being drawn."""
        self._settling = False
        top, bottom = self._visible_line_indices
        if self._highlight_query and not (top in self._coloured and bottom in self._coloured):
            self._highlights.clear()
            self._colour(self._highlight_query, range(max(0, top - _AROUND), bottom + _AROUND))
        for row in self._forget_changed(range(top, bottom + 1)):
            if row not in drawn:
                self.refresh_lines(row)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draws lines, with the colours of what is in view."""
        self._settle(range(self.scroll_offset.y + crop.y, self.scroll_offset.y + crop.bottom))
        self._drawn = self.document.text
        try:
            return super().render_lines(crop)
        finally:
            self._drawn = None

    @property
    def scroll_offset(self) -> Offset:
        """How far the text is scrolled; not at all sideways while a line is drawn whole."""
        x, y = super().scroll_offset
        return Offset(0 if self._whole else x, y)

    def _render_line(self, y: int) -> Strip:
        """Cuts what is in view from the whole line, so that scrolling sideways draws no line anew."""
        offset = self.scroll_offset
        key = self._key_of_whole(offset.y + y)
        whole = self._line_cache.get(key)
        if whole is None:
            self._whole = True
            try:
                whole = super()._render_line(y)
            finally:
                self._whole = False
            self._line_cache[key] = whole
        gutter, width = self.gutter_width, self.region.size.width
        behind = next(reversed(list(whole)), None)
        text = whole.crop(gutter + offset.x, offset.x + width)
        return Strip.join([whole.crop(0, gutter), text]).extend_cell_length(width, behind.style if behind else None)

    def _key_of_whole(self, row: int) -> tuple[object, ...]:
        """All that a line depends on but how far it is scrolled, the row in the same place as in Textual's keys."""
        cursor = self._cursor_visible if row == self.selection.end[0] else None
        return (
            "whole", self.size, row, *self._marks(row), cursor, self.theme, self.match_cursor_bracket,
            self.show_line_numbers, self.read_only, self.show_cursor, self.suggestion,
        )  # fmt: skip

    def _forget_changed(self, rows: range) -> set[int]:
        """Drops the drawn lines in view that look otherwise now, and returns their rows; a letter changes one."""
        lines, gutter = self.document.lines, self.gutter_width
        changed = set()
        for row in rows:
            colours = tuple(self._highlights[row]) if row in self._highlights else ()
            look = (lines[row] if row < len(lines) else None, colours, gutter, *self._marks(row))
            if self._looks.get(row) != look:
                self._looks[row] = look
                changed.add(row)
        if changed:
            drawn = self._line_cache.keys()
            for each in [key for key in drawn if key[_ROW_OF_KEY] in changed]:
                self._line_cache.discard(each)
        return changed

    def _marks(self, row: int) -> tuple[object, ...]:
        """What cursor, selection and brackets add to a row."""
        selection, bracket = self.selection, self._matching_bracket_location
        here = row == selection.end[0]
        return (
            selection if here or selection.contains_line(row) else None,
            bracket if bracket and (here or row == bracket[0]) else None,
        )

    def scroll_cursor_visible(self, center: bool = False, animate: bool = False) -> Offset:
        """Scrolls to the cursor; sideways by some columns more, for each column draws all lines in view anew."""
        moved = super().scroll_cursor_visible(center, animate)
        if moved.x and not animate:
            self.scroll_to(x=self.scroll_offset.x + int(math.copysign(_WIDTH_STEP, moved.x)), animate=False)
        return moved

    def _refresh_size(self) -> None:
        """Takes the width of the widest line and one for the cursor behind it, in steps.

        Else the whole screen would be laid out with each letter at the end of the widest line.
        """
        lines, tab = self.document.lines, self.indent_width
        width = max((_cells(line, tab) for line in lines), default=0) + self.gutter_width + 1
        room = self.container_size.width - self.styles.scrollbar_size_vertical
        stepped = math.ceil(width / _WIDTH_STEP) * _WIDTH_STEP
        size = Size(stepped if width > room else min(stepped, room), len(lines))
        take_size(self, size)

    def _colour(self, query: Query, rows: range) -> None:
        self._coloured = rows
        if any(len(line) >= _LONG_LINE for line in self.document.lines[rows.start : rows.stop]):
            return
        found = self.document.query_syntax_tree(query, (rows.start, 0), (rows.stop, 0))
        shown = self._theme.syntax_styles if self._theme else {}
        for name in (each for each in shown if each in found):
            for node in sorted(found[name], key=lambda each: each.start_byte):  # they come in any order
                (first, start), (last, end) = node.start_point, node.end_point
                for row in range(max(first, rows.start), min(last, rows.stop) + 1):
                    columns = (start if row == first else 0, end if row == last else None)
                    self._highlights[row].append((*columns, name))

    def _yield_character_locations(self, start: Location) -> Iterable[tuple[str, Location]]:
        """The characters from there on, as far as a bracket's partner is looked for."""
        return islice(super()._yield_character_locations(start), _BRACKET_REACH)

    def _yield_character_locations_reverse(self, start: Location) -> Iterable[tuple[str, Location]]:
        """The same towards the start."""
        return islice(super()._yield_character_locations_reverse(start), _BRACKET_REACH)
