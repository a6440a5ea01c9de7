"""A question with two or three answers, asked only where an answer decides about somebody's text."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tutor.tui.keys import key


class ChoiceScreen(ModalScreen[str]):
    """Asks, and returns the id of the chosen answer; escape returns the last one, which must be harmless."""

    DEFAULT_CSS = """
    ChoiceScreen {
        align: center middle;
        Vertical {
            width: 72;
            max-width: 100%;
            height: auto;
            max-height: 100%;
            padding: 1 2;
            background: $panel;
            border: round $primary;
        }
        OptionList {
            height: auto;
            margin-top: 1;
            background: $panel;
            border: none;
            padding: 0;
            &:focus { border: none; }
        }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        key("choice.harmless", "escape", "harmless", "Decide later", "Change nothing now", show=True),
    ]

    def __init__(self, question: str, answers: dict[str, str]) -> None:
        super().__init__()
        self._question = question
        self._answers = answers

    def compose(self) -> ComposeResult:
        """The question above its answers."""
        with Vertical():
            yield Static(Content(self._question))
            yield OptionList(*(Option(Content(text), id=id) for id, text in self._answers.items()))

    def on_option_list_option_selected(self, message: OptionList.OptionSelected) -> None:
        """Returns the answer."""
        self.dismiss(message.option_id)

    def action_harmless(self) -> None:
        """Returns the last answer."""
        self.dismiss(list(self._answers)[-1])
