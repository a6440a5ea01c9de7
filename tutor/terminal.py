"""What the commands share: options, exit codes, and writing to the terminal.

Stdout is data, stderr is narration.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from tutor.core import launch, render
from tutor.core.characters import ASCII, READABLE, needs_ascii
from tutor.core.errors import GraderFailed, TutorError
from tutor.core.grading import SANDBOX_LEVELS

PASSED, NOT_PASSED, USAGE, BROKEN = 0, 1, 2, 3
"""Exit codes: all passed; something did not pass; command line, course or workspace is wrong; the grader failed."""

_Command = TypeVar("_Command", bound=Callable[..., Any])


def formats(*forms: str, default: str = "text") -> Callable[[_Command], _Command]:
    """The option --format with these choices; the command gets it as `form`."""
    return click.option("--format", "form", type=click.Choice(forms), default=default, show_default=True)


form_option = formats("text", "json")
seed_option = click.option("--seed", type=int, default=0, show_default=True, help="Of the drawn cases.")
cases_option = click.option(
    "--cases", type=click.IntRange(1, 100_000), default=100, show_default=True, help="Of each property."
)
require_option = click.option(
    "--require-sandbox", "require", type=click.Choice(list(SANDBOX_LEVELS)), default="none", show_default=True,
    help="Refuse to run anything where less is enforced.",
)  # fmt: skip
method_option = click.option(
    "--workers", "method", type=click.Choice(["auto", "fork", "spawn"]), default="auto", hidden=True
)


class _Told(click.ClickException):
    """One of our own errors, told as a sentence."""

    exit_code = USAGE


class _GraderTold(_Told):
    """The grader itself failed."""

    exit_code = BROKEN


class Program(click.Group):
    """A group of commands whose errors are sentences, never tracebacks."""

    def invoke(self, ctx: click.Context) -> Any:
        """Runs the command; our own errors end it with their text and their exit code."""
        try:
            return super().invoke(ctx)
        except TutorError as error:
            kind = _GraderTold if isinstance(error, GraderFailed) else _Told
            raise kind(render.clean(str(error))) from error

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order in which they were added."""
        return list(self.commands)


def write(form: str, data: dict[str, Any], text: str) -> None:
    """Writes the document or the text, as `form` says."""
    if form == "json":
        write_json(data)
    else:
        click.echo(text)


def write_json(data: dict[str, Any]) -> None:
    """Writes a document."""
    click.echo(json.dumps(data, indent=2))


def fitted(text: str) -> str:
    """The text with its long sentences broken between words where a terminal would break them anywhere."""
    if not sys.stdout.isatty():
        return text
    width = max(40, shutil.get_terminal_size().columns)
    wrapped = (
        textwrap.wrap(line, width, subsequent_indent=_indent(line)) if len(click.unstyle(line)) > width else [line]
        for line in text.split("\n")
    )
    return "\n".join(part for lines in wrapped for part in lines)


def _indent(line: str) -> str:
    """Of what goes on below a line: one that is indented itself stands out as the first."""
    own = len(line) - len(line.lstrip())
    return " " * (own + 2) if own else ""


def narrate(text: str) -> None:
    """Tells the user something that is no data."""
    click.echo(render.clean(text), err=True)


def style(*, to_file: bool = False) -> render.Style:
    """Colours where they can be seen and are wanted."""
    return render.Style(colour=sys.stdout.isatty() and not to_file and not os.environ.get("NO_COLOR"))


def settings_file() -> Path:
    """Where the user may write settings of their own; it need not exist."""
    import platformdirs

    return platformdirs.user_config_path("tutor") / "settings.toml"


def write_what_can_be_encoded() -> None:
    """Makes a terminal that lacks a character show words for it instead of ending the program."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            lacking = stream.encoding.lower() in ("ascii", "us-ascii") or (needs_ascii() and stream.isatty())
            stream.reconfigure(encoding=ASCII if lacking else None, errors=READABLE)


def run_here(command: list[str]) -> int:
    """Runs a process on this terminal. Ctrl-C reaches it by itself; what ends us is passed on."""
    process = subprocess.Popen(command, env=launch.trainer_environment())
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda number, _: process.send_signal(number))
    code = process.wait()
    return code if code >= 0 else 128 - code
