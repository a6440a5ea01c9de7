"""`tutor place-out`: for those who know a part of the course already."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence

import click

from tutor.core import batch, documents
from tutor.core.grading import Grader, Method
from tutor.core.render import one_line
from tutor.core.session import Session
from tutor.terminal import BROKEN, NOT_PASSED, PASSED, form_option, method_option, style, write


@click.command("place-out")
@click.argument("words", metavar="TRACK|EXERCISE...", nargs=-1, required=True)
@click.option("--skip", is_flag=True, help="Mark what does not pass as skipped, without asking.")
@click.option("--undo", is_flag=True, help="Take up again what is marked as skipped; nothing is graded.")
@method_option
@form_option
@click.pass_obj
def place_out(session: Session, words: tuple[str, ...], skip: bool, undo: bool, method: Method, form: str) -> None:
    """Show in one go that you know a track: what passes is passed, the rest may be skipped."""
    ids = session.exercises(words)
    if undo and skip:
        raise click.UsageError("--skip and --undo exclude each other. Leave one out.")
    if undo:
        session.progress.take_up(ids)
        results: list[batch.Result] = []
    else:
        results = _graded(session, ids, method, show=form == "text")
        _skip(session, [each.exercise for each in results if each.exercise and not each.passed], skip, form)
    states = session.states()
    verdicts = {each.exercise: each.report.verdict.value if each.report else each.outcome for each in results}
    write(form, documents.placing_document(ids, verdicts, states), _summary(ids, states))
    if any(each.ours for each in results):
        sys.exit(BROKEN)
    sys.exit(PASSED if undo or all(states.get(id) in ("passed", "skipped") for id in ids) else NOT_PASSED)


def _graded(session: Session, ids: Sequence[str], method: Method, *, show: bool) -> list[batch.Result]:
    """Grades the learner's files of these exercises and keeps each report as an attempt."""
    results = []
    log = session.workspace.notes / "grader.log"
    with Grader(session.course, method=method, log=log) as grader:
        for result in session.attempts(grader, ids):
            results.append(result)
            if show:
                click.echo(_line(result))
    return results


def _line(result: batch.Result) -> str:
    """A verdict without its reasons: this is no lesson."""
    word = result.report.verdict.value if result.report else result.outcome
    return f"{style().verdict(word, 9)}  {result.exercise}  {one_line(result.problem)}".rstrip()


def _skip(session: Session, open_: Sequence[str], skip: bool, form: str) -> None:
    """Marks the rest as skipped, where the learner wants that."""
    if not open_:
        return
    if not skip and form == "text" and sys.stdin.isatty():
        question = f"Skip {', '.join(open_)}? {BORROWED} --undo takes it back."
        skip = click.confirm(question, default=False, err=True)
    if skip:
        session.progress.skip(open_)


def _summary(ids: Sequence[str], states: Mapping[str, str]) -> str:
    count = {word: [id for id in ids if states.get(id) == word] for word in ("passed", "skipped")}
    left = [id for id in ids if states.get(id) not in count]
    said = [f"{len(count['passed'])} of {len(ids)} passed."]
    if count["skipped"]:
        said.append(f"Skipped: {', '.join(count['skipped'])}. {BORROWED}")
    if left:
        said.append(f"Open: {', '.join(left)}. Why: tutor check {left[0]}")
    return " ".join(said)


BORROWED = "The course's solutions stand in for what is skipped, and every report says so."
