"""Several texts that are written at once: side by side where there is room, else under each other."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Grid, VerticalScroll
from textual.widgets import Static

_NARROWEST = 44
"""Columns of a text, below which texts stand under each other."""


class Samples(VerticalScroll):
    """Shows texts, or words in place of them."""

    DEFAULT_CSS = """
    Samples { padding: 0 2; height: 1fr; }
    Samples > Grid { height: auto; grid-rows: auto; grid-gutter: 1 3; }
    Samples Static { height: auto; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._texts: Sequence[Text] = ()

    def compose(self) -> ComposeResult:
        """A grid with a cell for each text."""
        yield Grid(Static(markup=False))

    @property
    def plain(self) -> str:
        """What stands there, text after text."""
        return "\n".join(each.plain for each in self._texts)

    def say(self, words: str) -> None:
        """Shows words in place of texts."""
        self.show([Text(words)])

    def show(self, texts: Sequence[Text]) -> None:
        """Shows these, each in the cell that it had."""
        self._texts = texts
        grid = self.query_one(Grid)
        cells = list(grid.query(Static))
        for cell in cells[len(texts) :]:
            cell.remove()
        grid.mount_all([Static(markup=False) for _ in range(len(texts) - len(cells))])
        for cell, text in zip(grid.query(Static), texts, strict=False):
            cell.update(text)
        self._arrange()

    def on_resize(self) -> None:
        """Another number of columns may fit."""
        self._arrange()

    def _arrange(self) -> None:
        columns = max(1, min(len(self._texts), self.content_region.width // _NARROWEST))
        styles = self.query_one(Grid).styles
        styles.grid_size_columns = columns
        styles.layout = "grid" if columns > 1 else "vertical"  # a grid would give all its rows one height
