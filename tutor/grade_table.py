"""The results of a grading as a table for a terminal, one line each."""

from __future__ import annotations

import io
import shutil
import sys
import textwrap

from tutor.core.batch import Result
from tutor.core.graded import Graded
from tutor.core.render import Style, held, one_line, trouble

_HEADER = ("SUBMISSION", "EXERCISE", "VERDICT", "HELD", "POINTS", "SECONDS", "")
_MOST = 80
"""Characters of what is wrong: the rest is in the other formats."""


def results_table(graded: Graded, style: Style, width: int | None = None) -> str:
    """A line for each result: submission, exercise, verdict, properties held, points, seconds, the first thing wrong.

    Without a `width` no line is cut; with one, the last column gives way.
    """
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(*_HEADER[:-1], box=None, padding=(0, 2, 0, 0), header_style="", show_edge=False)
    table.add_column(_HEADER[-1], no_wrap=width is not None, overflow="ellipsis")
    for column in table.columns[:-1]:
        column.overflow, column.no_wrap = "fold", width is None
    for each in graded.results:
        cells = _cells(graded, each)
        verdict = Text.from_ansi(style.verdict(cells[2]))
        table.add_row(*(verdict if place == 2 else Text(cell) for place, cell in enumerate(cells)))
    file = io.StringIO()
    console = Console(
        file=file,
        width=width or sys.maxsize,
        color_system="standard" if style.colour else None,
        force_terminal=style.colour,
    )
    console.print(table, soft_wrap=width is None)
    return "\n".join(line.rstrip() for line in file.getvalue().splitlines())


def terminal_width() -> int | None:
    """Of the terminal that stdout is; None where it is none."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def _cells(graded: Graded, result: Result) -> tuple[str, ...]:
    report, points = result.report, graded.policy.points(result)
    return (
        one_line(result.submission),
        result.exercise or "-",
        report.verdict.value if report else result.outcome,
        "{}/{}".format(*held(result)) if report else "-",
        str(points) if points else "-",
        f"{report.seconds:.2f}" if report else "-",
        textwrap.shorten(one_line(trouble(result)), _MOST, placeholder=" …"),
    )
