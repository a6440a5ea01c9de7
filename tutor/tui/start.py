"""Starting the screens: what must be there, and in which order, so that the first frame comes soon."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path

from tutor.core.characters import needs_ascii
from tutor.core.course import Course
from tutor.core.errors import TutorError
from tutor.core.grading import Grader
from tutor.core.key_table import read_key_table
from tutor.core.workspace import Workspace


def run_tui(course: Course, workspace: Workspace, settings: Path) -> int:
    """Runs the screens until the learner leaves; `settings` is the file with their own keys.

    Returns the exit code: 0, unless a signal or an error ended them. Raises TutorError where there is no terminal.
    """
    in_browser = "WebDriver" in os.environ.get("TEXTUAL_DRIVER", "")
    if not in_browser and not _on_terminal():
        raise TutorError(NO_TERMINAL)
    gc.disable()  # imports make objects that stay: to look among them costs 40 ms. The app enables it again
    from tutor.tui.app import TutorApp
    from tutor.tui.desk import Desk, open_progress
    from tutor.tui.glyphs import ASCII, UNICODE, readable_course

    progress, warning = open_progress(workspace)
    grader = Grader(course, log=workspace.notes / "grader.log")
    glyphs, course = (ASCII, readable_course(course)) if needs_ascii() else (UNICODE, course)
    try:
        app = TutorApp(Desk(course, workspace, progress, grader, glyphs, read_key_table(settings), warning))
        app.run()
        return app.return_code or 0
    finally:
        grader.close()


def _on_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


NO_TERMINAL = "The screens need a terminal, and this is none. Use `tutor list`, `tutor show` and `tutor check --watch`."
