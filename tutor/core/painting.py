"""A picture computed: a process of its own runs the code, and says in JSON lines how far it is.

    order ──stdin──> python -m tutor.pictures ──stdout──> Progress … Painted | Failed

Learner code runs in it, so nothing it says is trusted, its output is capped, and it is killed when its time is up.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Literal

from tutor.core.errors import PictureError, UnknownExercise
from tutor.core.gallery import Subject
from tutor.core.launch import part_sources, spoken_to
from tutor.core.picture import Picture, picture_from
from tutor.core.render import clean
from tutor.core.runs import list_runs
from tutor.core.submission import Source
from tutor.core.workspace import Passed, Workspace

SECONDS, SILENT = 300.0, 90.0
"""After which a picture counts as not coming: in all, and without a word (loading PyTorch is the longest silence)."""
MOST_CHARACTERS = 8_000_000
"""Of one line."""


@dataclass(frozen=True)
class Order:
    """What to compute, from which code."""

    subject: str
    on: str
    sources: tuple[Source, ...]
    run: str | None = None
    """The folder of the latest training that has a checkpoint."""

    def to_json(self) -> str:
        """For the process's stdin."""
        sources = [[each.exercise, each.path, each.text, each.borrowed] for each in self.sources]
        fields = {"picture": self.subject, "on": self.on, "sources": sources, "run": self.run}
        return json.dumps(fields)


def whose_code(own: Sequence[str], borrowed: Sequence[str]) -> str:
    """Whose code computed a picture, in a sentence."""
    if not own and not borrowed:
        return "Computed by the tutor's own network: as it was asked for, no exercise has a part in it."
    if not own:
        return f"Computed by the course's solutions: {', '.join(borrowed)}. Yours take over as they pass."
    if not borrowed:
        return f"Computed by your code: {', '.join(own)}."
    return f"Computed by your {', '.join(own)}, and by the course's solutions of {', '.join(borrowed)}."


@dataclass(frozen=True)
class Progress:
    """It goes on."""

    text: str


@dataclass(frozen=True)
class Painted:
    """The last word: it is there."""

    picture: Picture


@dataclass(frozen=True)
class Failed:
    """The last word: there will be none."""

    message: str
    why: Literal["order", "code", "broken"]
    """What was asked for makes no sense, the code that computes it raised, or the process itself broke."""


Event = Progress | Painted | Failed


def prepare(workspace: Workspace, progress: Passed, subject: Subject, on: str | None = None) -> Order:
    """What to compute that subject from. Raises PictureError where this course has no such exercises."""
    try:
        sources = part_sources(workspace, progress, subject.parts)
    except UnknownExercise as error:
        raise PictureError(
            f"{workspace.course.title} has no exercise {subject.parts[0]}, so it has no picture {subject.name!r}."
        ) from error
    trained = [each for each in list_runs(workspace.root) if each.checkpoint.exists()]
    return Order(subject.name, subject.on if on is None else on, sources, str(trained[0].path) if trained else None)


class Painting:
    """One start of the process; `events` may be read in a thread, and `cancel` called from another."""

    def __init__(
        self, order: Order, *, seconds: float = SECONDS, silent: float = SILENT, command: Sequence[str] = ()
    ) -> None:
        self._order, self._seconds, self._silent = order, seconds, silent
        self._command = list(command) or [sys.executable, "-P", "-m", "tutor.pictures"]
        self._process: subprocess.Popen[str] | None = None
        self._lock = threading.Lock()
        self._cancelled = False
        self._late = ""
        """Why it was ended, '' if it was not."""

    def cancel(self) -> None:
        """Ends it; what is still read from it is Failed."""
        with self._lock:
            self._cancelled = True
            self._kill()

    def events(self) -> Iterator[Event]:
        """What the process says; the last one is Painted or Failed."""
        try:
            with self._lock:
                if self._cancelled:
                    return
                process = self._process = spoken_to(self._command)
        except OSError as error:
            yield Failed(f"The drawing process cannot be started ({error.strerror}). Try again.", "broken")
            return
        whole = self._timer(self._seconds, f"It took longer than {self._seconds:.0f} s and was stopped.")
        try:
            yield from self._read(process)
        finally:
            whole.cancel()
            self._kill()
            process.wait()
            self._close(process)

    def _read(self, process: subprocess.Popen[str]) -> Iterator[Event]:
        assert process.stdin and process.stdout
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(self._order.to_json() + "\n")
            process.stdin.close()
        events = _events(process.stdout)
        while True:
            quiet = self._timer(self._silent, f"It said nothing for {self._silent:.0f} s and was stopped.")
            event = next(events, None)
            quiet.cancel()
            yield event or self._ended(process)
            if not isinstance(event, Progress):
                return

    def _ended(self, process: subprocess.Popen[str]) -> Failed:
        if self._late:
            return Failed(f"{self._late} Ask for something smaller, or see whether your code comes to an end.", "code")
        code = process.wait()
        how = f"exit code {code}" if code >= 0 else f"killed by signal {-code}"
        return Failed(f"The drawing process ended without a picture ({how}). Try again.", "broken")

    def _timer(self, seconds: float, why: str) -> threading.Timer:
        timer = threading.Timer(seconds, self._too_late, (why,))
        timer.daemon = True
        timer.start()
        return timer

    def _too_late(self, why: str) -> None:
        self._late = why
        self._kill()

    def _kill(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.kill()

    @staticmethod
    def _close(process: subprocess.Popen[str]) -> None:
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()


def _events(lines: IO[str]) -> Iterator[Event]:
    while line := lines.readline(MOST_CHARACTERS):
        try:
            yield _event(json.loads(line))
        except PictureError as error:
            yield Failed(str(error), "broken")
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            yield Failed(f"The drawing process said something that cannot be read ({error}). Try again.", "broken")


def _event(data: dict[str, object]) -> Event:
    if data["event"] == "picture":
        return Painted(picture_from(data["picture"]))
    if data["event"] == "failed":
        why = data["why"]
        return Failed(clean(str(data["message"])), why if why in ("order", "code") else "broken")
    return Progress(clean(str(data["text"])))
