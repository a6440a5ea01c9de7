"""The commands about the screens: their keys, and the screens in a browser."""

from __future__ import annotations

import shlex
import subprocess
import sys

import click

from tutor.core.errors import TutorError
from tutor.core.key_table import read_key_table
from tutor.core.session import Session
from tutor.terminal import PASSED, USAGE, narrate, settings_file


@click.command()
def keys() -> None:
    """List what keys do on the screens, as a file that changes them; say what is wrong with yours."""
    from tutor.tui.keymap import every_action, told, usable

    file, actions = settings_file(), every_action()
    table = read_key_table(file)
    mine = usable(table, actions)
    entries = {each.id: f'"{each.id}" = "{mine.get(each.id, each.keys)}"' for each in actions.values()}
    width = max(map(len, entries.values()))
    lines = [f"{entry:{width}}  # {actions[id].sentence or actions[id].name}" for id, entry in entries.items()]
    click.echo("\n".join([f"# Copy into {file} the lines that you change.", "[keys]", *lines]))
    problems = told(table, actions)
    for sentence in problems:
        narrate(sentence)
    sys.exit(USAGE if problems else PASSED)


@click.command()
@click.option("--host", default="localhost", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.pass_obj
def serve(session: Session, host: str, port: int) -> None:
    """Show the screens in a browser."""
    try:
        from tutor.tui.browser import LOCAL, TutorServer
    except ModuleNotFoundError as error:
        raise TutorError(
            f"`tutor serve` needs a package that is not here ({error.name}): pip install textual-serve"
        ) from error
    words = [sys.executable, "-P", "-m", "tutor"]
    words += ["--course", str(session.course_root), "--workspace", str(session.workspace.root)]
    if host not in LOCAL:
        narrate(f"Everyone who reaches {host}:{port} can run code as you and change your files. There is no password.")
    try:
        TutorServer(
            subprocess.list2cmdline(words) if sys.platform == "win32" else shlex.join(words), host, port
        ).serve()
    except OSError as error:
        raise TutorError(f"{host}:{port} cannot be listened on ({error.strerror}). Choose another --port.") from error
