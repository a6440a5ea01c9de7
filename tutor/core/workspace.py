"""The learner's folder: their files mirror the course's, our own notes lie in `.tutor/`.

<workspace>/exercises/attention/softmax.py     the learner's, never overwritten
<workspace>/.tutor/workspace.toml              the marker, with the format's version
<workspace>/.tutor/progress.sqlite3            what has passed (core/progress.py)
<workspace>/.tutor/backups/                    what `reset` took away, and what lost where two programs edited one file
<workspace>/runs/                              trainings
"""

from __future__ import annotations

import json
import os
import time
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from tutor.core.atomic import write_atomically
from tutor.core.course import Course, Exercise, default_course_root
from tutor.core.errors import CourseError, SubmissionError, WorkspaceError
from tutor.core.submission import Source, Submission, is_gone, make_submission, read_source, what_else

FORMAT_VERSION = 1
"""Version of the shape of a workspace."""


class Passed(Protocol):
    """Anything that knows which texts have passed, such as `Progress`."""

    def passed_sha(self, id: str, sha256: str) -> bool:
        """Whether the text with that hash has passed that exercise."""


@dataclass(frozen=True)
class Workspace:
    """One learner's folder for one course."""

    root: Path
    course: Course

    @classmethod
    def open(cls, root: Path, course: Course) -> Workspace:
        """The workspace in a folder. Raises WorkspaceError if there is none or it is of another version."""
        root = root.expanduser().resolve()
        _check_marker(root)
        return cls(root, course)

    @property
    def notes(self) -> Path:
        """The folder of what tutor keeps: progress, backups, runs, logs."""
        return self.root / ".tutor"

    @property
    def progress_path(self) -> Path:
        """Where progress is kept."""
        return self.notes / "progress.sqlite3"

    def file(self, id: str) -> Path:
        """The learner's file of an exercise; it need not exist. Raises UnknownExercise."""
        return _place(self.root, self.course.exercise(id))

    def id_of(self, path: Path) -> str | None:
        """The exercise whose file that is, None if it is no exercise's."""
        path = path.resolve()
        return next((each.id for each in self.course.exercises if _place(self.root, each).resolve() == path), None)

    def read(self, id: str) -> str:
        """The learner's text. Raises SubmissionError if it is missing or not text."""
        return self._source(self.course.exercise(id)).text

    def write(self, id: str, text: str) -> None:
        """Saves the learner's text whole or not at all. Raises WorkspaceError; the old file then stays."""
        path = self.file(id)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, text)
        except OSError as error:
            raise WorkspaceError(f"{path} was not saved ({error.strerror}); {_REMEDY}") from error

    def reset(self, id: str) -> Path | None:
        """Puts the stub back; what was there is kept in the backup whose path is returned (None if nothing was)."""
        exercise = self.course.exercise(id)
        backup = self.back_up(id)
        self.write(id, _stub(exercise))
        return backup

    def submission(self, id: str, progress: Passed) -> Submission:
        """The exercise's file with its needs: own ones whose present text has passed, else the solutions."""
        exercise = self.course.exercise(id)
        source = self._source(exercise)

        def own(need: Exercise) -> Source | None:
            try:
                found = self._source(need)
            except SubmissionError:
                return None
            return found if progress.passed_sha(need.id, found.sha256) else None

        return make_submission(self.course, exercise, source.path, source.text, source.sha256, own)

    def mark(self) -> None:
        """Makes the folder known as a workspace again, where it was deleted; no file of the learner's is made.

        Raises WorkspaceError.
        """
        try:
            _create(_marker(self.root), _marker_text(self.course), [])
        except OSError as error:
            raise WorkspaceError(
                f"{self.root} cannot be made again ({error.strerror}). Make room or make the folder above it writable."
            ) from error

    def _source(self, exercise: Exercise) -> Source:
        path = _place(self.root, exercise)
        if is_gone(path):
            raise SubmissionError(f"{path} does not exist. `tutor reset {exercise.id}` puts its stub back.")
        text, sha256 = read_source(path)
        return Source(exercise.id, str(path), text, sha256)

    def back_up(self, id: str) -> Path | None:
        """Copies the learner's file as it is on disk to the backups; None if there is no file."""
        path = self.file(id)
        if is_gone(path):
            return None
        try:
            kind = what_else(path)
            if kind:  # to read a pipe would wait for ever
                raise WorkspaceError(f"{path} is a {kind}, not a file. {_NOTHING_YET} Move it away, then try again.")
            data = path.read_bytes()
        except OSError as error:
            raise WorkspaceError(
                f"{path} was not backed up: it cannot be read ({error.strerror}). {_NOTHING}"
            ) from error
        return self._keep(id, data)

    def keep(self, id: str, text: str) -> Path:
        """Puts a text of the learner's that will not go into their file among the backups."""
        return self._keep(id, text.encode("utf-8", "replace"))

    def _keep(self, id: str, data: bytes) -> Path:
        folder = self.notes / "backups"
        stamp = time.strftime("%Y%m%d-%H%M%S")
        backup = folder / f"{id.replace('/', '.')}.{stamp}.{time.time_ns() % 10**6:06}.py"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            backup.write_bytes(data)
        except OSError as error:
            raise WorkspaceError(f"No backup could be written to {folder} ({error.strerror}). {_NOTHING}") from error
        return backup


