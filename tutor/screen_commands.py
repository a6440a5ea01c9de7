"""The commands about the screens."""

from __future__ import annotations

import sys

import click

from tutor.core.key_table import read_key_table
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
