"""A picture on the screen: all its panels where there is room, else one at a time; arrows move a cursor on grids."""

from __future__ import annotations

import os
import textwrap
from dataclasses import replace
from typing import ClassVar

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import ScrollableContainer
from textual.message import Message
from textual.widgets import Static

from tutor.core.picture import Graph, Grid, Panel, Picture, Table
from tutor.drawing.grid import Cursor, inside
from tutor.drawing.look import Look
from tutor.drawing.picture import draw_panel, draw_together, heading_lines
from tutor.tui.keys import key


class PicturePane(ScrollableContainer, can_focus=True):
    """Says Turned when another panel is shown, or all of them, or one of them again."""

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
        self._together = False
        """Whether all panels are in view."""

    def compose(self) -> ComposeResult:
        """The drawing."""
        yield Static(markup=False)

    @property
    def turns(self) -> bool:
        """Whether there are panels out of view."""
        return self._picture is not None and len(self._picture.panels) > 1 and not self._together

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
        if self._picture is None or not self.turns:
            return
        self._place = (self._place + step) % len(self._picture.panels)
        self._draw()
        self.post_message(self.Turned())

    def on_resize(self, event: events.Resize) -> None:
        """Draws again to the new size."""
        self._draw()

    def action_move(self, down: int, right: int) -> None:
        """Moves the cursor of the grids in view, which stays inside; scrolls anything else."""
        grid = self._largest_grid
        if grid is not None:
            row, column = inside(grid, self._cursor)
            self._cursor = inside(grid, (row + down, column + right))
            self._draw()
        else:
            self.scroll_relative(x=4 * right, y=down, animate=False)

    @property
    def _panel(self) -> Panel | None:
        return self._picture.panels[self._place] if self._picture else None

    @property
    def _in_view(self) -> tuple[Panel, ...]:
        if self._picture is None:
            return ()
        return self._picture.panels if self._together else (self._picture.panels[self._place],)

    @property
    def _largest_grid(self) -> Grid | None:
        grids = [each for each in self._in_view if isinstance(each, Grid)]
        return max(grids, key=lambda each: len(each.rows) * len(each.columns), default=None)

    def _draw(self) -> None:
        if not self.is_mounted:
            return
        before, drawn = self._together, self._drawing()
        fits = self._together or self._panel is not None and not isinstance(self._panel, Graph | Grid | Table)
        self.set_class(fits, "-fits")  # what fills the pane would call for one bar because of the other
        self.query_one(Static).update(drawn)
        if before is not self._together:
            self.post_message(self.Turned())

    def _drawing(self) -> Text:
        panel, width, height = self._panel, self.content_region.width, self.content_region.height
        self._together = False
        if self._picture is None or panel is None or width < 1:
            lines = [part for line in self._words.split("\n") for part in textwrap.wrap(line, max(width, 1)) or [""]]
            return Text("\n".join(lines))
        hues = self.app.console.color_system in ("256", "truecolor")
        look = Look(width, height, not os.environ.get("NO_COLOR"), hues, self._ascii_only, cut=True)
        panels = self._picture.panels
        together = draw_together(panels, look, self._cursor) if len(panels) > 1 else None
        if together is not None:
            self._together = True
            return together
        return self._alone(panel, look)

    def _alone(self, panel: Panel, look: Look) -> Text:
        cursor = inside(panel, self._cursor) if isinstance(panel, Grid) else None
        return draw_panel(panel, replace(look, height=look.height - heading_lines(panel)), cursor)
