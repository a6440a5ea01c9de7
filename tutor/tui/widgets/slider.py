"""A value chosen from a row of values, with arrow keys or the mouse."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual import events
from textual.binding import BindingType
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from tutor.tui.keys import key

_LABEL, _VALUE = 14, 6
"""Columns of the name and of the value; the bar takes the rest."""

Value = float | int | None


class Slider(Widget, can_focus=True):
    """One name, one value, one bar. None stands for no limit and is shown as 'off'."""

    DEFAULT_CSS = """
    Slider { height: 1; width: 1fr; }
    Slider:focus { background: $block-cursor-background; color: $block-cursor-foreground; text-style: bold; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        key("slider.less", "left,h,minus", "move(-1)", "Less", "The value before this one"),
        key("slider.more", "right,l,plus", "move(1)", "More", "The value after this one"),
        key("slider.much_less", "pagedown,shift+left", "move(-5)", "Much less", "Five values down"),
        key("slider.much_more", "pageup,shift+right", "move(5)", "Much more", "Five values up"),
        key("slider.first", "home", "move(-1000)", "Least", "The first value"),
        key("slider.last", "end", "move(1000)", "Most", "The last value"),
    ]

    place: reactive[int] = reactive(0)
    """Which of the values it is."""

    class Changed(Message):
        """Another value was chosen."""

        def __init__(self, slider: Slider) -> None:
            super().__init__()
            self.slider = slider

    def __init__(self, name: str, values: Sequence[Value], value: Value, *, id: str) -> None:
        super().__init__(id=id)
        self._label = name
        self._values = list(values)
        self.set_reactive(Slider.place, self._values.index(value))

    @property
    def value(self) -> Value:
        """The chosen value."""
        return self._values[self.place]

    def offer(self, values: Sequence[Value]) -> None:
        """Other values to choose from; the chosen one stays, or the last takes its place."""
        value, self._values = self.value, list(values)
        self.set_reactive(Slider.place, values.index(value) if value in values else len(values) - 1)
        self.refresh()

    def choose(self, value: Value) -> None:
        """Takes that value, as if the learner had."""
        self.place = self._values.index(value)

    def show(self, value: Value) -> None:
        """Stands at that value, which nobody has chosen: nothing is told."""
        self.set_reactive(Slider.place, self._values.index(value))
        self.refresh()

    def action_move(self, step: int) -> None:
        """So many values on."""
        self.place = self.place + step

    def validate_place(self, place: int) -> int:
        """Between the first and the last."""
        return min(max(0, place), len(self._values) - 1)

    def watch_place(self) -> None:
        """Tells that the value is another one."""
        self.post_message(self.Changed(self))

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """The knob goes to the mouse, and follows it."""
        self.capture_mouse()
        self._go_to(event.x)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """The knob follows while the button is down."""
        if self.app.mouse_captured is self:
            self._go_to(event.x)

    def on_mouse_up(self) -> None:
        """The knob stays."""
        self.release_mouse()

    def render(self) -> Text:
        """'▸ Temperature    0.80  ━━━━●─────'."""
        sign = "▸ " if self.has_focus else "  "
        head = f"{sign}{self._label:{_LABEL - 2}}{shown(self.value):>{_VALUE}}  "
        room = max(3, self.size.width - len(head) - 2)
        knob = round((room - 1) * self.place / max(1, len(self._values) - 1))
        return Text(f"{head}{'━' * knob}●{'─' * (room - 1 - knob)}", no_wrap=True)

    def _go_to(self, x: int) -> None:
        start = _LABEL + _VALUE + 2
        room = max(3, self.size.width - start - 2)
        if x >= start - 1:
            self.place = round((x - start) / (room - 1) * (len(self._values) - 1))


def shown(value: Value) -> str:
    """'off', 'on', '40', '0.80'."""
    if value is None or isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:.2f}" if isinstance(value, float) else f"{value:,}"
