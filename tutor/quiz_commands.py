"""`tutor quiz`: questions to check oneself with, in a plain terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import click

from tutor.core import documents, quiz
from tutor.core.quiz import Question
from tutor.core.render import clean
from tutor.core.session import Session
from tutor.terminal import form_option, style, write_json

WIDTH = 78


@click.command("quiz")
@click.argument("word", metavar="[TRACK|EXERCISE]", required=False)
@click.option("--all", "every", is_flag=True, help="Those that you have answered right as well.")
@click.option("--answers", "solved", is_flag=True, help="With --format json: the answers and explanations too.")
@form_option
@click.pass_obj
def quiz_(session: Session, word: str | None, every: bool, solved: bool, form: str) -> None:
    """Ask yourself questions; they gate nothing, and a wrong answer comes again, its answers in another order."""
    questions = _chosen(session, word)
    answered = session.answers()
    if form == "json":
        write_json(documents.quiz_document(questions, answered, solved=solved))
        return
    due = questions if every else quiz.due(questions, answered)
    if not questions:
        click.echo(f"There are no questions on {word or 'this course'}. `tutor quiz` asks all that there are.")
    elif not due:
        click.echo(f"You have answered all {len(questions)} right. --all asks them again.")
    else:
        _ask_all(session, session.shuffled(due))


def _chosen(session: Session, word: str | None) -> tuple[Question, ...]:
    """The questions of a track, of an exercise, or of the whole course."""
    tracks = {track.id: track for track in session.course.tracks}
    if word is None or word in tracks:
        chosen = [tracks[word]] if word else list(session.course.tracks)
        return tuple(each for track in chosen for each in quiz.read_quiz(session.course, track))
    exercise = session.exercise(word)
    return quiz.about(quiz.read_quiz(session.course, tracks[exercise.track]), exercise.id)


def _ask_all(session: Session, due: Sequence[Question]) -> None:
    outcomes: list[bool] = []
    for number, question in enumerate(due, 1):
        click.echo(_question_text(question, f"{number} of {len(due)}"))
        answer = _answer(len(question.answers))
        if answer is None:
            break
        if answer:
            outcomes.append(answer - 1 == question.right)
            session.progress.answer(question.id, right=outcomes[-1])
            click.echo(_verdict_text(question, right=outcomes[-1]))
    wrong = len(outcomes) - sum(outcomes)
    again = f" {wrong} will come again." if wrong else ""
    click.echo(f"{sum(outcomes)} of {len(outcomes)} right.{again}" if outcomes else "Nothing was answered.")


def _answer(most: int) -> int | None:
    """The number that was typed, 0 to leave the question open, None to end."""
    while True:
        try:
            word = click.prompt(f"1 to {most} (enter leaves it open, q ends)", default="", show_default=False)
        except click.Abort:  # Ctrl-C, or the end of what is piped in
            click.echo()
            return None
        word = str(word).strip().casefold()
        if word in ("q", "quit"):
            return None
        if not word or (word.isascii() and word.isdigit() and 1 <= int(word) <= most):
            return int(word or 0)
        click.echo(f"{clean(word)!r} is none of the answers. Type a number from 1 to {most}.")


def _question_text(question: Question, place: str) -> str:
    about = question.exercise or question.track
    lines = [f"{style().faint(f'{place} · {clean(about)}')}", style().strong(_wrapped(question.text)), ""]
    lines += [_wrapped(each, f"  {number}  ") for number, each in enumerate(question.answers, 1)]
    return "\n".join([*lines, ""])


def _verdict_text(question: Question, *, right: bool) -> str:
    said = "Right." if right else f"Not this one: {question.right + 1} is right."
    source = [style().faint(clean(question.source))] if question.source else []
    return "\n".join(["", style().mark(said, right), _wrapped(question.why), *source, ""])


def _wrapped(text: str, head: str = "") -> str:
    """The text in lines of the terminal's width, paragraph by paragraph; indented lines stay as they are."""
    lines: list[str] = []
    for line in clean(text).split("\n"):
        fits = line.startswith(" ") or not line
        lines += [line] if fits else textwrap.wrap(line, WIDTH - len(head), break_long_words=False)
    return head + f"\n{' ' * len(head)}".join(lines)
