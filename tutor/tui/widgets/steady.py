"""Text that costs something only where it changes: most of what a check reports was said before."""

from __future__ import annotations

from textual.content import Content
from textual.visual import VisualType
from textual.widgets import Static


class Steady(Static):
    """A Static of auto height whose width does not follow its text; laid out anew only where a line more is needed."""

    _said: Content | None = None

    def update(self, content: VisualType = "", *, layout: bool = True) -> None:
        """Shows another content."""
        before, self._said = self._said, content if isinstance(content, Content) else None
        if before is None or self._said is None:
            super().update(content, layout=layout)
        elif not before.is_same(self._said):
            height = self._height(self._said)
            super().update(content, layout=layout and (height == 0 or height != self._height(before)))

    def _height(self, content: Content) -> int:
        """Lines that it takes; 0 if some must be wrapped."""
        lines = content.split(allow_blank=True)
        return len(lines) if all(line.cell_length <= self.content_size.width for line in lines) else 0
