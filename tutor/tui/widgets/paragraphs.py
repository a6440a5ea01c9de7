"""Text in parts that scrolls, drawn line by line: a part may change, come or go, and nothing on the screen is laid out.

Widgets of their own for the parts would cost a layout of the whole screen whenever one takes a line more; that is
felt under the fingers while verdicts arrive.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip
from textual.visual import Visual

from tutor.tui.widgets.scrolled_size import take_size

_BESIDE = 13
"""Cells of the column to the left, where a paragraph has one."""
_BAR = "█"


@dataclass(frozen=True)
class Paragraph:
    """One part of the text."""

    name: str
    text: Content
    beside: Content | None = None
    """What stands to the left of it, in a column of its own."""
    above: int = 0
    """Empty lines before it."""
    bar: str = ""
    """Colour of a bar along its left; none if empty."""
    single: bool = False
    """Whether it is cut at the end of its first line."""
    chosen_by_click: bool = False

    def is_same(self, other: Paragraph) -> bool:
        """Whether the other one looks the same; contents are equal that differ in nothing but their colours."""
        if self != other or not self.text.is_same(other.text):
            return False
        return self.beside is None or other.beside is None or self.beside.is_same(other.beside)


class Paragraphs(ScrollView):
    """Shows paragraphs one below the other; those that can be clicked light up under the mouse."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"paragraphs--hover"}
    DEFAULT_CSS = """
    Paragraphs {
        overflow-x: hidden;
        overflow-y: scroll;
        scrollbar-size-vertical: 1;
        & > .paragraphs--hover { background: $panel; }
    }
    """

    class Clicked(Message):
        """The learner clicked on a paragraph."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._paragraphs: tuple[Paragraph, ...] = ()
        self._drawn: dict[str, tuple[Paragraph, int, list[Strip]]] = {}
        """What each paragraph looked like, at which width."""
        self._lines: list[Strip] = []
        self._starts: dict[str, range] = {}
        """The lines of each paragraph, without the empty ones before it."""
        self._under_mouse = ""

    def put(self, paragraphs: Iterable[Paragraph]) -> None:
        """Shows these; those without text are left out."""
        self._paragraphs = tuple(each for each in paragraphs if each.text.plain)
        self._draw()

    def reveal(self, name: str, *, top: bool = False) -> None:
        """Scrolls so that a paragraph is in view, with `top` at the upper edge, once the pane has its size."""
        self.call_after_refresh(self._reveal, name, top)

    def _reveal(self, name: str, top: bool) -> None:
        lines = self._starts.get(name)
        if lines:
            region = Region(0, lines.start, self.scrollable_content_region.width, len(lines))
            self.scroll_to_region(region, animate=False, top=top)

    # Drawing

    def _draw(self) -> None:
        width = self.scrollable_content_region.width
        if not width:
            return
        before, self._lines, self._starts, kept = self._lines, [], {}, self._drawn
        self._drawn, blank = {}, Strip.blank(width, self.rich_style)
        for each in self._paragraphs:
            known = kept.get(each.name)
            strips = known[2] if known and known[1] == width and known[0].is_same(each) else self._strips(each, width)
            self._drawn[each.name] = (each, width, strips)
            self._lines += [blank] * (each.above if self._lines else 0)
            self._starts[each.name] = range(len(self._lines), len(self._lines) + len(strips))
            self._lines += strips
        take_size(self, Size(width, len(self._lines)))
        self._refresh_changed(before)

    def _refresh_changed(self, before: Sequence[Strip]) -> None:
        """Asks for a new drawing of what differs."""
        top, height = self.scroll_offset.y, self.size.height
        for row in range(top, top + height):
            old, new = (lines[row] if row < len(lines) else None for lines in (before, self._lines))
            if old is not new and old != new:
                self._refresh_row(row)

    def _refresh_row(self, row: int) -> None:
        self.refresh(Region(0, row - self.scroll_offset.y, self.size.width, 1))

    def _strips(self, paragraph: Paragraph, width: int, *, lit: bool = False) -> list[Strip]:
        style = self.get_visual_style("paragraphs--hover") if lit else self.visual_style

        def drawn(text: Content, cells: int) -> list[Strip]:
            if paragraph.single:
                text = text.truncate(cells, ellipsis=True)
            return Visual.to_strips(self, text, max(cells, 1), None, style, pad=True, apply_selection=False)

        if paragraph.bar:
            bar = drawn(Content.styled(_BAR, paragraph.bar), 2)[0]
            strips = [Strip.join([bar, each]) for each in drawn(paragraph.text, width - 2)]
        elif paragraph.beside is not None:
            left = drawn(paragraph.beside, _BESIDE)
            right = drawn(paragraph.text, width - _BESIDE)
            left += [Strip.blank(_BESIDE, style.rich_style)] * (len(right) - len(left))
            strips = [Strip.join(pair) for pair in zip(left, right, strict=False)]
        else:
            strips = drawn(paragraph.text, width)
        return strips

    def render_line(self, y: int) -> Strip:
        """Draws one line of the view."""
        row, width = y + self.scroll_offset.y, self.scrollable_content_region.width
        if row >= len(self._lines):
            return Strip.blank(width, self.rich_style)
        strip = self._lines[row]
        lit = self._starts.get(self._under_mouse, range(0))
        if row in lit:
            paragraph = self._drawn[self._under_mouse][0]
            strip = self._strips(paragraph, width, lit=True)[row - lit.start]
        selection = self.text_selection
        if selection and (span := selection.get_span(row)):
            strip = self._selected(strip, *span)
        return strip.apply_offsets(0, row)

    def _selected(self, strip: Strip, start: int, end: int) -> Strip:
        """The strip with its cells from start to end (-1: all that follow) in the colours of what is selected."""
        style = self.screen.get_component_rich_style("screen--selection")
        last = strip.cell_length if end < 0 else min(end, strip.cell_length)
        if start >= last:
            return strip
        middle = Strip([Segment(each.text, (each.style or style) + style) for each in strip.crop(start, last)])
        return Strip.join([strip.crop(0, start), middle, strip.crop(last)])

    def on_resize(self) -> None:
        """Wraps at the new width."""
        self._draw()

    def notify_style_update(self) -> None:
        """Draws all anew in the colours of another theme."""
        super().notify_style_update()
        self._drawn = {}
        if self.is_mounted:
            self._draw()
            self.refresh()

    # The mouse

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The text that was selected with the mouse, as it is wrapped here."""
        return selection.extract("\n".join(each.text.rstrip() for each in self._lines)), "\n"

    def selection_updated(self, selection: Selection | None) -> None:
        """Shows what is selected."""
        self.refresh()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Lights up what a click would choose."""
        self._light(self._at(event.y))

    def on_leave(self) -> None:
        """The mouse is elsewhere."""
        self._light("")

    def on_click(self, event: events.Click) -> None:
        """Says which paragraph was clicked."""
        if name := self._at(event.y):
            self.post_message(self.Clicked(name))

    def _at(self, y: int) -> str:
        """The paragraph at a line of this widget, '' where there is none that can be clicked."""
        row = y - self.styles.gutter.top + self.scroll_offset.y
        names = (each.name for each in self._paragraphs if each.chosen_by_click)
        return next((name for name in names if row in self._starts.get(name, ())), "")

    def _light(self, name: str) -> None:
        if name != self._under_mouse:
            before, self._under_mouse = self._under_mouse, name
            for row in (*self._starts.get(before, ()), *self._starts.get(name, ())):
                self._refresh_row(row)
