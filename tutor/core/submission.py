"""What is handed to the grader: one learner's text, and the earlier exercises it imports.

Source       one file's text with the place and the hash it had when it was read
Submission   a source with its needs, each the learner's own or borrowed from the solutions
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tutor.core.course import Course, Exercise
from tutor.core.errors import CourseError, SubmissionError

MOST_BYTES = 1_000_000
"""A larger file is not an answer to any exercise."""


@dataclass(frozen=True)
class Source:
    """One exercise's text as it was read."""

    exercise: str
    """Its id."""
    path: str
    """Where it was read, for showing."""
    text: str
    sha256: str
    """Of the bytes on disk."""
    borrowed: bool = False
    """True if it is the course's solution, because the learner's own has not passed."""


@dataclass(frozen=True)
class Submission:
    """One learner's file as it is graded."""

    exercise: str
    """Id of the exercise that it answers."""
    path: str
    """Where it was read, as named by who asked."""
    text: str
    sha256: str
    """Of the bytes on disk."""
    needs: tuple[Source, ...]
    """All that it imports, directly or through another, in the order of the course."""


def read_source(path: Path) -> tuple[str, str]:
    """The text of a file and the SHA-256 of its bytes. Raises SubmissionError if it cannot be graded at all."""
    data = read_bytes(path)
    return decode_source(str(path), data), hashlib.sha256(data).hexdigest()


def decode_source(path: str, data: bytes) -> str:
    """The text in the bytes of a file of that name. Raises SubmissionError if it cannot be graded."""
    if len(data) > MOST_BYTES:
        raise SubmissionError(f"{path} is larger than 1 MB. Is it the right file?")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SubmissionError(f"{path} is not UTF-8 text (line {line}). Save it as UTF-8 and try again.") from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise SubmissionError(f"{path} has a zero byte in line {line}, so it is not Python. Remove it and try again.")
    return text


def read_bytes(path: Path) -> bytes:
    """The first bytes of a file, one more than it may have. Raises SubmissionError if it cannot be read."""
    try:
        kind = what_else(path)
        if kind:
            raise SubmissionError(f"{path} is a {kind}, not a file. Give a Python file.")
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except FileNotFoundError as error:
        raise SubmissionError(f"{path} does not exist. Check the name.") from error
    except (OSError, ValueError) as error:
        reason = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)
        raise SubmissionError(f"{path} cannot be read ({reason}). Check its permissions.") from error


def what_else(path: Path) -> str:
    """What lies there in place of a file, in words; '' if it is a file. Raises OSError."""
    mode = path.stat().st_mode
    return "" if stat.S_ISREG(mode) else "folder" if stat.S_ISDIR(mode) else "device or pipe"


def is_gone(path: Path) -> bool:
    """Whether there is no file at all; one that may not be looked at is there."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except (OSError, ValueError):
        return False
    return False


def make_submission(
    course: Course, exercise: Exercise, path: str, text: str, sha256: str, own: Callable[[Exercise], Source | None]
) -> Submission:
    """A submission with its needs: what `own` gives for an exercise, else the solution, marked as borrowed."""
    needs = tuple(own(each) or solution_source(each) for each in course.all_needs(exercise))
    return Submission(exercise.id, path, text, sha256, needs)


def solution_source(exercise: Exercise) -> Source:
    """The course's solution, as something to borrow."""
    try:
        text, sha256 = read_source(exercise.solution)
    except SubmissionError as error:
        raise CourseError(f"The solution of {exercise.id} cannot be borrowed: {error}") from error
    return Source(exercise.id, str(exercise.solution), text, sha256, borrowed=True)
