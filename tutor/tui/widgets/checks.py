"""The checks pane: a line for each property, below one of them its case in full, then hints and what is next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from tutor.core.report import Verdict
from tutor.tui.board import Board, Row
from tutor.tui.glyphs import Glyphs, clean
from tutor.tui.keys import key
from tutor.tui.widgets import telling
from tutor.tui.widgets.steady import Steady

_ROOMY = 30
"""Lines of a pane in which all properties and one in full have room."""


class PropertyLine(Horizontal):
    """One property on one line, or as many as its sentence takes; a click shows it in full."""

    DEFAULT_CSS = """
    PropertyLine {
        height: auto;
        Static { height: auto; width: 1fr; }
        .verdict { width: 13; }
        &.-spare { display: none; }
        &.-chosen { text-style: bold; }
        &:hover { background: $panel; }
    }
    """

    class Chosen(Message):
        """The learner wants to see this property in full."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    def __init__(self) -> None:
        self._verdict, self._sentence = Steady(classes="verdict"), Steady()
        super().__init__(self._verdict, self._sentence)
        self._property = ""

    def show(self, row: Row, verdict: Content, sentence: Content, *, chosen: bool) -> None:
        """Shows a property's line; the chosen one has its sentence in full."""
        self._property = row.name
        self.set_class(chosen, "-chosen")
        self.set_class(row.verdict is Verdict.PASSED, "-held")
        self._verdict.update(verdict)
        self._sentence.update(sentence)

    def on_click(self) -> None:
        """Asks for the property in full."""
        self.post_message(self.Chosen(self._property))


