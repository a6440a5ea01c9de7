"""The learner's own editor, in place of the screens while it is open."""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from textual.app import App, SuspendNotSupported

from tutor.tui.time_spent import IDLE_SECONDS


def edit(app: App[Any], path: Path) -> tuple[str, float]:
    """Opens the file in $VISUAL, $EDITOR, or what is there; returns why that failed or '', and the seconds worked.

    Who leaves an editor open for the night has worked until the last save, and a little longer.
    """
    began, clock = time.time(), time.monotonic()
    problem = _open(app, path)
    with contextlib.suppress(OSError):
        saved = max(0.0, path.stat().st_mtime - began)
        return problem, min(time.monotonic() - clock, saved + IDLE_SECONDS)
    return problem, 0.0


def _open(app: App[Any], path: Path) -> str:
    command = _command()
    if not command:
        return "No editor was found. Set the environment variable EDITOR, for example: export EDITOR=nano"
    try:
        with app.suspend():  # which would not come back from an exception
            problem = _run([*command, str(path)])
    except SuspendNotSupported:
        return f"No other program can be opened in this terminal. Open {path} yourself: it is checked on every save."
    app.refresh(layout=True)
    return problem


def _run(words: list[str]) -> str:
    """Runs the editor until it ends; the terminal is then as it was, also where the editor was killed."""
    try:
        with _kept_terminal(), _deaf():
            code = subprocess.run(words, check=False).returncode
    except OSError as error:
        return f"{words[0]} cannot be started ({error.strerror}). Set EDITOR to a program that is installed."
    how = f"ended with exit code {code}" if code > 0 else f"was ended by signal {-code}"
    return f"{words[0]} {how}. The file is here as it left it." if code else ""


@contextlib.contextmanager
def _deaf() -> Iterator[None]:
    """Leaves ctrl+c to the editor, which takes it in its own way."""
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextlib.contextmanager
def _kept_terminal() -> Iterator[None]:
    """Puts the modes of the terminal back: an editor that is killed leaves it without echo, and so would we then."""
    try:
        import termios

        terminal = sys.__stdin__.fileno() if sys.__stdin__ else -1
        modes = termios.tcgetattr(terminal)
    except (ImportError, OSError, ValueError, termios.error):  # no such system, no terminal
        yield
        return
    try:
        yield
    finally:
        with contextlib.suppress(OSError, termios.error):
            termios.tcsetattr(terminal, termios.TCSANOW, modes)


def _command() -> list[str]:
    for name in ("VISUAL", "EDITOR"):
        try:
            words = shlex.split(os.environ.get(name, ""))
        except ValueError:  # an unfinished quote
            words = []
        if words:
            return words
    return next(([each] for each in ("nano", "vim", "vi") if shutil.which(each)), [])
