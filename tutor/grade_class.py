"""`tutor grade` at work: a journal on the disk, a bar on the terminal, jobs or a cluster behind them."""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

from tutor import terminal
from tutor.core.batch import Result
from tutor.core.errors import SubmissionError
from tutor.core.grading import Grader, GradingSettings, Method
from tutor.core.jobs import Work, grade_on_cores
from tutor.core.journal import Basis, Journal, journal
from tutor.grade_options import Running


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def grade_class(work: Work, running: Running, basis: Basis, method: Method, folder: Path) -> tuple[list[Result], bool]:
    """The results in the order of the submissions, and whether all are there: Ctrl-C ends with what is done.

    `folder` is where the program keeps its own notes.
    """
    path = running.journal or folder / "grades" / f"{_name(work, basis)}.jsonl"
    with contextlib.ExitStack() as stack:
        book = stack.enter_context(_opened(path, basis, running))
        if running.resume:
            terminal.narrate(
                f"Going on: {book.before} results are there already." if book.before
                else "There is no grading of these submissions to go on with: everything is graded."
            )  # fmt: skip
        places, complete = _graded(work, running, basis.settings, method, book)
        ids = [None, *work.course.ids]
        order = sorted(places, key=lambda each: (each[0], ids.index(each[1])))
        results = [book.read(place) for _, _, place in order]
    if complete and running.journal is None:
        for each in (path, path.with_name(f"{path.name}.lock")):
            each.unlink(missing_ok=True)
    if not complete:
        terminal.narrate(f"Stopped: {len(results)} results so far. To go on, give the same command with --resume.")
    return results, complete


def _name(work: Work, basis: Basis) -> str:
    """A file name that is the same for the same submissions, graded in the same way."""
    words = [str(each.path.absolute()) for each in work.entries]
    told = repr((str(work.course.root), words, list(work.ids), basis.to_json()))
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:20]


def _opened(path: Path, basis: Basis, running: Running) -> AbstractContextManager[Journal]:
    """The journal; where our own folder cannot be written, or is in use, one that lasts as long as this grading."""
    if running.journal is not None:
        return journal(path, basis, resume=running.resume)
    return _own(path, basis, running.resume)


@contextlib.contextmanager
def _own(path: Path, basis: Basis, resume: bool) -> Iterator[Journal]:
    with contextlib.ExitStack() as stack:
        try:
            book = stack.enter_context(journal(path, basis, resume=resume))
        except SubmissionError:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="tutor-"))
            book = stack.enter_context(journal(Path(folder) / "journal", basis, resume=False))
        yield book


def _graded(
    work: Work, running: Running, settings: GradingSettings, method: Method, book: Journal
) -> tuple[list[tuple[int, str | None, int]], bool]:
    """Entry, exercise and place in the journal of each result, and whether all are there."""
    places = []
    if running.dask:
        from tutor.cluster import grade_on_cluster

        found = grade_on_cluster(work, running.dask, settings, book)
    else:
        found = grade_on_cores(
            work, running.jobs or cores(), lambda: Grader(work.course, method=method, settings=settings), book.known
        )
    try:
        with contextlib.closing(found), _bar(work) as advance:
            for number, result in found:
                places.append((number, result.exercise, book.keep(result)))
                advance(number, result)
    except KeyboardInterrupt:
        return places, False
    return places, True


@contextlib.contextmanager
def _bar(work: Work) -> Iterator[Callable[[int, Result], None]]:
    """A bar with the time that is left, on stderr, if that is a terminal."""
    if not sys.stderr.isatty() or len(work.entries) < 2:
        yield lambda number, result: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    last = TextColumn("{task.fields[last]}", markup=False)
    columns = TextColumn("students"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), last
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task, seen = progress.add_task("", total=len(work.entries), last=""), set[int]()

        def advance(number: int, result: Result) -> None:
            seen.add(number)
            verdict = result.report.verdict if result.report else result.outcome
            progress.update(task, completed=len(seen), last=f"{result.exercise or ''} {verdict}")

        yield advance
