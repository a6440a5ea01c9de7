"""The journal of a grading: one line is on the disk before the next submission is begun, so that nothing is lost.

The first line says what is graded and how; each further line is one result. A line that was cut off, by a kill or a
full disk, is dropped when the journal is read again, and that submission is graded again.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

from tutor.core.batch import Result, result_from_json, same_needs
from tutor.core.borrowing import Borrow
from tutor.core.course import Course
from tutor.core.errors import RunError, SubmissionError
from tutor.core.grading import GradingSettings
from tutor.core.runlock import RunLock
from tutor.core.submission import Submission

FORMAT_VERSION = 1
Key = tuple[str, str, str]
"""Path of a submission, exercise, SHA-256 of the text."""


@dataclass(frozen=True)
class Basis:
    """What a result depends on beside the submission: results of another basis are not mixed with these."""

    version: str
    """Of the program."""
    course: str
    """Digest of all files of the course."""
    borrow: Borrow
    settings: GradingSettings

    def to_json(self) -> dict[str, Any]:
        """The first line of a journal."""
        return {"journal": FORMAT_VERSION, **asdict(self)}


def basis(version: str, course: Course, borrow: Borrow, settings: GradingSettings) -> Basis:
    """The basis of a grading that begins now."""
    return Basis(version, course_digest(course), borrow, settings)


def course_digest(course: Course) -> str:
    """SHA-256 over every exercise's stub, solution and reference, in order."""
    digest = hashlib.sha256()
    for each in course.exercises:
        for path in (each.stub, each.solution, each.reference):
            data = path.read_bytes() if path.exists() else b""
            digest.update(f"{each.id} {len(data)}\n".encode() + data)
    return digest.hexdigest()


class Journal:
    """Results that are kept as they come, and those that were kept before. They stay on the disk, not in memory."""

    def __init__(self, file: BinaryIO, places: dict[Key, int]) -> None:
        self._file = file
        self._places = places
        """Where in the file the results lie that need not be found again."""
        self._lock = threading.Lock()
        self.before = len(places)
        """How many of them were kept by an earlier run."""

    def known(self, submission: Submission) -> Result | None:
        """The result that was kept of the same text with the same earlier exercises. Safe in any thread."""
        result = self.kept(submission.path, submission.exercise, submission.sha256)
        return result if result and same_needs(result, submission) else None

    def kept(self, path: str, exercise: str, sha256: str) -> Result | None:
        """The result that was kept of a text, whatever it built on."""
        place = self._places.get((path, exercise, sha256))
        return None if place is None else self.read(place)

    def keep(self, result: Result) -> int:
        """Puts a result on the disk and returns its place; one that is there already is not written again."""
        line, key = json.dumps(result.to_json()).encode() + b"\n", _key(result)
        with self._lock:
            if key in self._places and self._line(self._places[key]) == line:
                return self._places[key]
            place = self._file.seek(0, os.SEEK_END)
            self._file.write(line)
            self._file.flush()
            os.fsync(self._file.fileno())
        if key:
            self._places[key] = place
        return place

    def read(self, place: int) -> Result:
        """The result at a place that `keep` returned."""
        with self._lock:
            line = self._line(place)
        return result_from_json(json.loads(line))

    def _line(self, place: int) -> bytes:
        self._file.seek(place)
        return self._file.readline()


@contextmanager
def journal(path: Path, basis: Basis, *, resume: bool) -> Iterator[Journal]:
    """Opens the journal at `path`, alone; with `resume` with what it holds, else empty, the old one put aside.

    Raises SubmissionError if it cannot be used.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with RunLock(path.with_name(f"{path.name}.lock")):
            places, size = _read(path, basis) if resume else ({}, 0)
            if not resume and path.exists() and path.stat().st_size:
                path.replace(path.with_name(f"{path.name}.old"))
            with path.open("r+b" if path.exists() else "w+b") as file:
                file.truncate(size)
                file.seek(size)
                if not size:
                    file.write(json.dumps(basis.to_json()).encode() + b"\n")
                yield Journal(file, places)
    except RunError as error:
        raise SubmissionError(
            f"Another tutor writes to {path} right now. Wait for it, or name another file with --journal."
        ) from error
    except OSError as error:
        raise SubmissionError(
            f"The journal {path} cannot be written ({error.strerror}). Name another file with --journal."
        ) from error


def _read(path: Path, basis: Basis) -> tuple[dict[Key, int], int]:
    """Where the results of a journal lie, and how many bytes of it are whole lines."""
    places, size = dict[Key, int](), 0
    if not path.exists():
        return places, size
    with path.open("rb") as file:
        for number, line in enumerate(file):
            data = _parsed(line)
            if data is None:
                break
            if number == 0:
                _demand_same(path, data, basis.to_json())
            elif key := _key(result_from_json(data)):
                places[key] = size
            size += len(line)
    return places, size


def _parsed(line: bytes) -> dict[str, Any] | None:
    """What a line holds; None if it was cut off."""
    if not line.endswith(b"\n"):
        return None
    try:
        data = json.loads(line)
    except ValueError:
        return None
    return data if isinstance(data, dict) else None


def _demand_same(path: Path, found: dict[str, Any], wanted: dict[str, Any]) -> None:
    if found.get("journal") != FORMAT_VERSION:
        raise SubmissionError(f"{path} is no journal of this version of tutor. Name another file with --journal.")
    settings = found["settings"], wanted["settings"]
    differing = [name for name in wanted if name != "settings" and found.get(name) != wanted[name]]
    differing += [name for name in settings[1] if settings[0].get(name) != settings[1][name]]
    if differing:
        raise SubmissionError(
            f"{path} is the journal of another grading: it differs in {', '.join(differing)}. Grade as it was begun, "
            "or leave --resume out to begin anew."
        )


def _key(result: Result) -> Key | None:
    """What a result is known by; None for one that is found anew: a file that is not gradable, a grader that broke."""
    if result.report is None or result.exercise is None:
        return None
    return (result.submission, result.exercise, result.report.sha256)
