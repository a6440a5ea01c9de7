"""The learner's own editor in place of the screens: whatever it does, the screens come back, and the terminal too."""

from __future__ import annotations

import pytest

from tutor.core.progress import Progress
from tutor.tui.remembered import OPEN, Place, remember, remember_text

ID = "lines/slope"
F8, CTRL_Q = b"\x1b[19~", b"\x11"


@pytest.fixture
def opened(workspace):
    """The next start shows the checks of the exercise."""
    progress = Progress(workspace.progress_path)
    remember(progress, Place.name(ID), Place("checks", 0, 0))
    remember_text(progress, OPEN, ID)
    progress.close()


def test_an_editor_that_is_killed_leaves_its_text_and_a_terminal_that_works(opened, workspace, on_a_terminal, tmp_path):
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\nprintf "def slope(x0, y0" > "$1"\nstty raw -echo\nkill -9 $$\n')
    editor.chmod(0o755)
    with on_a_terminal(VISUAL="", EDITOR=str(editor)) as real:
        echoed = real.echoes
        real.sees(b"nothing here is written yet")
        real.types(F8)
        real.sees(b"was ended by signal 9.")
        real.types(CTRL_Q)
        real.sees(b"\x1b[?1049l")
        assert echoed and real.echoes
    assert workspace.read(ID) == "def slope(x0, y0"


def test_an_editor_that_is_not_there_is_told_and_the_screens_go_on(opened, workspace, on_a_terminal):
    with on_a_terminal(VISUAL="", EDITOR="/nowhere/vi --wait") as real:
        real.sees(b"nothing here is written yet")
        real.types(F8)
        real.sees(b"/nowhere/vi cannot be started")
        workspace.write(ID, "def slope(x0, y0, x1, y1):\n    return (y1 - y0) / (x1 - x0)\n")
        real.sees(b"everything holds")
