"""The commands that grade: a learner's own files, and what others hand in."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import NoReturn

import click

from tutor import terminal
from tutor.core import batch, documents, render
from tutor.core import repro as scripts
from tutor.core.grading import Grader, GradingSettings, Method
from tutor.core.session import Session
from tutor.grade_options import Running, Wanted, output_options, running_options
from tutor.terminal import (
    BROKEN,
    NOT_PASSED,
    PASSED,
    cases_option,
    form_option,
    method_option,
    narrate,
    require_option,
    seed_option,
    style,
)


@click.command()
@click.argument("exercises", nargs=-1)
@click.option("--watch", is_flag=True, help="Grade again whenever a file is saved, until Ctrl-C.")
@click.option("--repro", is_flag=True, help="Write the smallest failing case as a script that you can run.")
@seed_option
@cases_option
@require_option
@method_option
@form_option
@click.pass_obj
def check(
    session: Session,
    exercises: tuple[str, ...],
    watch: bool,
    repro: bool,
    seed: int,
    cases: int,
    require: str,
    method: Method,
    form: str,
) -> None:
    """Grade your EXERCISES (ids, tracks or files; default: all of them)."""
    if watch and repro:
        raise click.UsageError("--repro goes with a single check. Leave out --watch.")
    settings = GradingSettings(seed=seed, cases=cases, require=require)
    ids = session.exercises(exercises)
    log = session.workspace.notes / "grader.log"
    with Grader(session.course, method=method, settings=settings, log=log) as grader:
        if watch:
            _watch(session, grader, ids, named=bool(exercises), form=form)
        else:
            results = _check(session, grader, ids, show=form == "text")
            if repro:
                _write_scripts(session, results)
            document = documents.grading_document(session.course, settings, results)
            terminal.write(form, document, render.summary(results))
            _finish(results)


@click.command()
@click.argument("submissions", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--exercise", "exercises", multiple=True, metavar="ID", help="Instead of the file's place.")
@click.option("--timeout", type=click.FloatRange(0.05), default=2.0, show_default=True, help="Seconds for one call.")
@seed_option
@cases_option
@require_option
@method_option
@running_options
@output_options
@click.pass_obj
def grade(
    session: Session,
    submissions: tuple[Path, ...],
    exercises: tuple[str, ...],
    timeout: float,
    seed: int,
    cases: int,
    require: str,
    method: Method,
    running: Running,
    wanted: Wanted,
) -> None:
    """Grade SUBMISSIONS of others: files, workspace folders, archives of either, folders of many, or @LIST files."""
    from tutor.core.graded import Graded
    from tutor.core.intake import entries
    from tutor.core.jobs import Work
    from tutor.core.journal import basis
    from tutor.grade_class import grade_class
    from tutor.grade_output import write

    ids = [session.exercise(each).id for each in exercises]
    policy = wanted.policy(session.course)
    settings = GradingSettings(
        seed=seed, cases=cases, call_seconds=timeout, require=require, lanes=1, shrink_seconds=60
    )  # a busy machine must not change what a student reads
    work = Work(session.course, list(entries(submissions, session.course, ids)), ids, policy.borrow)
    depends = basis(version("tutor"), session.course, policy.borrow, settings)
    results, complete = grade_class(work, running, depends, method, session.memory)
    write(Graded(session.course, settings, policy, results), wanted)
    _finish(results, complete=complete)


def _check(session: Session, grader: Grader, ids: Iterable[str], *, show: bool) -> list[batch.Result]:
    """Grades the learner's own files and keeps each report as an attempt."""
    results = []
    for result in session.attempts(grader, ids):
        results.append(result)
        if show:
            click.echo(render.result_text(result, style()) + "\n")
    return results


def _write_scripts(session: Session, results: Iterable[batch.Result]) -> None:
    """Writes the smallest failing case of each report as a script, and says where."""
    for report in (each.report for each in results if each.report and not each.passed):
        try:
            file = scripts.write(report, session.workspace)
        except OSError as error:
            narrate(f"No script was written ({error.strerror}). Make the workspace's .tutor folder writable.")
            continue
        if file:
            narrate(f"Wrote the failing case of {report.exercise}. Run it with: python {file}")
        else:
            narrate(f"No script for {report.exercise}: there is no failing case that can be written as one.")


def _watch(session: Session, grader: Grader, ids: tuple[str, ...], *, named: bool, form: str) -> None:
    """Grades what is saved until Ctrl-C; each round is one text or one line of JSON."""
    from watchfiles import watch

    from tutor.core.watching import Stamps, needs_polling

    folder = session.workspace.root / "exercises"
    polling = needs_polling(folder)
    wakes = watch(folder, debounce=200, step=20, rust_timeout=250, yield_on_timeout=True, force_polling=polling)
    stamps = Stamps({id: session.workspace.file(id) for id in ids})
    narrate(f"Watching {folder}: save a file to have it graded, press Ctrl-C to end.")
    with contextlib.suppress(KeyboardInterrupt):
        _check_round(session, grader, ids if named else (), form)
        for _ in wakes:
            _check_round(session, grader, stamps.changed(), form)


def _check_round(session: Session, grader: Grader, ids: Sequence[str], form: str) -> None:
    if ids:
        results = _check(session, grader, ids, show=form == "text")
        if form == "json":
            click.echo(json.dumps(documents.grading_document(session.course, grader.settings, results)))


def _finish(results: Sequence[batch.Result], *, complete: bool = True) -> NoReturn:
    """Ends with the exit code that the results make; a grading that was stopped has not passed."""
    if any(each.ours for each in results):
        sys.exit(BROKEN)
    sys.exit(PASSED if complete and all(each.passed for each in results) else NOT_PASSED)
