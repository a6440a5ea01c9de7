"""A screen that is left once, however often somebody presses the key."""

from __future__ import annotations

from textual.await_complete import AwaitComplete
from textual.screen import Screen, ScreenResultType


class Once(Screen[ScreenResultType]):
    """Textual would take away the screen below for a second Enter or Escape that came before the first was done.

    A modal screen names ModalScreen before this: Textual takes its styles from the first base alone.
    """

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """Leaves the screen with a result, unless it is left already."""
        return super().dismiss(result) if self.is_active else AwaitComplete()
