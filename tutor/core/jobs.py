"""Grading many hand-ins on several cores: each job has a grader process of its own, results come as they are ready.

The unit of work is a block of students. An exercise's cases are drawn once for a block, so blocks are large; the last
ones are small enough to keep all jobs busy to the end.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field

from tutor.core.batch import Known, Result, grade_handins
from tutor.core.borrowing import Borrow
from tutor.core.course import Course
from tutor.core.errors import GraderFailed
from tutor.core.grading import Grader
from tutor.core.handin import Handin
from tutor.core.intake import Entry, open_entry

LARGEST_BLOCK = 50
"""Students whose files are in memory at once, for each job."""


WAKE_SECONDS = 0.5
"""Where a waiting thread does not hear Ctrl-C, it hears it after so long."""


@dataclass(frozen=True)
class Work:
    """What is to be graded, and how."""

    course: Course
    entries: Sequence[Entry]
    ids: Sequence[str]
    borrow: Borrow

    def read(self, numbers: Sequence[int]) -> list[Handin]:
        """The hand-ins of some entries, in memory."""
        return [open_entry(self.entries[number], self.course, self.ids, self.borrow) for number in numbers]


def blocks(count: int, jobs: int) -> Iterator[range]:
    """Numbers 0 … count - 1 in blocks: a fraction of what is left for each, never more than the largest."""
    start = 0
    while start < count:
        size = max(1, min(LARGEST_BLOCK, (count - start) // (2 * jobs)))
        yield range(start, start + size)
        start += size


def grade_on_cores(
    work: Work, jobs: int, grader: Callable[[], Grader], known: Known
) -> Generator[tuple[int, Result], None, None]:
    """Results with the numbers of their entries, in the order in which they are ready.

    Whoever stops listening, by Ctrl-C too, ends the jobs.
    """
    todo, done = blocks(len(work.entries), jobs), _Done(queue.Queue())
    lock = threading.Lock()
    graders = [grader() for _ in range(min(jobs, max(1, len(work.entries))))]
    threads = [
        threading.Thread(target=_job, args=(work, each, todo, lock, known, done), daemon=True) for each in graders
    ]
    for each in threads:
        each.start()
    try:
        yield from done.until(len(threads))
    finally:
        done.stopped.set()
        for one in graders:
            one.close()
        for each in threads:
            each.join()


@dataclass
class _Done:
    """Where the jobs put their results."""

    results: queue.Queue[tuple[int, Result] | BaseException | None]
    stopped: threading.Event = field(default_factory=threading.Event)
    """Set once nobody listens: what a job finds after that is the stop's doing."""

    def until(self, jobs: int) -> Iterator[tuple[int, Result]]:
        """What comes, until so many jobs have ended. Raises what a job raised."""
        while jobs:
            try:
                found = self.results.get(timeout=WAKE_SECONDS)
            except queue.Empty:
                continue
            if isinstance(found, BaseException):
                raise found
            if found is None:
                jobs -= 1
            else:
                yield found


def _job(work: Work, grader: Grader, todo: Iterator[range], lock: threading.Lock, known: Known, done: _Done) -> None:
    """Grades block after block until there is none."""
    try:
        while not done.stopped.is_set():
            with lock:
                block = next(todo, None)
            if block is None:
                break
            for number, result in grade_handins(grader, work.course, work.read(block), work.borrow, known):
                if done.stopped.is_set():
                    return
                done.results.put((block[number], result))
    except GraderFailed as error:  # only a grader that was closed raises here: every other failure is a result
        if not done.stopped.is_set():
            done.results.put(error)
    except BaseException as error:  # noqa: BLE001  it belongs to the thread that listens
        done.results.put(error)
    finally:
        grader.close()
        done.results.put(None)
