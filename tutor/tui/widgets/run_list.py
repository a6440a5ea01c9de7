"""The runs of a workspace, the newest first; those that are drawn together carry their sign."""

from __future__ import annotations

from collections.abc import Sequence

from textual.widgets import OptionList
from textual.widgets.option_list import Option

from tutor.tui.widgets.loss_curve import SIGNS


class RunList(OptionList):
    """Names to choose from; the chosen one stays chosen when the list changes."""

    DEFAULT_CSS = """
    RunList {
        width: 24;
        height: 1fr;
        text-wrap: nowrap;
        text-overflow: ellipsis;
        &, &:focus { border: none; border-right: solid $primary; }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, markup=False)
        self._shown: tuple[Sequence[str], Sequence[str]] = ((), ())

    def show(self, names: Sequence[str], marked: Sequence[str], chosen: str | None) -> None:
        """Fills the list anew where it changed."""
        if self._shown == (names, marked):
            return
        self._shown = (list(names), list(marked))
        with self.prevent(OptionList.OptionHighlighted):
            self.clear_options().add_options(Option(_titled(each, marked), id=each) for each in names)
            if chosen is not None and chosen in names:
                self.highlighted = list(names).index(chosen)


def _titled(name: str, marked: Sequence[str]) -> str:
    if not marked:
        return name
    return f"{SIGNS[marked.index(name)] if name in marked else ' '} {name}"
