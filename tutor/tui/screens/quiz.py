"""Check questions, one at a time: choose, read why, go on. They gate nothing and can be left at any moment."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tutor.core.course import Exercise
from tutor.core.quiz import MOST_ANSWERS, Question
from tutor.tui.desk import Desk, told
from tutor.tui.glyphs import clean
from tutor.tui.keys import key, named
from tutor.tui.screens.once import Once
from tutor.tui.screens.reading import help_screen
from tutor.tui.widgets.key_line import KeyLine


class QuizScreen(Once[None]):
    """Asks the questions in order; a wrong answer is explained at once and comes again another day."""

    DEFAULT_CSS = """
    QuizScreen {
        background: $surface;
        #head { height: 1; padding: 0 1; background: $panel; text-wrap: nowrap; text-overflow: ellipsis; }
        #page { height: 1fr; max-width: 92; padding: 1 2; background: $surface; scrollbar-size-vertical: 1; }
        #page > Static { height: auto; }
        #answers { height: auto; margin: 1 0; padding: 0; border: none; background: $surface; }
        #answers:focus { border: none; background-tint: $foreground 0%; }
        #answers:disabled { opacity: 100%; }
        #verdict { border-left: thick $primary; padding-left: 1; }
        .-empty { display: none; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        key(
            "quiz.next",
            "enter",
            "next",
            "Next",
            "Take the answer under the cursor; then go to the next question",
            show=True,
        ),
        key("quiz.skip", "n", "skip", "Leave open", "Go to the next question without an answer", show=True),
        *(Binding(str(number), f"choose({number - 1})", show=False) for number in range(1, MOST_ANSWERS + 1)),
        Binding("j", "move(1)", show=False),
        Binding("k", "move(-1)", show=False),
        key("quiz.help", "f1,question_mark", "help", "Help", "What this screen is, and its keys", show=True),
        key("quiz.close", "escape,q", "close", "Close", "Back; what you have answered is kept", show=True),
    ]

    def __init__(self, desk: Desk, title: str, questions: Sequence[Question]) -> None:
        super().__init__()
        self._desk = desk
        self._title = title
        self._questions = tuple(questions)
        self._place = 0
        self._outcomes: dict[int, bool] = {}

    def compose(self) -> ComposeResult:
        """How far one is; the question, its answers, what is right and why; the keys."""
        yield Static(id="head")
        with VerticalScroll(id="page", can_focus=False):
            yield Static(id="text")
            yield OptionList(id="answers", markup=False)
            yield Static(id="verdict")
            yield Static(id="go-on")
        yield KeyLine()

    def on_mount(self) -> None:
        """Asks the first question."""
        self._ask()

    @property
    def _question(self) -> Question | None:
        return self._questions[self._place] if self._place < len(self._questions) else None

    def _ask(self) -> None:
        """Shows the question at hand, or the end."""
        question = self._question
        answers = self.query_one("#answers", OptionList)
        answers.clear_options()
        answers.disabled = False
        answers.set_class(question is None, "-empty")
        self._put("verdict", Content())
        self._put("go-on", Content())
        if question is None:
            self._put("text", self._end())
        else:
            about = Content.styled(question.exercise or "the whole track", "$text-muted")
            self._put("text", Content("\n").join([about, prose(question.text, "bold")]))
            answers.add_options(Option(prose(f"{number}  {each}")) for number, each in enumerate(question.answers, 1))
            answers.highlighted = 0
            answers.focus()
            how = f"1 to {len(question.answers)}, or arrows and <quiz.next>: your answer"
            self._put("go-on", Content.styled(named(self, how), "$text-muted"))
        self._show_head()
        self.query_one("#page").scroll_home(animate=False)
        self.refresh_bindings()

    def _show_head(self) -> None:
        right = sum(self._outcomes.values())
        count = f"{min(self._place + 1, len(self._questions))} of {len(self._questions)}"
        done = f", {right} of {len(self._outcomes)} right" if self._outcomes else ""
        self.query_one("#head", Static).update(
            Content.assemble(("Questions", "bold $text-accent"), f"  {self._title}  ", (count + done, "$text-muted"))
        )

    def _end(self) -> Content:
        right, answered = sum(self._outcomes.values()), len(self._outcomes)
        left = f" {len(self._questions) - answered} left open." if answered < len(self._questions) else ""
        said = f"{right} of {answered} right.{left}" if answered else "Nothing was answered."
        lines = [Content.styled(said, "bold")]
        if right < answered:
            lines.append(Content("What was wrong comes again when you open the questions next."))
        lines.append(Content.styled(named(self, "<quiz.next> or <quiz.close>: back"), "bold $text-accent"))
        return Content("\n\n").join(lines)

    def on_option_list_option_selected(self, message: OptionList.OptionSelected) -> None:
        """Takes the answer."""
        message.stop()
        self.action_choose(message.option_index)

    def action_choose(self, answer: int) -> None:
        """Takes an answer, once."""
        question = self._question
        if question is None or self._place in self._outcomes or answer >= len(question.answers):
            return
        right = answer == question.right
        self._outcomes[self._place] = right
        with told(self):
            self._desk.progress.answer(question.id, right=right)
        self._mark(question, answer)
        self._put("verdict", self._verdict(question, right=right))
        last = self._place + 1 == len(self._questions)
        go_on = named(self, "\n<quiz.next>: " + ("the end" if last else "next question"))
        self._put("go-on", Content.styled(go_on, "bold $text-accent"))
        self._show_head()
        self.refresh_bindings()
        self.call_after_refresh(self.query_one("#page").scroll_end, animate=False)

    def _mark(self, question: Question, chosen: int) -> None:
        """Writes beside the answers which one is right, and which was chosen."""
        answers, glyphs = self.query_one("#answers", OptionList), self._desk.glyphs
        for place, text in enumerate(question.answers):
            line = prose(f"{place + 1}  {text}")
            if place == question.right:
                line = Content.assemble(line, (f"  {glyphs.passed} right", "bold $text-success"))
            elif place == chosen:
                line = Content.assemble(line, (f"  {glyphs.failed} yours", "bold $text-error"))
            answers.replace_option_prompt_at_index(place, line)
        answers.highlighted = None
        answers.disabled = True

    def _verdict(self, question: Question, *, right: bool) -> Content:
        said = ("Right.", "bold $text-success") if right else ("Not this one.", "bold $text-error")
        lines = [Content.assemble(said), prose(question.why)]
        if question.source:
            lines.append(Content.styled(clean(question.source), "$text-muted"))
        return Content("\n").join(lines)

    def _put(self, id: str, text: Content) -> None:
        part = self.query_one(f"#{id}", Static)
        part.update(text)
        part.set_class(not text.plain, "-empty")

    def action_next(self) -> None:
        """Goes on once the question is answered."""
        if self._question is None:
            self.action_close()
        elif self._place in self._outcomes:
            self.action_skip()

    def action_skip(self) -> None:
        """Goes to the next question."""
        if self._question is not None:
            self._place += 1
            self._ask()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A question that is answered cannot be left open; one that is open is no reason to go on."""
        waits = self._question is not None and self._place not in self._outcomes
        return not waits if action == "next" else waits if action == "skip" else True

    def action_move(self, step: int) -> None:
        """Moves the cursor, as the arrows do."""
        answers = self.query_one("#answers", OptionList)
        if answers.disabled:
            self.query_one("#page").scroll_relative(y=step, animate=False)
        elif step > 0:
            answers.action_cursor_down()
        else:
            answers.action_cursor_up()

    def action_help(self) -> None:
        """Shows the help page."""
        self.app.push_screen(help_screen(self, HELP))

    def action_close(self) -> None:
        """Back to where the questions were asked for."""
        self.dismiss(None)


def ask_about(screen: Screen[Any], desk: Desk, exercise: Exercise) -> None:
    """Opens the check questions of an exercise, over the screen."""
    with told(screen):
        questions = desk.check_questions(exercise)
        if questions:
            screen.app.push_screen(QuizScreen(desk, exercise.title, questions))
        else:
            screen.notify("There are no questions on this exercise. The map has those of each track.", markup=False)


def prose(text: str, style: str = "") -> Content:
    """A text whose `code` stands out."""
    parts = _CODE.split(clean(text))
    return Content.assemble(*((part, "$text-accent" if odd % 2 else style) for odd, part in enumerate(parts)))


_CODE = re.compile(r"`([^`]+)`")

HELP = """\
Questions to check yourself with. Choose an answer by its number, or with the arrows and <enter>; you then see what is \
right and why. They gate nothing: a wrong answer only means that the question comes again."""
