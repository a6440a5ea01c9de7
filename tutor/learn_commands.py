"""The commands of a learner, apart from grading."""

from __future__ import annotations

import sys
from importlib import metadata
from pathlib import Path

import click

from tutor.core import course, documents, pages
from tutor.core.grading import Method
from tutor.core.progress import Progress
from tutor.core.session import Session
from tutor.core.submission import read_source
from tutor.terminal import BROKEN, PASSED, USAGE, fitted, form_option, method_option, style, write, write_json


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), required=False)
@form_option
@click.pass_obj
def init(session: Session, folder: Path | None, form: str) -> None:
    """Make FOLDER (default: the current one) a workspace; no file of yours is overwritten."""
    workspace = session.init(folder or Path.cwd())
    write(form, documents.document("workspace", workspace=str(workspace.root)), str(workspace.root))


@click.command("list")
@form_option
@click.pass_obj
def list_(session: Session, form: str) -> None:
    """Show tracks, exercises and your progress."""
    states, workspace = session.states(), session.existing
    data = documents.list_document(session.course, states, workspace.root if workspace else None)
    write(form, data, pages.list_text(session.course, states, style()))


@click.command()
@click.argument("exercise")
@form_option
@click.pass_obj
def show(session: Session, exercise: str, form: str) -> None:
    """Show the lesson of an exercise and where your file is."""
    found = session.exercise(exercise)
    file = session.existing.file(found.id) if session.existing else None
    data = documents.exercise_document(found, session.states().get(found.id, "new"), file)
    write(form, data, pages.exercise_text(found, file, style()))


@click.command()
@click.argument("exercise")
@click.option("--all", "every", is_flag=True, help="All hints at once.")
@form_option
@click.pass_obj
def hint(session: Session, exercise: str, every: bool, form: str) -> None:
    """Show the next hint, with those you have seen."""
    found = session.exercise(exercise)
    hints = course.hints(found)
    shown = len(hints) if every else min(session.progress.show_hint(found.id), len(hints))
    data = documents.document("hint", exercise=found.id, hints=list(hints[:shown]), of=len(hints))
    write(form, data, pages.hints_text(found, hints, shown, style()))


@click.command()
@click.argument("exercise")
@click.option("--yes", is_flag=True, help="Do not ask, even if you have not passed it.")
@form_option
@click.pass_obj
def solution(session: Session, exercise: str, yes: bool, form: str) -> None:
    """Show the course's solution; asks first unless you have passed."""
    found = session.exercise(exercise)
    if not yes and session.states().get(found.id) != "passed":
        click.confirm(f"You have not passed {found.id} yet. Show its solution?", abort=True, err=True)
    text = read_source(found.solution)[0]
    write(form, documents.document("solution", exercise=found.id, text=text), text.rstrip("\n"))


@click.command()
@click.argument("exercise")
@form_option
@click.pass_obj
def reset(session: Session, exercise: str, form: str) -> None:
    """Put the stub back; what you wrote is kept as a backup."""
    found = session.exercise(exercise)
    backup = session.workspace.reset(found.id)
    session.progress.restart(found.id)
    file = session.workspace.file(found.id)
    kept = f" What was there is kept in {backup}." if backup else ""
    data = documents.document("reset", exercise=found.id, file=str(file), backup=str(backup) if backup else None)
    write(form, data, f"{file} is the stub again.{kept}")


@click.command()
@form_option
@click.pass_obj
def stats(session: Session, form: str) -> None:
    """Show what you have put in: attempts, time, hints, and the mistakes that were recognised."""
    from tutor.core import effort

    progress = session.progress if session.existing else Progress(Path(":memory:"))  # nothing is made for it
    figures = effort.efforts(session.course, progress)
    quiz = effort.right_answers(session.course, session.answers())
    data = documents.document("stats", **effort.effort_fields(session.course, figures, quiz))
    write(form, data, fitted(effort.effort_text(session.course, figures, quiz, style())))


@click.command()
@method_option
@form_option
@click.pass_obj
def doctor(session: Session, method: Method, form: str) -> None:
    """Say what works on this machine, and what the sandbox does not enforce here."""
    from tutor.core.doctor import findings

    found = []
    for each in findings(session, method):
        found.append(each)
        if form == "text":
            click.echo(pages.finding_text(each.name, each.ok, each.text, style()))
    if form == "json":
        write_json(documents.document("doctor", findings=[vars(each) for each in found]))
    wrong = {each.name for each in found if not each.ok and not each.name.startswith("sandbox")}
    sys.exit(BROKEN if "grader" in wrong else USAGE if wrong else PASSED)


@click.command()
@form_option
def version(form: str) -> None:
    """Show the version."""
    number = metadata.version("tutor")
    write(form, documents.document("version", version=number), f"tutor {number}")
