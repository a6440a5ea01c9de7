"""The command line: one function for each command, in the order a learner meets them.

Stdout is data, stderr is narration. Exit codes: 0 all passed, 1 something did not pass, 2 the command line, the
course or the workspace is wrong, 3 the grader itself failed.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any, TypeVar

import click

from tutor import train_commands
from tutor.core import batch, course, documents, pages, render
from tutor.core.errors import GraderFailed, TutorError, WorkspaceError
from tutor.core.grading import Grader, GradingSettings, Method
from tutor.core.session import Session
from tutor.core.submission import read_source

PASSED, NOT_PASSED, USAGE, BROKEN = 0, 1, 2, 3

_Command = TypeVar("_Command", bound=Callable[..., Any])


class _Told(click.ClickException):
    """One of our own errors, told as a sentence."""

    exit_code = USAGE


class _GraderTold(_Told):
    """The grader itself failed."""

    exit_code = BROKEN


class _Program(click.Group):
    """A group of commands whose errors are sentences, never tracebacks."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except TutorError as error:
            kind = _GraderTold if isinstance(error, GraderFailed) else _Told
            raise kind(render.clean(str(error))) from error

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)  # in the order of this file


def _forms(*forms: str, default: str = "text") -> Callable[[_Command], _Command]:
    return click.option("--format", "form", type=click.Choice(forms), default=default, show_default=True)


_form = _forms("text", "json")
_seed = click.option("--seed", type=int, default=0, show_default=True, help="Of the drawn cases.")
_cases = click.option("--cases", type=click.IntRange(1, 100_000), default=100, show_default=True, help="A property.")
_method = click.option("--workers", "method", type=click.Choice(["auto", "fork", "spawn"]), default="auto", hidden=True)


@click.group(cls=_Program, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--course", "course_root", type=click.Path(path_type=Path), help="A folder with another course.")
@click.option("--workspace", type=click.Path(path_type=Path), envvar="TUTOR_WORKSPACE", help="Your folder.")
@click.pass_context
def main(ctx: click.Context, course_root: Path | None, workspace: Path | None) -> None:
    """From a slope to a GPT that you wrote, graded, trained and sampled yourself.

    Without a command: the tutor on the whole screen.
    """
    import platformdirs

    ctx.obj = Session(course_root, workspace, memory=platformdirs.user_state_path("tutor"), narrate=_narrate)
    if ctx.invoked_subcommand is None:
        from tutor.tui.app import run_tui

        run_tui(ctx.obj.course, ctx.obj.workspace)


@main.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), required=False)
@_form
@click.pass_obj
def init(session: Session, folder: Path | None, form: str) -> None:
    """Make FOLDER (default: the current one) a workspace; no file of yours is overwritten."""
    workspace = session.init(folder or Path.cwd())
    _write(form, documents.document("workspace", workspace=str(workspace.root)), str(workspace.root))


@main.command("list")
@_form
@click.pass_obj
def list_(session: Session, form: str) -> None:
    """Show tracks, exercises and your progress."""
    states, workspace = session.states(), session.existing
    data = documents.list_document(session.course, states, workspace.root if workspace else None)
    _write(form, data, pages.list_text(session.course, states, _style()))


@main.command()
@click.argument("exercise")
@_form
@click.pass_obj
def show(session: Session, exercise: str, form: str) -> None:
    """Show the lesson of an exercise and where your file is."""
    found = session.exercise(exercise)
    file = session.existing.file(found.id) if session.existing else None
    data = documents.exercise_document(found, session.states().get(found.id, "new"), file)
    _write(form, data, pages.exercise_text(found, file, _style()))


@main.command()
@click.argument("exercises", nargs=-1)
@click.option("--watch", is_flag=True, help="Grade again whenever a file is saved, until Ctrl-C.")
@_seed
@_cases
@_method
@_form
@click.pass_obj
def check(
    session: Session, exercises: tuple[str, ...], watch: bool, seed: int, cases: int, method: Method, form: str
) -> None:
    """Grade your EXERCISES (ids, tracks or files; default: all of them)."""
    settings = GradingSettings(seed=seed, cases=cases)
    ids = session.exercises(exercises)
    log = session.workspace.notes / "grader.log"
    with Grader(session.course, method=method, settings=settings, log=log) as grader:
        if watch:
            _watch(session, grader, ids, named=bool(exercises), form=form)
        else:
            results = _check(session, grader, ids, show=form == "text")
            _finish(session, settings, results, form, render.summary(results))


