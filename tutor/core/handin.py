"""What one student handed in, read into memory: which exercise each file answers, or why it cannot be graded.

File     one file, its text or the sentence why there is none
Handin   all files of one student, in the order of the course
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from tutor.core.borrowing import Borrow
from tutor.core.course import Course
from tutor.core.errors import SubmissionError
from tutor.core.submission import decode_source


@dataclass(frozen=True)
class File:
    """One file of a hand-in."""

    exercise: str | None
    """Id of the exercise that it answers; None where nobody knows."""
    path: str
    """Where it was read, for showing."""
    text: str = ""
    sha256: str = ""
    """Of its bytes; '' if it was not read."""
    problem: str = ""
    """Why it cannot be graded, with the remedy; else ''."""
    listed: bool = True
    """False for a file that was not asked for and is graded because others build on it."""


@dataclass(frozen=True)
class Handin:
    """All that one student handed in."""

    student: str
    """The folder's or file's name, untouched."""
    files: tuple[File, ...]

    def to_json(self) -> dict[str, Any]:
        """The hand-in as dictionaries, lists and strings."""
        return {"student": self.student, "files": [vars(each) for each in self.files]}


def handin_from_json(data: dict[str, Any]) -> Handin:
    """The hand-in that `to_json` wrote."""
    return Handin(data["student"], tuple(File(**each) for each in data["files"]))


def refused(student: str, path: str, problem: str, exercise: str | None = None) -> Handin:
    """A hand-in of which nothing can be graded."""
    return Handin(student, (File(exercise, path, problem=problem),))


def wanted_ids(course: Course, ids: Sequence[str], borrow: Borrow, present: Callable[[str], bool]) -> dict[str, bool]:
    """Which exercises of a hand-in are graded, in the order of the course, and whether each is listed.

    Those that were named, or all that are there; where no solution may be borrowed, also what the named ones need.
    """
    listed = [id for id in course.ids if id in ids] if ids else [id for id in course.ids if present(id)]
    needs = {need.id for id in listed for need in course.all_needs(course.exercise(id))} if borrow == "none" else set()
    return {id: id in listed for id in course.ids if id in listed or (id in needs and present(id))}


class Shelf(Protocol):
    """Where a student's files stand: a folder, an archive, a single file."""

    def has(self, id: str) -> bool:
        """Whether there is a file for the exercise."""

    def place(self, id: str) -> str:
        """Its path, for showing."""

    def read(self, id: str) -> bytes:
        """Its bytes. Raises SubmissionError if it is missing or cannot be read."""


def read_handin(course: Course, student: str, shelf: Shelf, ids: Sequence[str], borrow: Borrow) -> Handin:
    """All that is to be graded of what stands on a shelf. Raises SubmissionError if that is nothing."""
    wanted = wanted_ids(course, ids, borrow, shelf.has)
    if not wanted:
        raise SubmissionError(
            f"{student} holds no exercise of this course. Give a workspace, or a file with --exercise."
        )
    return Handin(student, tuple(_read(shelf, id, listed) for id, listed in wanted.items()))


def _read(shelf: Shelf, id: str, listed: bool) -> File:
    path = shelf.place(id)
    try:
        data = shelf.read(id)
        return File(id, path, decode_source(path, data), hashlib.sha256(data).hexdigest(), listed=listed)
    except SubmissionError as error:
        return File(id, path, problem=str(error), listed=listed)
