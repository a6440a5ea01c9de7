"""The checks pane: a line for each property, below one of them its case in full, then hints and what is next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from tutor.core.report import PropertyResult, Verdict
from tutor.tui.board import Board, Phase, Row
from tutor.tui.glyphs import Glyphs, clean
from tutor.tui.keys import key
from tutor.tui.widgets import telling
from tutor.tui.widgets.paragraphs import Paragraph, Paragraphs

_PACE = 0.08
"""Seconds between two drawings while verdicts come."""
_ROOMY = 30
"""Lines of a pane in which all properties and one in full have room."""


class ChecksPane(Paragraphs):
    """Shows a Board; arrows scroll, [ and ] go through the properties that do not hold."""

    DEFAULT_CSS = """
    ChecksPane {
        background: $surface;
        padding: 0 1;
        scrollbar-background: $surface;
        scrollbar-background-hover: $surface;
        scrollbar-background-active: $surface;
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
        self._hints = self._aha = self._ending = Content()
        self._chosen = ""
        self._all = False
        self._due: set[float] = set()
        """After how many seconds something will be shown."""
        self._told: tuple[PropertyResult | None, int, Content] = (None, 0, Content())
        """The values that were laid out last, and for which width."""

    def on_mount(self) -> None:
        """Shows what is known before the first event."""
        self._say()

    def on_resize(self) -> None:
        """Lays values out anew: the width decides whether they fit side by side, the height how much is shown."""
        self._say()

    def show(self, board: Board) -> None:
        """Shows a newer board. A learner's choice of property stays as long as that property does not hold."""
        if board.ticket != self._board.ticket:
            self.scroll_home(animate=False)
        self._board = board
        self._say()

    def show_hints(self, hints: Sequence[str], of: int) -> None:
        """Shows the hints that the learner has asked for, the newest last and in view."""
        lines = [
            Content.assemble((f"Hint {number} of {of}  ", "bold"), clean(each)) for number, each in enumerate(hints, 1)
        ]
        self._hints = Content("\n").join(lines)
        self._say()

    def show_ending(self, aha: Content, ending: Content) -> None:
        """Shows the sentence to take away, above all checks, and what to press next, below them."""
        self._aha, self._ending = aha, ending
        self._say()

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
        self._say()

    def on_paragraphs_clicked(self, message: Paragraphs.Clicked) -> None:
        """Shows the property that was clicked."""
        message.stop()
        self._choose(message.name.removeprefix(_LINE))

    def _choose(self, name: str) -> None:
        self._chosen = name
        self._say()
        self.reveal(_LINE + name, top=True)  # what it is about stands below it

    @property
    def row(self) -> Row | None:
        """The row that is shown in full."""
        chosen = next((row for row in self._board.rows if row.name == self._chosen and row.wrong), None)
        return chosen or self._board.first_wrong

    def _say(self) -> None:
        """Shows what is known: the outcome at once, verdicts some together, for they come in bursts while one types."""
        after = _PACE if self._board.phase is Phase.CHECKING else 0.0
        if after not in self._due:
            self._due.add(after)
            say = partial(self._say_now, after)
            if after:
                self.set_timer(after, say)
            else:
                self.call_later(say)

    def _say_now(self, after: float) -> None:
        self._due.discard(after)
        self.put(self._paragraphs_of(self._board))

    def _paragraphs_of(self, board: Board) -> Iterator[Paragraph]:
        """From the line that says where the check stands to the one that says what is next."""
        whole = telling.report_text(board.report) if board.report and not board.notice else Content()
        above = 0 if self._tight else 1
        yield Paragraph("summary", telling.summary(board, self._glyphs))
        for name, text in (("aha", self._aha), ("whole", whole)):
            yield Paragraph(name, text, above=above)
            above = 1 if text.plain else above
        yield from self._lines_of(board, above)
        yield Paragraph("hints", self._hints, above=1, bar="$primary")
        yield Paragraph("ending", self._ending, above=1)

    def _lines_of(self, board: Board, above: int) -> Iterator[Paragraph]:
        """A line for each property, below the one that is shown in full its case.

        Beside that one the others are a line each; where little fits, those that hold stand back.
        """
        shown, tight = self.row, self._tight
        for row in board.rows:
            if tight and row.result and row.result.verdict is Verdict.PASSED:  # also an older one: nothing moves
                continue
            chosen = row is shown
            verdict, sentence = telling.row_verdict(row, self._glyphs, chosen=chosen), telling.row_sentence(row)
            if chosen:
                verdict, sentence = verdict.stylize("bold"), sentence.stylize("bold")
            single = shown is not None and not chosen
            yield Paragraph(_LINE + row.name, sentence, verdict, above=above, single=single, chosen_by_click=True)
            case = list(self._case_of(row)) if chosen else []
            yield from case
            above = 1 if any(part.text.plain for part in case) else 0

    def _case_of(self, row: Row) -> Iterator[Paragraph]:
        """Why the property does not hold, the recognised mistake, the values."""
        board, result = self._board, row.result
        mistake = Content()
        if board.mistake and not board.passed:
            mistake = Content.assemble(("Recognised\n", "bold"), clean(board.mistake))
        yield Paragraph("detail", Content(clean(result.message)) if result else Content())
        yield Paragraph("mistake", mistake, above=1, bar="$accent")
        yield Paragraph("values", self._values_of(result), above=1)

    def _values_of(self, result: PropertyResult | None) -> Content:
        width = max(self.scrollable_content_region.width, 10)
        if self._told[0] is not result or self._told[1] != width:
            self._told = (result, width, telling.detail(result, width) if result else Content())
        return self._told[2]

    @property
    def _tight(self) -> bool:
        return self._board.first_wrong is not None and not self._all and self.size.height < _ROOMY


_LINE = "line "
"""Before the names of the paragraphs that are lines of properties: a property may be called 'summary'."""
