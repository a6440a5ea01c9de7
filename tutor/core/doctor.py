"""What works on this machine and what does not: `tutor doctor`."""

from __future__ import annotations

import platform
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from tutor.core.batch import grade_one
from tutor.core.course import Course
from tutor.core.errors import TutorError
from tutor.core.grading import Grader, Method
from tutor.core.session import Session
from tutor.core.submission import make_submission, solution_source
from tutor.core.watching import needs_polling

_PACKAGES = ("torch", "numpy", "hypothesis", "textual", "watchfiles")
_LOW_DISK = 500_000_000


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    name: str
    """'python', 'workspace', 'grader', 'sandbox: landlock', …"""
    ok: bool
    text: str
    """What was found; where it is not ok, what to do."""


def findings(session: Session, method: Method = "auto") -> Iterator[Finding]:
    """Looks at the machine, the course, the workspace and the grader, and says what it finds as it goes."""
    yield Finding("tutor", True, f"version {metadata.version('tutor')}")
    yield Finding("python", True, f"{platform.python_version()} ({sys.executable}) on {platform.platform()}")
    for package in _PACKAGES:
        yield _package(package)
    try:
        course = session.course
    except TutorError as error:
        yield Finding("course", False, str(error))
        return
    yield Finding("course", True, f"{course.title}: {len(course.exercises)} exercises in {course.root}")
    yield from _workspace(session)
    yield from _grader(course, method)


def _package(name: str) -> Finding:
    try:
        return Finding(name, True, f"version {metadata.version(name)}")
    except metadata.PackageNotFoundError:
        return Finding(name, False, f"is not installed. `pip install {name}` puts that right.")


def _workspace(session: Session) -> Iterator[Finding]:
    try:
        workspace = session.existing
    except TutorError as error:
        yield Finding("workspace", False, str(error))
        return
    if workspace is None:
        yield Finding("workspace", True, "there is none yet; it is made on first use, and you are told where")
        return
    yield _writable(workspace.notes)
    how = "polling (this folder's file system announces no changes)" if needs_polling(workspace.root) else "announced"
    yield Finding("saved files", True, how)


def _writable(folder: Path) -> Finding:
    try:
        with tempfile.NamedTemporaryFile(dir=folder) as file:
            file.write(b"x")
    except OSError as error:
        text = f"{folder} cannot be written ({error.strerror}). Make it writable, or use another --workspace."
        return Finding("workspace", False, text)
    free = shutil.disk_usage(folder).free
    if free < _LOW_DISK:
        return Finding("workspace", False, f"{folder} has {free / 1e6:.0f} MB left. Make room on the disk.")
    return Finding("workspace", True, f"{folder.parent} ({free / 1e9:.0f} GB free)")


def _grader(course: Course, method: Method) -> Iterator[Finding]:
    """Grades the first solution, which shows whether the grader works and what surrounds the learner's code."""
    if not course.exercises:
        yield Finding("grader", False, "the course has no exercise to try it on. Add one.")
        return
    exercise = course.exercises[0]
    solution = solution_source(exercise)
    submission = make_submission(course, exercise, solution.path, solution.text, solution.sha256, lambda _: None)
    with Grader(course, method=method) as grader:
        result = grade_one(grader, submission)
    if result.report is None or not result.passed:
        reason = result.problem or f"the solution of {exercise.id} does not pass. Run `tutor course check`."
        yield Finding("grader", False, reason)
        return
    yield Finding("grader", True, f"works ({exercise.id} in {result.report.seconds:.2f} s)")
    for layer in result.report.layers:
        text = f"{'active' if layer.active else 'absent'}{f': {layer.reason}' if layer.reason else ''}"
        yield Finding(f"sandbox: {layer.name}", layer.active, text)
