"""Lesson, code and checks: side by side where there is room, else one at a time; the lines between them can be moved.

It knows nothing of what the panes hold. Arranged says that the learner changed how they stand.
"""

from __future__ import annotations

from dataclasses import replace

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.message import Message
from textual.widget import Widget

from tutor.tui.arrangement import Arrangement, Line
from tutor.tui.widgets.pane_bar import PaneBar


class Panes(Vertical):
    """Three panes with the ids lesson, code and checks, and a line with their names where only one is shown."""

    DEFAULT_CSS = """
    Panes {
        height: 1fr;
        #grid { height: 1fr; }

        &.-wide, &.-full {
            PaneBar { display: none; }
            #grid > * { border: round $border-blurred; border-title-color: $text-muted; }
            #grid > *:focus, #grid > *:focus-within {
                border: heavy $border;
                border-title-color: $text-accent;
                border-title-style: bold;
            }
        }
        &.-wide #grid { layout: grid; grid-size: 2 2; #code { row-span: 2; } }
        &.-full #grid { layout: grid; grid-size: 3 1; }

        &.-narrow, &.-zoomed {
            PaneBar { display: block; }
            #grid { layout: vertical; }
            #grid > * { display: none; border: none; height: 1fr; }
            #grid > *:focus, #grid > *:focus-within { border: none; }
        }
        &.-narrow.-lesson #lesson, &.-zoomed.-lesson #lesson { display: block; }
        &.-narrow.-code #code, &.-zoomed.-code #code { display: block; }
        &.-narrow.-checks #checks, &.-zoomed.-checks #checks { display: block; }
    }
    """
    WIDE, FULL = 110, 180
    """Cells from which there are two and three columns."""

    class Arranged(Message):
        """The learner moved a line, or zoomed."""

        def __init__(self, arrangement: Arrangement) -> None:
            super().__init__()
            self.arrangement = arrangement

    def __init__(self, *panes: Widget, arrangement: Arrangement) -> None:
        super().__init__(id="panes")
        self._panes = panes
        self._arrangement = arrangement if arrangement.sane else Arrangement()
        self._columns = 0
        self._dragged: Line | None = None
        self.shown = "lesson"

    def compose(self) -> ComposeResult:
        """The names, then the panes."""
        yield PaneBar()
        with Container(id="grid"):
            yield from self._panes

    def on_mount(self) -> None:
        """Writes the keys over the panes."""
        for pane, label in self.query_one(PaneBar).labels().items():
            self.query_one(f"#{pane}").border_title = label
        self._arrange(self.app.size.width)

    def on_resize(self, event: events.Resize) -> None:
        """Changes the number of columns where another fits."""
        self._arrange(event.size.width)

    # Which one

    def go_to(self, pane: str) -> None:
        """Shows a pane where only one is shown, and gives it the keys."""
        self._mark(pane)
        found = self.query_one(f"#{pane}")
        taker = next(each for each in (found, *found.query("*")) if each.can_focus)
        self.screen.set_focus(taker)  # at once: what is typed in the same breath is meant for it

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Keeps the shown pane the one that has the keys, also after tab and mouse."""
        ids = {each.id for each in event.widget.ancestors_with_self}
        for pane in PaneBar.PANES:
            if pane in ids:
                self._mark(pane)

    def _mark(self, pane: str) -> None:
        self.shown = pane
        self.query_one(PaneBar).show(pane)
        for each in PaneBar.PANES:
            self.set_class(each == pane, f"-{each}")

    @on(PaneBar.Chosen)
    def _pane_chosen(self, message: PaneBar.Chosen) -> None:
        message.stop()
        self.go_to(message.pane)

    # How large

    def zoom(self) -> None:
        """Gives the pane in use the whole screen, or shows all panes again."""
        self._take(replace(self._arrangement, zoomed=not self._arrangement.zoomed))

    def grow(self, steps: int, *, across: bool) -> None:
        """Makes the pane in use wider or taller."""
        if not self._arrangement.zoomed:
            self._take(self._arrangement.grown(self.shown, steps, columns=self._columns, across=across))

    def even(self) -> None:
        """Puts the lines back where they were at first."""
        self._take(Arrangement(zoomed=self._arrangement.zoomed))

    def _take(self, arrangement: Arrangement) -> None:
        if arrangement != self._arrangement:
            self._arrangement = arrangement
            self._arrange(self.size.width)
            self.post_message(self.Arranged(arrangement))

    def _arrange(self, width: int) -> None:
        self._columns = 3 if width >= self.FULL else 2 if width >= self.WIDE else 1
        for columns, name in enumerate(("-narrow", "-wide", "-full"), 1):
            self.set_class(columns == self._columns, name)
        it = self._arrangement
        self.set_class(it.zoomed, "-zoomed")
        three = (it.first, it.second - it.first, 1 - it.second)
        across = three if self._columns == 3 else (it.side, 1 - it.side)
        down = (1.0,) if self._columns == 3 else (it.level, 1 - it.level)
        styles = self.query_one("#grid").styles
        styles.grid_columns = " ".join(f"{each:.3f}fr" for each in across)
        styles.grid_rows = " ".join(f"{each:.3f}fr" for each in down)

    # With the mouse

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Takes hold of the line between two panes."""
        self._dragged = self._line_at(event.screen_x, event.screen_y)
        if self._dragged:
            self.capture_mouse()
            event.stop()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Moves the line along."""
        if self._dragged:
            grid = self.query_one("#grid").region
            across = (event.screen_x - grid.x) / max(grid.width, 1)
            down = (event.screen_y - grid.y) / max(grid.height, 1)
            self._take(self._arrangement.moved(self._dragged, down if self._dragged == "level" else across))

    def on_mouse_up(self) -> None:
        """Lets the line go."""
        if self._dragged:
            self._dragged = None
            self.release_mouse()
            self.screen.clear_selection()

    def _line_at(self, x: float, y: float) -> Line | None:
        """The line within a cell of that place of the screen; the frames of two panes touch there."""
        if self._columns == 1 or self._arrangement.zoomed:
            return None
        code, checks = self.query_one("#code").region, self.query_one("#checks").region

        def at(place: float, edge: int) -> bool:
            return edge - 1 <= place <= edge

        if self._columns == 3:
            return "first" if at(x, code.x) else "second" if at(x, checks.x) else None
        return "side" if at(x, code.x) else "level" if x < code.x and at(y, checks.y) else None
