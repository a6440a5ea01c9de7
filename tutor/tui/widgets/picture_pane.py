"""A picture on the screen: one panel at a time, drawn to the room there is; on a grid the arrows move a cursor."""

from __future__ import annotations

import os
import textwrap
from typing import ClassVar

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import ScrollableContainer
from textual.message import Message
from textual.widgets import Static

from tutor.core.picture import Graph, Grid, Panel, Picture, Table
from tutor.drawing.grid import Cursor
from tutor.drawing.look import Look
from tutor.drawing.picture import draw_panel
from tutor.tui.keys import key


class PicturePane(ScrollableContainer, can_focus=True):
    """Says Turned when another panel is shown."""

    DEFAULT_CSS = """
    PicturePane { height: 1fr; padding: 0 1; scrollbar-size: 1 1; }
    PicturePane.-fits { overflow: hidden hidden; }
    PicturePane > Static { width: auto; height: auto; text-wrap: nowrap; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        key("picture.up", "up,k", "move(-1, 0)", "Up", "Move the cursor on a grid, or scroll"),
        key("picture.down", "down,j", "move(1, 0)", "Down", "Move the cursor on a grid, or scroll"),
        key("picture.left", "left,h", "move(0, -1)", "Left", "Move the cursor on a grid, or scroll"),
        key("picture.right", "right,l", "move(0, 1)", "Right", "Move the cursor on a grid, or scroll"),
    ]

    class Turned(Message):
        """Another panel is shown."""

    def __init__(self, *, ascii_only: bool, id: str | None = None) -> None:
        super().__init__(id=id)
        self._ascii_only = ascii_only
        self._picture: Picture | None = None
        self._place = 0
        self._cursor: Cursor = (0, 0)
        self._words = ""

    def compose(self) -> ComposeResult:
        """The drawing."""
        yield Static(markup=False)

    @property
    def place(self) -> tuple[int, int]:
        """Which panel is shown, from 1, and of how many."""
        return self._place + 1, len(self._picture.panels) if self._picture else 0

    def show(self, picture: Picture) -> None:
        """Draws its first panel."""
        self._picture, self._place, self._cursor = picture, 0, (0, 0)
        self._draw()

    def say(self, words: str) -> None:
        """Shows words in place of a picture."""
        self._picture, self._words = None, words
        self._draw()

    def turn(self, step: int) -> None:
        """Shows the next or previous panel; the cursor stays where it is."""
        if self._picture is None:
            return
        self._place = (self._place + step) % len(self._picture.panels)
        self._draw()
        self.post_message(self.Turned())

    def on_resize(self, event: events.Resize) -> None:
        """Draws again to the new size."""
        self._draw()

    def action_move(self, down: int, right: int) -> None:
        """Moves the cursor of a grid, which stays inside; scrolls anything else."""
        panel = self._panel
        if isinstance(panel, Grid):
            row, column = self._inside(panel)
            self._cursor = row + down, column + right
            self._draw()
        else:
            self.scroll_relative(x=4 * right, y=down, animate=False)

    @property
    def _panel(self) -> Panel | None:
        return self._picture.panels[self._place] if self._picture else None

    def _inside(self, grid: Grid) -> Cursor:
        row, column = self._cursor
        return min(max(row, 0), len(grid.rows) - 1), min(max(column, 0), len(grid.columns) - 1)

    def _draw(self) -> None:
        if self.is_mounted:
            fits = self._panel is not None and not isinstance(self._panel, Graph | Grid | Table)
            self.set_class(fits, "-fits")  # what fills the pane would call for one bar because of the other
            self.query_one(Static).update(self._drawing())

    def _drawing(self) -> Text:
        panel, width, height = self._panel, self.content_region.width, self.content_region.height
        if panel is None or width < 1:
            lines = [part for line in self._words.split("\n") for part in textwrap.wrap(line, max(width, 1)) or [""]]
            return Text("\n".join(lines))
        cursor = None
        if isinstance(panel, Grid):
            self._cursor = cursor = self._inside(panel)
        title = 0 if isinstance(panel, Graph | Table) or not panel.title else 1
        hues = self.app.console.color_system in ("256", "truecolor")
        colour = not os.environ.get("NO_COLOR")
        return draw_panel(panel, Look(width, height - title, colour, hues, self._ascii_only, cut=True), cursor)
