"""A question with two or three answers, asked only where an answer decides about somebody's text."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tutor.tui.keys import key
from tutor.tui.screens.once import Once

NOTHING = Content()
"""Nothing to see before choosing."""


class ChoiceScreen(ModalScreen[str], Once[str]):
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
            &.-roomy { width: 100; padding: 0 1; }
        }
        VerticalScroll {
            height: auto;
            max-height: 50vh;
            margin-top: 1;
            background: $surface;
            &:focus { background-tint: $foreground 4%; }
        }
        VerticalScroll { overflow-x: auto; scrollbar-size: 1 1; }
        VerticalScroll > Static { width: auto; height: auto; text-wrap: nowrap; }
        OptionList {
            height: auto;
            margin-top: 1;
            background: $panel;
            border: none;
            padding: 0;
            &:focus { border: none; background-tint: $foreground 0%; }
        }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        key("choice.harmless", "escape", "harmless", "Decide later", "Change nothing now", show=True),
        Binding("j", "step(1)", "Down", show=False),
        Binding("k", "step(-1)", "Up", show=False),
    ]

    def __init__(self, question: str, answers: dict[str, str], seen: Content = NOTHING) -> None:
        super().__init__()
        self._seen = seen
        self._question = question
        self._answers = answers

    def compose(self) -> ComposeResult:
        """The question, what is to be seen before choosing, the answers."""
        with Vertical(classes="-roomy" if self._seen.plain else ""):
            yield Static(Content(self._question))
            if self._seen.plain:
                with VerticalScroll(can_focus=True):
                    yield Static(self._seen)
            yield OptionList(*(Option(Content(text), id=id) for id, text in self._answers.items()))

    def on_mount(self) -> None:
        """The answers have the keys; tab goes to what is to be seen."""
        self.query_one(OptionList).focus()

    def on_option_list_option_selected(self, message: OptionList.OptionSelected) -> None:
        """Returns the answer."""
        self.dismiss(message.option_id)

    def action_step(self, step: int) -> None:
        """Goes to the next or the previous answer."""
        answers = self.query_one(OptionList)
        if step > 0:
            answers.action_cursor_down()
        else:
            answers.action_cursor_up()

    def action_harmless(self) -> None:
        """Returns the last answer."""
        self.dismiss(list(self._answers)[-1])