@main.command()
@click.argument("exercise")
@click.option("--all", "every", is_flag=True, help="All hints at once.")
@_form
@click.pass_obj
def hint(session: Session, exercise: str, every: bool, form: str) -> None:
    """Show the next hint, with those you have seen."""
    found = session.exercise(exercise)
    hints = course.hints(found)
    shown = len(hints) if every else min(session.progress.show_hint(found.id), len(hints))
    data = documents.document("hint", exercise=found.id, hints=list(hints[:shown]), of=len(hints))
    _write(form, data, pages.hints_text(found, hints, shown, _style()))


@main.command()
@click.argument("exercise")
@click.option("--yes", is_flag=True, help="Do not ask, even if you have not passed it.")
@_form
@click.pass_obj
def solution(session: Session, exercise: str, yes: bool, form: str) -> None:
    """Show the course's solution; asks first unless you have passed."""
    found = session.exercise(exercise)
    if not yes and session.states().get(found.id) != "passed":
        click.confirm(f"You have not passed {found.id} yet. Show its solution?", abort=True, err=True)
    text = read_source(found.solution)[0]
    _write(form, documents.document("solution", exercise=found.id, text=text), text.rstrip("\n"))


@main.command()
@click.argument("exercise")
@_form
@click.pass_obj
def reset(session: Session, exercise: str, form: str) -> None:
    """Put the stub back; what you wrote is kept as a backup."""
    found = session.exercise(exercise)
    backup = session.workspace.reset(found.id)
    session.progress.restart(found.id)
    file = session.workspace.file(found.id)
    kept = f" What was there is kept in {backup}." if backup else ""
    data = documents.document("reset", exercise=found.id, file=str(file), backup=str(backup) if backup else None)
    _write(form, data, f"{file} is the stub again.{kept}")


@main.command()
@click.argument("submissions", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--exercise", "exercises", multiple=True, metavar="ID", help="Instead of the file's place.")
@click.option("--timeout", type=click.FloatRange(0.05), default=2.0, show_default=True, help="Seconds for one call.")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="Write the results to this file.")
@_seed
@_cases
@_method
@_forms("table", "text", "json", default="table")
@click.pass_obj
def grade(
    session: Session,
    submissions: tuple[Path, ...],
    exercises: tuple[str, ...],
    timeout: float,
    output: Path | None,
    seed: int,
    cases: int,
    method: Method,
    form: str,
) -> None:
    """Grade SUBMISSIONS of others: files (…/<track>/<exercise>.py) and workspace folders."""
    ids = [session.exercise(each).id for each in exercises]
    settings = GradingSettings(seed=seed, cases=cases, call_seconds=timeout)
    results: list[batch.Result] = []
    with Grader(session.course, method=method, settings=settings) as grader:
        for result in batch.grade_paths(grader, session.course, submissions, ids):
            results.append(result)
            if sys.stderr.isatty():
                _narrate(f"{result.submission}: {result.report.verdict if result.report else result.outcome}")
    style = _style(to_file=output is not None)
    view = render.results_table if form == "table" else render.results_text
    _finish(session, settings, results, form, f"{view(results, style)}\n{render.summary(results)}", output)


@main.command()
@_method
@_form
@click.pass_obj
def doctor(session: Session, method: Method, form: str) -> None:
    """Say what works on this machine, and what the sandbox does not enforce here."""
    from tutor.core.doctor import findings

    found = []
    for each in findings(session, method):
        found.append(each)
        if form == "text":
            click.echo(pages.finding_text(each.name, each.ok, each.text, _style()))
    if form == "json":
        _write_json(documents.document("doctor", findings=[vars(each) for each in found]))
    works = all(each.ok for each in found if not each.name.startswith("sandbox"))
    sys.exit(PASSED if works else BROKEN)


@main.group("course", cls=_Program)
def course_group() -> None:
    """For authors: check a course, add an exercise to it."""


