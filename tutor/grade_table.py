"""The results of a grading as a table for a terminal, one line each."""

from __future__ import annotations

import io
import shutil
import sys
import textwrap

from tutor.core.batch import Result
from tutor.core.graded import Graded
from tutor.core.render import Style, held, one_line, trouble
from tutor.core.students import who

_HEADER = ("STUDENT", "EXERCISE", "VERDICT", "HELD", "POINTS", "SECONDS", "")
_MOST = 80
"""Characters of what is wrong: the rest is in the other formats."""
_GAP = 2
_LEAST = 8
"""Columns below which a name or a sentence says nothing."""
_NAME = 32
"""Columns of a terminal that a student's name may take."""


def results_table(graded: Graded, style: Style, width: int | None = None) -> str:
    """A line for each result: student, exercise, verdict, properties held, points, seconds, the first thing wrong.

    Without a `width` nothing is cut; with one, names and the last column give way.
    """
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    rows = _fitted([_HEADER, *(_cells(graded, each) for each in graded.results)], width)
    table = Table(*rows[0], box=None, padding=(0, 2, 0, 0), header_style="", show_edge=False)
    for column in table.columns:
        column.no_wrap = True
    for cells in rows[1:]:
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
        one_line(who(result)),
        result.exercise or "-",
        report.verdict.value if report else result.outcome,
        "{}/{}".format(*held(result)) if report else "-",
        str(points) if points else "-",
        f"{report.seconds:.2f}" if report else "-",
        textwrap.shorten(one_line(trouble(result)), _MOST, placeholder=" …"),
    )


def _fitted(rows: list[tuple[str, ...]], width: int | None) -> list[tuple[str, ...]]:
    """The rows cut to a width: names lose their middle, then what is wrong its end, or all of it."""
    from rich.cells import cell_len, set_cell_size

    if width is None:
        return rows
    between = sum(max(cell_len(row[column]) for row in rows) + _GAP for column in range(1, len(_HEADER) - 1))
    longest = max(_LEAST, min(_NAME, width - between - _GAP))
    names = [_shortened(row[0], longest) for row in rows]
    left = width - between - max(map(cell_len, names)) - 2 * _GAP
    if left < _LEAST:
        return [(name, *row[1:-1]) for name, row in zip(names, rows, strict=True)]
    cut = [row[-1] if cell_len(row[-1]) <= left else set_cell_size(row[-1], left - 1) + "…" for row in rows]
    return [(name, *row[1:-1], wrong) for name, row, wrong in zip(names, rows, cut, strict=True)]


def _shortened(name: str, longest: int) -> str:
    """The name with its middle left out, if it takes more columns: its beginning and its end tell it from others."""
    from rich.cells import cell_len, set_cell_size

    if cell_len(name) <= longest:
        return name
    tail = name[-(longest // 2) :]
    while cell_len(tail) > longest // 2:
        tail = tail[1:]
    return set_cell_size(name, longest - longest // 2 - 1).rstrip() + "…" + tail