def find_workspace(start: Path) -> Path | None:
    """The nearest folder at or above `start` that is a workspace."""
    start = start.expanduser().resolve()
    return next((each for each in (start, *start.parents) if _marker(each).is_file()), None)


def init_workspace(root: Path, course: Course) -> list[Path]:
    """Makes a folder a workspace and adds each stub whose file is not there yet; returns the files it made.

    Nothing that exists is ever overwritten.
    """
    root = root.expanduser().resolve()
    created: list[Path] = []
    try:
        if _marker(root).exists():
            _check_marker(root)
        else:
            _create(_marker(root), _marker_text(course), created)
        for exercise in course.exercises:
            _create(_place(root, exercise), _stub(exercise), created)
    except OSError as error:
        raise WorkspaceError(
            f"{root} cannot be made a workspace ({error.strerror}): {error.filename}. Choose another folder."
        ) from error
    return created


def _create(path: Path, text: str, created: list[Path]) -> None:
    if os.path.lexists(path):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, text)
    created.append(path)


def course_of(root: Path) -> Path | None:
    """The course that the workspace was made for; None where that is the one that comes with the program."""
    data = _check_marker(root)
    return Path(data["course"]) if isinstance(data.get("course"), str) else None


def _marker_text(course: Course) -> str:
    own = "" if course.root == default_course_root() else f"course = {json.dumps(str(course.root))}\n"
    return MARKER.format(version=FORMAT_VERSION, course=own)


def _marker(root: Path) -> Path:
    return root / ".tutor" / "workspace.toml"


def _check_marker(root: Path) -> dict[str, Any]:
    marker = _marker(root)
    try:
        data = tomllib.loads(marker.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise WorkspaceError(f"{root} is not a workspace. `tutor init {root}` makes it one.") from error
    except (OSError, ValueError) as error:
        raise WorkspaceError(f"{marker} cannot be read ({error}). Delete it and run `tutor init {root}`.") from error
    version = data.get("format_version")
    if not isinstance(version, int) or version < 1:
        raise WorkspaceError(f"{marker} does not say its format. Delete it and run `tutor init {root}`.")
    if version > FORMAT_VERSION:
        raise WorkspaceError(
            f"{root} was made by a newer tutor (format {version}; this one reads {FORMAT_VERSION}). Update tutor."
        )
    return data


def _place(root: Path, exercise: Exercise) -> Path:
    return root / "exercises" / exercise.track / f"{exercise.name}.py"


def _stub(exercise: Exercise) -> str:
    try:
        return exercise.stub.read_text(encoding="utf-8")
    except OSError as error:
        raise CourseError(f"{exercise.stub} cannot be read ({error.strerror}). Reinstall the course.") from error


_NOTHING_YET = "Nothing was changed."
_NOTHING = f"{_NOTHING_YET} Make room or make the folder writable, then try again."

_REMEDY = "the old text is still there. Make room or make the folder writable, then save again."

MARKER = """\
# This folder is a tutor workspace: your answers lie in exercises/, what tutor remembers in .tutor/.
format_version = {version}
{course}"""