@course_group.command("check")
@click.argument("exercises", nargs=-1)
@_method
@_form
@click.pass_obj
def course_check(session: Session, exercises: tuple[str, ...], method: Method, form: str) -> None:
    """Lint EXERCISES (default: all): stubs, solutions, mistakes, texts."""
    from tutor.authoring import linter, table

    findings: list[linter.Finding] = []
    with Grader(session.course, method=method) as grader:
        for each in linter.lint(session.course, session.exercises(exercises), grader):
            findings.append(each)
            if form == "text":
                click.echo(table.finding_text(each, _style()))
    problems = [] if exercises else linter.strays(session.course)
    data = documents.document("course-check", **table.to_json(findings, problems))
    _write(form, data, table.summary_text(findings, problems))
    sys.exit(linter.exit_code(findings, problems))


@course_group.command("new")
@click.argument("exercise", metavar="TRACK/NAME")
@click.pass_obj
def course_new(session: Session, exercise: str) -> None:
    """Write the three files of a new exercise, whose comments are the manual, and name it in course.toml."""
    from tutor.authoring.scaffold import new_exercise

    for path in new_exercise(session.course_root, exercise):
        click.echo(path)


for each in (train_commands.train, train_commands.sample, train_commands.runs, train_commands.data):
    main.add_command(each)


@main.command()
@_form
def version(form: str) -> None:
    """Show the version."""
    number = metadata.version("tutor")
    _write(form, documents.document("version", version=number), f"tutor {number}")


def _check(session: Session, grader: Grader, ids: Iterable[str], *, show: bool) -> list[batch.Result]:
    """Grades the learner's own files and keeps each report as an attempt."""
    results = []
    for result in batch.grade_workspace(grader, session.workspace, ids, session.progress):
        results.append(result)
        if show:
            click.echo(render.result_text(result, _style()) + "\n")
        try:
            if result.report:
                session.progress.record(result.report)
        except WorkspaceError as error:
            _narrate(str(error))
    return results


def _watch(session: Session, grader: Grader, ids: tuple[str, ...], *, named: bool, form: str) -> None:
    """Grades what is saved until Ctrl-C; each round is one text or one line of JSON."""
    from watchfiles import watch

    from tutor.core.watching import Stamps, needs_polling

    folder = session.workspace.root / "exercises"
    polling = needs_polling(folder)
    wakes = watch(folder, debounce=200, step=20, rust_timeout=250, yield_on_timeout=True, force_polling=polling)
    stamps = Stamps({id: session.workspace.file(id) for id in ids})
    _narrate(f"Watching {folder}: save a file to have it graded, press Ctrl-C to end.")
    with contextlib.suppress(KeyboardInterrupt):
        _check_round(session, grader, ids if named else (), form)
        for _ in wakes:
            _check_round(session, grader, stamps.changed(), form)


def _check_round(session: Session, grader: Grader, ids: Sequence[str], form: str) -> None:
    if ids:
        results = _check(session, grader, ids, show=form == "text")
        if form == "json":
            click.echo(json.dumps(documents.grading_document(session.course, grader.settings, results)))


def _finish(
    session: Session,
    settings: GradingSettings,
    results: list[batch.Result],
    form: str,
    text: str,
    output: Path | None = None,
) -> None:
    """Writes the results, as JSON or as that text, and ends with the exit code that they make."""
    if form == "json":
        text = json.dumps(documents.grading_document(session.course, settings, results), indent=2)
    if output:
        output.write_text(text + "\n", encoding="utf-8")
    else:
        click.echo(text)
    if any(each.ours for each in results):
        sys.exit(BROKEN)
    sys.exit(PASSED if all(each.passed for each in results) else NOT_PASSED)


def _write(form: str, data: dict[str, Any], text: str) -> None:
    if form == "json":
        _write_json(data)
    else:
        click.echo(text)


def _write_json(data: dict[str, Any]) -> None:
    click.echo(json.dumps(data, indent=2))


def _narrate(text: str) -> None:
    click.echo(render.clean(text), err=True)


def _style(*, to_file: bool = False) -> render.Style:
    return render.Style(colour=sys.stdout.isatty() and not to_file and not os.environ.get("NO_COLOR"))
