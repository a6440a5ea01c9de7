"""What the stories of the screens are told with: a desk on the toy course with a real grader, and snapshots."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import os
import re
import select
import signal
import struct
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import textual
from textual.pilot import Pilot

from tutor.core.course import Course
from tutor.core.grading import Grader
from tutor.core.progress import Progress
from tutor.core.workspace import Workspace, init_workspace
from tutor.tui.app import TutorApp
from tutor.tui.desk import Desk
from tutor.tui.glyphs import UNICODE
from tutor.tui.widgets.guide import GUIDE

SNAPSHOTS = Path(__file__).parent / "snapshots"
PATIENCE = 60.0
"""Seconds after which something that was to happen counts as not happening."""


@pytest.fixture
def workspace(toy: Course, home: Path) -> Workspace:
    """A fresh workspace that the screens call ~/tutor."""
    init_workspace(home / "tutor", toy)
    return Workspace.open(home / "tutor", toy)


@pytest.fixture
def desk(workspace: Workspace) -> Iterator[Desk]:
    """A desk with a real grader, which starts when a story does, of a learner who needs no guide any more."""
    progress = Progress(workspace.progress_path)
    progress.note(GUIDE, "done")
    yield Desk(workspace.course, workspace, progress, Grader(workspace.course), UNICODE)
    progress.close()


class Story:
    """The screens as a person uses them: keys go in, what stands there comes out."""

    def __init__(self, app: TutorApp, pilot: Pilot[None], grader: Grader) -> None:
        self.app = app
        self.grader = grader
        self.press = pilot.press
        self.pause = pilot.pause
        self.resize = pilot.resize_terminal
        self.click = pilot.click
        self.hover, self.mouse_down, self.mouse_up = pilot.hover, pilot.mouse_down, pilot.mouse_up

    @property
    def sight(self) -> str:
        """All that is drawn, line by line."""
        return "\n".join(strip.text for strip in self.app.screen._compositor.render_strips())

    async def sees(self, *texts: str) -> None:
        """Waits until all the texts stand on the screen; line breaks and frames count as spaces."""

        def words() -> str:
            return " ".join(re.sub("[│┃▌▐█▎▏▊▕]", " ", self.sight).split())

        await self.until(lambda: all(text in words() for text in texts), repr(texts))

    async def until(self, condition: Callable[[], object], what: str) -> None:
        """Waits until the condition holds."""
        for _ in range(int(PATIENCE / 0.05)):
            await self.pause()
            if condition():
                return
            await asyncio.sleep(0.05)
        raise AssertionError(f"{what} did not come. On the screen:\n{self.sight}")

    async def types(self, text: str) -> None:
        """Presses the keys of a text."""
        names = {" ": "space", "\n": "enter", "(": "left_parenthesis", ")": "right_parenthesis", "-": "minus"}
        await self.press(*(names.get(each, each) for each in text))


@contextlib.asynccontextmanager
async def on_map(desk: Desk, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Story]:
    """The program, running without a terminal, with the course map open; each start has a grader of its own."""
    with Grader(desk.course, log=desk.workspace.notes / "grader.log") as grader:
        app = TutorApp(replace(desk, grader=grader))
        async with app.run_test(size=size, notifications=True) as pilot:
            yield Story(app, pilot, grader)


@contextlib.asynccontextmanager
async def in_exercise(desk: Desk, size: tuple[int, int] = (80, 24), search: str = "slope") -> AsyncIterator[Story]:
    """The program with one untouched exercise open, its checks in view, its first verdict there."""
    async with on_map(desk, size) as told:
        await told.press("slash")
        await told.types(search)
        await told.press("enter")
        await told.until(lambda: told.app.screen.query("#checks"), "the exercise")
        await told.press("f4")
        await told.sees("nothing here is written yet")
        yield told


@contextlib.asynccontextmanager
async def in_app(app: TutorApp, grader: Grader, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Story]:
    """Any app, running without a terminal; the grader starts only if the app starts it."""
    async with app.run_test(size=size, notifications=True) as pilot:
        yield Story(app, pilot, grader)


@pytest.fixture(name="in_app")
def _in_app() -> Callable[..., contextlib.AbstractAsyncContextManager[Story]]:
    """`async with in_app(app, grader, size=(80, 24)) as story`."""
    return in_app


@pytest.fixture(name="on_map")
def _on_map(desk: Desk) -> Callable[..., contextlib.AbstractAsyncContextManager[Story]]:
    """`async with on_map(size=(80, 24)) as story`."""
    return functools.partial(on_map, desk)


@pytest.fixture(name="in_exercise")
def _in_exercise(desk: Desk) -> Callable[..., contextlib.AbstractAsyncContextManager[Story]]:
    """`async with in_exercise(size=(80, 24)) as story`."""
    return functools.partial(in_exercise, desk)


@pytest.fixture(name="check_snapshot")
def _check_snapshot(tmp_path: Path) -> Callable[[TutorApp, str], None]:
    """`check_snapshot(story.app, name)`."""
    return functools.partial(check_snapshot, tmp_path)


class RealTerminal:
    """The real program on a pseudo-terminal."""

    def __init__(self, workspace: Workspace, environment: dict[str, str]) -> None:
        import fcntl  # there are systems without
        import pty
        import termios

        words = ["--course", str(workspace.course.root), "--workspace", str(workspace.root)]
        self._status: int | None = None
        self.child, self._terminal = pty.fork()
        if self.child == 0:
            mine = {**os.environ, "TERM": "xterm-256color", "LANG": "C.UTF-8", **environment}
            os.execve(sys.executable, [sys.executable, "-P", "-m", "tutor", *words], mine)
        fcntl.ioctl(self._terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))

    @property
    def echoes(self) -> bool:
        """Whether the terminal shows what is typed, as a shell needs it."""
        import termios

        return bool(termios.tcgetattr(self._terminal)[3] & termios.ECHO)

    def types(self, keys: bytes) -> None:
        """Sends keys."""
        os.write(self._terminal, keys)

    def sees(self, text: bytes) -> bytes:
        """Waits until the text is drawn, colours or not, and returns all that was drawn meanwhile."""
        drawn, until = b"", time.monotonic() + PATIENCE
        while text not in drawn and text not in re.sub(rb"\x1b\[[\d;]*m", b"", drawn):
            assert time.monotonic() < until, f"{text!r} was not drawn: {drawn[-1500:]!r}"
            if select.select([self._terminal], [], [], 0.1)[0]:
                drawn += os.read(self._terminal, 65536)
        return drawn

    def hang_up(self) -> None:
        """Closes the terminal's window."""
        if self._terminal >= 0:
            os.close(self._terminal)
            self._terminal = -1

    def wait(self) -> int:
        """Waits for its end; returns the status."""
        if self._status is None:
            self._status = os.waitpid(self.child, 0)[1]
        return self._status

    def close(self) -> None:
        """Ends it."""
        if self._status is None:
            os.kill(self.child, signal.SIGKILL)
        self.hang_up()
        self.wait()


