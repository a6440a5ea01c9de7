"""The two threads beside the screens. Both only post messages; what they mean is decided where widgets live.

listen       says what the grader says
FileWatch    says that a file changed, whoever changed it
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

from textual.message import Message
from textual.message_pump import MessagePump

from tutor.core.events import Event
from tutor.core.grading import Grader
from tutor.core.watching import needs_polling

LOOK_SECONDS = 1.0
"""Between two looks at the file, for what no notification told of: network mounts, links, replaced folders."""


class GraderSaid(Message, bubble=False):
    """The grader said something."""

    def __init__(self, event: Event) -> None:
        super().__init__()
        self.event = event


class FileChanged(Message, bubble=False):
    """The watched file changed, came or went."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path


def listen(grader: Grader, target: MessagePump) -> None:
    """Posts a GraderSaid for each of the grader's events until the grader is closed."""

    def run() -> None:
        for event in grader.events():
            target.post_message(GraderSaid(event))

    threading.Thread(target=run, name="grader events to screen", daemon=True).start()


class FileWatch:
    """Watches one file, that need not exist, and posts FileChanged until `stop`."""

    def __init__(self, path: Path, target: MessagePump) -> None:
        self._path = path
        self._target = target
        self._stop = threading.Event()

    def start(self) -> None:
        """Starts watching in a thread of its own."""
        threading.Thread(target=self._run, name="file to screen", daemon=True).start()

    def stop(self) -> None:
        """Ends the thread soon."""
        self._stop.set()

    def _run(self) -> None:
        before = self._stamp()
        for _ in self._wake_ups():
            now = self._stamp()
            if now != before and not self._stop.is_set():
                before = now
                self._target.post_message(FileChanged(self._path))

    def _stamp(self) -> tuple[int, int, int] | None:
        try:
            about = self._path.stat()
        except OSError:
            return None
        return about.st_mtime_ns, about.st_size, about.st_ino

    def _wake_ups(self) -> Iterator[None]:
        """Yields at each change in the file's folder, and now and then without one."""
        if not needs_polling(self._path.parent):
            yield from self._notifications()
        while not self._stop.wait(LOOK_SECONDS):
            yield

    def _notifications(self) -> Iterator[None]:
        """Yields as long as the system tells of changes; ends where it cannot (no folder, too many watches)."""
        try:
            from watchfiles import watch

            # One save is several events within milliseconds: wait for 50 ms of quiet, and never longer than 400.
            changes = watch(
                self._path.parent,
                debounce=400,
                step=50,
                stop_event=self._stop,
                rust_timeout=int(1000 * LOOK_SECONDS),
                yield_on_timeout=True,
                raise_interrupt=False,
                recursive=False,
            )
            for _ in changes:
                yield
        except (ImportError, OSError, RuntimeError):
            return
