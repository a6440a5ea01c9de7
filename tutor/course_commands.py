"""The commands of a course's authors."""

from __future__ import annotations

import contextlib
import os
import sys

import click

from tutor.core import documents
from tutor.core.grading import Grader, GradingSettings, Method
from tutor.core.session import Session
from tutor.terminal import Program, form_option, method_option, style, write


@click.group(cls=Program)
def course() -> None:
    """For authors: check a course, add an exercise to it."""


@course.command("check")
@click.argument("exercises", nargs=-1)
@click.option("--jobs", type=click.IntRange(1), default=os.cpu_count() or 1, help="Exercises looked at at once.")
@method_option
@form_option
@click.pass_obj
def course_check(session: Session, exercises: tuple[str, ...], jobs: int, method: Method, form: str) -> None:
    """Lint EXERCISES (default: all): stubs, solutions, mistakes, texts."""
    from tutor.authoring import linter, table

    findings: list[linter.Finding] = []
    settings = GradingSettings(shrink_seconds=0)  # nobody reads the counterexamples of hundreds of mistakes
    ids = session.exercises(exercises)
    with contextlib.ExitStack() as stack:
        graders = [
            stack.enter_context(Grader(session.course, method=method, settings=settings))
            for _ in range(max(1, min(jobs, len(ids))))
        ]
        for each in linter.lint(session.course, ids, *graders):
            findings.append(each)
            if form == "text":
                click.echo(table.finding_text(each, style()))
    problems = [] if exercises else linter.course_problems(session.course)
    data = documents.document("course-check", **table.to_json(findings, problems))
    write(form, data, table.summary_text(findings, problems))
    sys.exit(linter.exit_code(findings, problems))


@course.command("new")
@click.argument("exercise", metavar="TRACK/NAME")
@click.pass_obj
def course_new(session: Session, exercise: str) -> None:
    """Write the three files of a new exercise, whose comments are the manual, and name it in course.toml."""
    from tutor.authoring.scaffold import new_exercise

    for path in new_exercise(session.course_root, exercise):
        click.echo(path)
