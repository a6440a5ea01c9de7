"""A dialogue: which training to start."""

from __future__ import annotations

import textwrap

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Label, OptionList
from textual.widgets.option_list import Option

from tutor.core.order import Order
from tutor.core.presets import PRESETS, Preset
from tutor.tui.keys import key, named
from tutor.tui.screens.once import Once
from tutor.tui.widgets.one_line import OneLine

_INDENT = " " * 5


class NewTraining(ModalScreen[Order | None], Once[Order | None]):
    """Asks for a preset and a text; dismisses with the order, or None."""

    DEFAULT_CSS = """
    NewTraining { align: center middle; }
    NewTraining > Vertical {
        width: 76; max-width: 96%; height: auto; max-height: 90%;
        padding: 0 2; border: round $primary; background: $panel;
    }
    NewTraining Label { margin-top: 1; }
    NewTraining OptionList { height: auto; max-height: 11; padding: 0; border: none; background: $panel; }
    NewTraining OptionList:focus { border: none; background-tint: $foreground 0%; }
    NewTraining Input { margin-bottom: 1; background: $surface; }
    """
    BINDINGS = [key("new_training.cancel", "escape", "cancel", "Cancel", "Start nothing")]

    def compose(self) -> ComposeResult:
        """Presets above, the text below."""
        with Vertical():
            yield Label(named(self, "Which training? <enter> starts it."))
            yield OptionList(*(Option(_described(each), id=each.name) for each in PRESETS.values()), id="presets")
            yield Label("Text: shakespeare, names, or the path of a UTF-8 file")
            yield OneLine("shakespeare", id="text", compact=True)

    def on_mount(self) -> None:
        """The first preset is ready to be chosen."""
        presets = self.query_one("#presets", OptionList)
        presets.highlighted = 0
        presets.focus()

    def on_option_list_option_selected(self) -> None:
        """A preset was chosen."""
        self._order()

    def on_input_submitted(self) -> None:
        """A text was chosen."""
        self._order()

    def action_cancel(self) -> None:
        """Starts nothing."""
        self.dismiss(None)

    def _order(self) -> None:
        number = self.query_one("#presets", OptionList).highlighted or 0
        self.dismiss(Order(preset=list(PRESETS)[number], text=self.query_one("#text", Input).value.strip()))


def _described(preset: Preset) -> str:
    facts = f"{preset.shape.parameters(65):,} parameters; {preset.time}"
    lines = textwrap.fill(facts, 66, initial_indent=_INDENT, subsequent_indent=_INDENT)
    return f"[b]{preset.name.ljust(len(_INDENT))}[/b]{preset.title}\n{lines}"
