"""How large what scrolls has become, taken over without laying out the screen: only the scrollbars depend on it."""

from __future__ import annotations

from textual.geometry import Size
from textual.scroll_view import ScrollView


def take_size(view: ScrollView, size: Size) -> None:
    """Gives the view another size of its content; set as usual it would lay out all."""
    if size == view.virtual_size:
        return
    view.set_reactive(ScrollView.virtual_size, size)
    view._scroll_update(size)