@contextlib.contextmanager
def on_a_terminal(workspace: Workspace, **environment: str) -> Iterator[RealTerminal]:
    """The real program, with these variables in its environment."""
    real = RealTerminal(workspace, environment)
    try:
        yield real
    finally:
        real.close()


@pytest.fixture(name="on_a_terminal")
def _on_a_terminal(workspace: Workspace) -> Callable[..., contextlib.AbstractContextManager[RealTerminal]]:
    """`with on_a_terminal(EDITOR="vi") as real`."""
    return functools.partial(on_a_terminal, workspace)


def check_snapshot(folder: Path, app: TutorApp, name: str) -> None:
    """Compares the screen with the picture of that name; TUTOR_SNAPSHOTS=write draws the pictures anew."""
    path, version = SNAPSHOTS / f"{name}.svg", SNAPSHOTS / "textual-version"
    picture = normal(app.export_screenshot(title="tutor"))
    if os.environ.get("TUTOR_SNAPSHOTS") == "write":
        SNAPSHOTS.mkdir(exist_ok=True)
        path.write_text(picture, encoding="utf-8")
        version.write_text(textual.__version__ + "\n", encoding="utf-8")
    elif version.read_text(encoding="utf-8").strip() != textual.__version__:
        pytest.skip(
            f"The pictures were drawn with Textual {version.read_text().strip()}, this is {textual.__version__}."
        )
    elif path.read_text(encoding="utf-8") != picture:
        new = folder / path.name
        new.write_text(picture, encoding="utf-8")
        pytest.fail(f"{name} looks different now: compare {path} with {new}. TUTOR_SNAPSHOTS=write accepts it.")


def normal(picture: str) -> str:
    """The picture without what changes from run to run: generated ids and measured seconds."""
    return re.sub(r"\d+\.\d\d(&#160;s\b)", r"0.00\1", re.sub(r"terminal-\d+", "terminal", picture))
