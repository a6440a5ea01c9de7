"""`tutor grade --dask ADDRESS`: the same unit of work as a job on this machine, handed to a Dask scheduler.

Files are read here and travel as plain data; a worker grades them with the tutor and the course that are installed
beside it, which must be the same as here. What a lost worker had not returned is graded again by another one; each
result is kept once, here.
"""

from __future__ import annotations

import threading
from collections.abc import Generator, Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tutor.core.batch import Result, grade_handins, result_from_json, same_needs
from tutor.core.borrowing import Borrow
from tutor.core.course import default_course_root, load_course
from tutor.core.errors import GraderFailed, TutorError
from tutor.core.grading import Grader, GradingSettings
from tutor.core.handin import Handin, handin_from_json
from tutor.core.jobs import Work, blocks
from tutor.core.journal import Journal, course_digest
from tutor.core.submission import Submission

CONNECT_SECONDS = 10
SCHEMES = ("tcp", "tls", "ws", "wss", "ucx")
"""How the address of a scheduler may begin."""


def grade_on_cluster(
    work: Work, address: str, settings: GradingSettings, book: Journal
) -> Generator[tuple[int, Result], None, None]:
    """Results with the numbers of their entries, as they come. Raises GraderFailed if the cluster cannot be used."""
    distributed = _distributed()
    scheme = address.partition("://")[0] if "://" in address else "tcp"
    if scheme not in SCHEMES:
        raise GraderFailed(f"No Dask scheduler answers at {address}: an address begins with {', '.join(SCHEMES)}.")
    root = None if work.course.root == default_course_root() else str(work.course.root)
    try:
        client = distributed.Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise GraderFailed(f"No Dask scheduler answers at {address} ({error}). Check the address.") from error
    with client:
        threads = _demand_same(client, root, _fingerprint(root))
        tasks = {}
        for block in blocks(len(work.entries), threads):
            handins = work.read(block)
            given = (root, asdict(settings), work.borrow, [each.to_json() for each in handins], _kept(handins, book))
            tasks[client.submit(_grade_block, *given, pure=False)] = (block, handins)
        for future in distributed.as_completed(list(tasks), loop=client.loop):
            block, handins = tasks.pop(future)
            try:
                found = [(number, result_from_json(data)) for number, data in future.result()]
            except Exception as error:  # noqa: BLE001  whatever ended the task, these submissions have no verdict
                found = [(n, each) for n, handin in enumerate(handins) for each in _broken(handin, error)]
            yield from ((block[number], result) for number, result in found)


def _distributed() -> Any:
    try:
        import distributed
    except ImportError as error:
        raise TutorError("--dask needs the extra `cluster`. Install it with: pip install 'tutor[cluster]'") from error
    return distributed


def _fingerprint(root: str | None) -> tuple[str, str]:
    """Version of tutor and digest of the course, where this runs."""
    course = load_course(Path(root) if root else default_course_root())
    return version("tutor"), course_digest(course)


def _demand_same(client: Any, root: str | None, ours: tuple[str, str]) -> int:
    """Refuse a cluster whose workers would grade otherwise; returns how many threads it has."""
    workers = client.scheduler_info(n_workers=-1)["workers"]
    if not workers:
        raise GraderFailed("The Dask scheduler has no workers. Start some with: dask worker ADDRESS")
    found = client.run(_fingerprint, root, on_error="return")
    for name, theirs in found.items():
        if isinstance(theirs, Exception):
            raise GraderFailed(f"The Dask worker {name} has no usable tutor or course ({theirs}). Install both there.")
        if tuple(theirs) != ours:
            what = "another version of tutor" if theirs[0] != ours[0] else "another version of the course"
            raise GraderFailed(f"The Dask worker {name} has {what}. Install the same one on all machines.")
    return sum(each["nthreads"] for each in workers.values())


def _kept(handins: Sequence[Handin], book: Journal) -> list[dict[str, Any]]:
    """The results that were kept before of any of the files."""
    files = [each for handin in handins for each in handin.files if each.exercise]
    found = [book.kept(each.path, each.exercise or "", each.sha256) for each in files]
    return [each.to_json() for each in found if each]


def _broken(handin: Handin, error: Exception) -> list[Result]:
    problem = f"The cluster gave no answer on this submission ({type(error).__name__}: {error}). Grade it again."
    listed = [each for each in handin.files if each.listed]
    return [Result(each.path, each.exercise, "broken", problem=problem, student=handin.student) for each in listed]


_here = threading.local()
"""On a worker: the grader of each thread, which stays warm from task to task."""


def _grade_block(
    root: str | None,
    settings: dict[str, Any],
    borrow: Borrow,
    handins: list[dict[str, Any]],
    kept: list[dict[str, Any]],
) -> list[tuple[int, dict[str, Any]]]:
    """Grades a block of hand-ins; runs on a worker."""
    results = [result_from_json(each) for each in kept]
    known = {(each.submission, each.exercise, each.report.sha256): each for each in results if each.report}

    def lookup(submission: Submission) -> Result | None:
        result = known.get((submission.path, submission.exercise, submission.sha256))
        return result if result and same_needs(result, submission) else None

    grader = _grader(root, GradingSettings(**settings))
    given = [handin_from_json(each) for each in handins]
    found = grade_handins(grader, grader.course, given, borrow, lookup)
    return [(number, result.to_json()) for number, result in found]


def _grader(root: str | None, settings: GradingSettings) -> Grader:
    key = (root, settings)
    if getattr(_here, "key", None) != key:
        if hasattr(_here, "grader"):
            _here.grader.close()
        _here.grader = Grader(load_course(Path(root) if root else default_course_root()), settings=settings)
        _here.key = key
    return _here.grader  # type: ignore[no-any-return]
