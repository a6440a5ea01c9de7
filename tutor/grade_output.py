"""Writing what `tutor grade` found: one text to stdout or a file, or a folder with a file for each student."""

from __future__ import annotations

import json
from pathlib import Path

import click

from tutor import terminal
from tutor.core import render, similar, stats
from tutor.core.atomic import write_atomically
from tutor.core.errors import SubmissionError
from tutor.core.formats.document import class_document
from tutor.core.formats.github import github
from tutor.core.formats.gradescope import gradescope
from tutor.core.formats.junit import junit
from tutor.core.formats.markdown import markdown
from tutor.core.formats.spreadsheet import spreadsheet
from tutor.core.graded import Graded
from tutor.core.handout import hand_out
from tutor.core.students import Student, file_names, students
from tutor.core.submission import read_source
from tutor.grade_options import ENDINGS, Wanted
from tutor.grade_table import results_table, terminal_width


def write(graded: Graded, wanted: Wanted) -> None:
    """Writes the results as they are wanted, to stdout, a file or a folder of files."""
    if wanted.folder:
        _hand_out(graded, wanted, wanted.folder)
        return
    text = _text(graded, wanted)
    if wanted.output is None:
        click.echo(text)
        return
    try:
        write_atomically(wanted.output, text + "\n")
    except OSError as error:
        click.echo(text)  # what took so long to find out is not lost
        raise click.UsageError(f"{wanted.output} was not written ({error.strerror}). Name another file.") from error


def _text(graded: Graded, wanted: Wanted) -> str:
    """All of it as one text."""
    match wanted.form:
        case "json":
            return json.dumps(class_document(graded, with_stats=wanted.stats), indent=2)
        case "junit":
            return junit(graded)
        case "csv":
            return spreadsheet(graded)
        case "github":
            return github(graded, Path.cwd(), _read)
        case "markdown":
            return "\n\n".join(markdown(graded, each) for each in students(graded.results))
        case "gradescope":
            return gradescope(graded, _only(graded).results)
    return _told(graded, wanted)


def _told(graded: Graded, wanted: Wanted) -> str:
    """The table or the reports for people, with the figures of the class if they are wanted."""
    style = terminal.style(to_file=wanted.output is not None)
    if wanted.form == "table":
        parts = [results_table(graded, style, None if wanted.output else terminal_width()), graded.closing()]
    else:
        parts = [render.results_text(graded.results, style) + graded.closing()]
    if wanted.stats:
        parts += ["", stats.stats_text(stats.stats(graded.results, graded.course.ids), style)]
        parts += [similar.alike_text(similar.alike(graded.results, graded.course), style)]
    return "\n".join(parts).rstrip("\n")


def _only(graded: Graded) -> Student:
    found = students(graded.results)
    if len(found) != 1:
        raise click.UsageError(
            f"{len(found)} students handed in, and Gradescope's results.json is about one. "
            "Give --output a folder: it gets a file for each."
        )
    return found[0]


def _hand_out(graded: Graded, wanted: Wanted, folder: Path) -> None:
    """Writes a file for each student and says which files had to make way."""
    found, ending = students(graded.results), ENDINGS[wanted.form]
    names = file_names(each.name for each in found)
    texts = {f"{names[each.name]}{ending}": _about(graded, wanted, each) + "\n" for each in found}
    try:
        backups = hand_out(folder, texts)
    except OSError as error:
        click.echo("\n".join(texts.values()))
        raise click.UsageError(f"{folder} was not filled ({error.strerror}). Name another folder.") from error
    for each in backups:
        terminal.narrate(f"A file that was not written by tutor, or was changed since, is now {each}.")
    terminal.narrate(f"Wrote {len(texts)} {'file' if len(texts) == 1 else 'files'} to {folder}.")


def _about(graded: Graded, wanted: Wanted, student: Student) -> str:
    return markdown(graded, student) if wanted.form == "markdown" else gradescope(graded, student.results)


def _read(path: str) -> str:
    """A submission's text; '' if it is not there any more."""
    try:
        return read_source(Path(path))[0]
    except SubmissionError:
        return ""
