"""What `tutor grade` is to write: in which format, where to, and by which policy of points."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from tutor.core.borrowing import BORROW, Borrow
from tutor.core.course import Course
from tutor.core.scoring import CREDIT, Credit, Policy, course_policy
from tutor.core.weights import read_weights

FORMS = ("table", "text", "json", "junit", "csv", "gradescope", "markdown", "github")
_WITH_STATS = ("table", "text", "json")
ENDINGS = {"gradescope": ".json", "markdown": ".md"}
"""Formats that are about one student, and how their files end."""


@dataclass(frozen=True)
class Wanted:
    """What the command line asks for."""

    form: str
    output: Path | None
    stats: bool
    borrow: Borrow
    credit: Credit
    weights: Path | None

    def __post_init__(self) -> None:
        """Refuses what cannot be written, before anything is graded."""
        if self.stats and self.form not in _WITH_STATS:
            raise click.UsageError(f"--stats goes with --format {', '.join(_WITH_STATS)}. Leave one of the two out.")
        if self.output and self.form == "markdown" and self.output.is_file():
            raise click.UsageError(f"{self.output} is a file, and feedback goes to a folder. Name another --output.")
        if self.output and self.form not in ENDINGS and self.output.is_dir():
            raise click.UsageError(f"{self.output} is a folder, and --format {self.form} is one file. Name a file.")

    def policy(self, course: Course) -> Policy:
        """How points are given and what is borrowed. Raises CourseError if the weights cannot be used."""
        policy = course_policy(course, self.borrow, self.credit)
        if self.weights is None:
            return policy
        return replace(policy, weights=read_weights(self.weights, course.ids), weights_from=self.weights.name)

    @property
    def folder(self) -> Path | None:
        """Where a file for each student goes; None if all goes to one place."""
        if self.output is None or self.form not in ENDINGS:
            return None
        return self.output if self.form == "markdown" or self.output.is_dir() or not self.output.suffix else None


@dataclass(frozen=True)
class Running:
    """How a class is graded, apart from what decides the verdicts."""

    jobs: int | None
    """Graders at work at once; None for one a core."""
    journal: Path | None
    """Where results are kept on the way; None for a file of our own that is removed at the end."""
    resume: bool
    dask: str | None
    """Address of a Dask scheduler, instead of jobs on this machine."""


def running_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options about how a class is graded; the command gets them as one, `running`."""

    @click.option("--jobs", type=click.IntRange(1, 256), help="Graders at work at once.  [default: one a core]")
    @click.option(
        "--journal",
        type=click.Path(path_type=Path, dir_okay=False),
        help="Keep each result in this file as soon as it is there.",
    )
    @click.option("--resume", is_flag=True, help="Go on with a grading that was stopped or killed.")
    @click.option("--dask", metavar="ADDRESS", help="Hand the work to this Dask scheduler (extra: cluster).")
    @functools.wraps(command)
    def wrapped(*args: Any, jobs: int | None, journal: Path | None, resume: bool, dask: str | None, **rest: Any) -> Any:
        return command(*args, running=Running(jobs, journal, resume, dask), **rest)

    return wrapped


def output_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say what is written; the command gets them as one, `wanted`."""

    @click.option("--format", "form", type=click.Choice(FORMS), default="table", show_default=True)
    @click.option(
        "--output", type=click.Path(path_type=Path), help="Write to this file; markdown, gradescope: or folder."
    )
    @click.option("--stats", is_flag=True, help="Also tell how the class did, and which submissions are alike.")
    @click.option(
        "--borrow",
        type=click.Choice(BORROW),
        default=BORROW[0],
        show_default=True,
        help="Earlier exercises: their own where passed, else the solution; only their own; only solutions.",
    )
    @click.option(
        "--credit",
        type=click.Choice(CREDIT),
        default=CREDIT[0],
        show_default=True,
        help="What earns points: each property that holds, or only the whole exercise.",
    )
    @click.option("--weights", type=click.Path(path_type=Path), help='A TOML file of lines like "track/name" = 2.')
    @functools.wraps(command)
    def wrapped(
        *args: Any,
        form: str,
        output: Path | None,
        stats: bool,
        borrow: Borrow,
        credit: Credit,
        weights: Path | None,
        **rest: Any,
    ) -> Any:
        return command(*args, wanted=Wanted(form, output, stats, borrow, credit, weights), **rest)

    return wrapped
