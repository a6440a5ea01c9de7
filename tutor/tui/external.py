"""The learner's own editor, in place of the screens while it is open."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

from textual.app import App, SuspendNotSupported


def edit(app: App[Any], path: Path) -> str:
    """Opens the file in $VISUAL, $EDITOR, or what is there; returns why that failed, or ''."""
    command = _command()
    if not command:
        return "No editor was found. Set the environment variable EDITOR, for example: export EDITOR=nano"
    try:
        with app.suspend():
            code = subprocess.run([*command, str(path)], check=False).returncode
    except SuspendNotSupported:
        return f"No other program can be opened in this terminal. Open {path} yourself: it is checked on every save."
    except OSError as error:
        return f"{command[0]} cannot be started ({error.strerror}). Set EDITOR to a program that is installed."
    app.refresh(layout=True)
    return f"{command[0]} ended with exit code {code}." if code else ""


def _command() -> list[str]:
    for name in ("VISUAL", "EDITOR"):
        try:
            words = shlex.split(os.environ.get(name, ""))
        except ValueError:  # an unfinished quote
            words = []
        if words:
            return words
    return next(([each] for each in ("nano", "vim", "vi") if shutil.which(each)), [])