class ChecksPane(VerticalScroll):
    """Shows a Board; arrows scroll, [ and ] go through the properties that do not hold."""

    DEFAULT_CSS = """
    ChecksPane {
        background: $surface;
        padding: 0 1;
        scrollbar-size-vertical: 1;
        Steady { height: auto; }
        Vertical { height: auto; }
        .-empty { display: none; }
        #summary, #aha, #whole, #case { margin-bottom: 1; }
        #mistake, #values, #hints, #ending { margin-top: 1; }
        &.-failing PropertyLine Static { height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
        &.-failing PropertyLine.-chosen Static { height: auto; text-wrap: wrap; }
        &.-tight PropertyLine.-held { display: none; }
        &.-tight #summary { margin-bottom: 0; }
        #mistake { border-left: thick $accent; padding-left: 1; }
        #hints { border-left: thick $primary; padding-left: 1; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        key(
            "checks.next",
            "right_square_bracket",
            "choose(1)",
            "Next failure",
            "Show the next check that does not hold",
        ),
        key(
            "checks.previous",
            "left_square_bracket",
            "choose(-1)",
            "Previous failure",
            "Show the previous check that does not hold",
        ),
        key("checks.all", "a", "all", "All checks", "Show or hide the checks that hold"),
        Binding("j", "scroll_down", "Scroll down", show=False),
        Binding("k", "scroll_up", "Scroll up", show=False),
        Binding("G", "scroll_end", "End", show=False),
    ]

    def __init__(self, board: Board, glyphs: Glyphs, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._board = board
        self._glyphs = glyphs
        self._chosen = ""
        self._width = 0
        self._all = False

    def compose(self) -> ComposeResult:
        """From the line that says where the check stands to the one that says what is next."""
        yield Steady(id="summary")
        yield Steady(id="aha")
        yield Steady(id="whole")
        with Vertical(id="lines"), Vertical(id="case"):
            yield Steady(id="detail")
            yield Steady(id="mistake")
            yield Steady(id="values")
        yield Steady(id="hints")
        yield Steady(id="ending")

    def on_mount(self) -> None:
        """Shows what is known before the first event."""
        self.show(self._board)

    def on_resize(self, event: events.Resize) -> None:
        """Lays values out anew where another width decides whether they fit side by side."""
        self._tighten()
        if event.size.width != self._width:
            self._width = event.size.width
            self._show_detail()

    def show(self, board: Board) -> None:
        """Shows a newer board. A learner's choice of property stays as long as that property does not hold."""
        if board.ticket != self._board.ticket:
            self.scroll_home(animate=False)
        self._board = board
        self._put("summary", telling.summary(board, self._glyphs))
        whole = board.report if not board.notice else None
        self._put("whole", telling.report_text(whole) if whole else Content())
        self._put("mistake", self._mistake())
        self._show_lines()
        self._show_detail()
        self._tighten()

    def show_hints(self, hints: Sequence[str], of: int) -> None:
        """Shows the hints that the learner has asked for, the newest last and in view."""
        lines = [
            Content.assemble((f"Hint {number} of {of}  ", "bold"), clean(each)) for number, each in enumerate(hints, 1)
        ]
        self._put("hints", Content("\n").join(lines))

    def show_ending(self, aha: Content, ending: Content) -> None:
        """Shows the sentence to take away, above all checks, and what to press next, below them."""
        self._put("aha", aha)
        self._put("ending", ending)

    def reveal(self, id: str) -> None:
        """Scrolls so that a part is in view."""
        part = self.query_one(f"#{id}", Static)
        self.call_after_refresh(self.scroll_to_widget, part, animate=False)

    @property
    def error_line(self) -> int | None:
        """The line of this exercise's file on which the last error happened, if there was one."""
        row, report = self.row, self._board.report
        error = (row.result.error if row and row.result else None) or (report.error if report else None)
        own = (self._board.exercise, f"exercises/{self._board.exercise}.py")
        numbers = [line.number for line in error.lines if line.path in own] if error else []
        return numbers[-1] if numbers else None

    def action_choose(self, step: int) -> None:
        """Shows the next or the previous property that does not hold."""
        wrong = [row.name for row in self._board.rows if row.wrong]
        row = self.row
        if wrong and row:
            place = wrong.index(row.name) if row.name in wrong else 0
            self._choose(wrong[(place + step) % len(wrong)])

    def action_all(self) -> None:
        """Shows the properties that hold too, or leaves them out again."""
        self._all = not self._all
        self._tighten()

    def _tighten(self) -> None:
        """Beside one property in full the others are a line each; where little fits, those that hold stand back."""
        wrong = self._board.first_wrong
        self.set_class(wrong is not None, "-failing")
        self.set_class(wrong is not None and not self._all and self.size.height < _ROOMY, "-tight")

    def on_property_line_chosen(self, message: PropertyLine.Chosen) -> None:
        """Shows the property that was clicked."""
        message.stop()
        self._choose(message.name)

    def _choose(self, name: str) -> None:
        self._chosen = name
        self._show_lines()
        self._show_detail()
        self.call_after_refresh(self._show_chosen)

    def _show_chosen(self) -> None:
        """Scrolls so that the chosen line is at the top: what it is about stands below it."""
        for line in self.query(".-chosen"):
            self.scroll_to_widget(line, animate=False, top=True)

    @property
    def row(self) -> Row | None:
        """The row that is shown in full."""
        chosen = next((row for row in self._board.rows if row.name == self._chosen and row.wrong), None)
        return chosen or self._board.first_wrong

    def _show_lines(self) -> None:
        rows, shown = self._board.rows, self.row
        for line, row in zip(self._lines(len(rows)), rows, strict=True):
            chosen = row is shown
            verdict = telling.row_verdict(row, self._glyphs, chosen=chosen)
            line.show(row, verdict, telling.row_sentence(row), chosen=chosen)
            if chosen:
                self._open_below(line)

    def _open_below(self, line: PropertyLine) -> None:
        """Puts the case below the property that it belongs to."""
        box, case = self.query_one("#lines", Vertical), self.query_one("#case", Vertical)
        if box.children.index(case) != box.children.index(line) + 1:
            box.move_child(case, after=line)

    def _lines(self, number: int) -> list[PropertyLine]:
        """That many lines; those that are there are used again, so that nothing flickers."""
        box = self.query_one("#lines", Vertical)
        lines = list(self.query(PropertyLine))
        new = [PropertyLine() for _ in range(number - len(lines))]
        box.mount(*new)
        for place, line in enumerate(lines):
            line.set_class(place >= number, "-spare")
        return [*lines, *new][:number]

    def _show_detail(self) -> None:
        row = self.row
        head, values = Content(), Content()
        if row and row.result:
            head = Content(clean(row.result.message))
            values = telling.detail(row.result, max(self.content_size.width, 10))
        self._put("detail", head)
        self._put("values", values)
        self._fold()

    def _fold(self) -> None:
        """Takes no line for a case where there is none."""
        case = self.query_one("#case", Vertical)
        case.set_class(all(part.has_class("-empty") for part in case.children), "-empty")

    def _mistake(self) -> Content:
        if not self._board.mistake or self._board.passed:
            return Content()
        return Content.assemble(("Recognised\n", "bold"), clean(self._board.mistake))

    def _put(self, id: str, text: Content) -> None:
        part = self.query_one(f"#{id}", Static)
        part.update(text)
        part.set_class(not text.plain, "-empty")
