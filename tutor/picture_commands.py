"""`tutor picture`: what the learner's own code computes, drawn. Torch is loaded in the process that computes it."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import click

from tutor.core import documents, gallery, painting
from tutor.core.characters import needs_ascii
from tutor.core.errors import PictureError
from tutor.core.picture import Picture
from tutor.core.session import Session
from tutor.terminal import BROKEN, NOT_PASSED, form_option, narrate, style, write_json

_EXIT = {"code": NOT_PASSED, "broken": BROKEN}


@click.command()
@click.argument("name", required=False)
@click.option("--on", metavar="TEXT", help="What to compute it on; `tutor picture` says what each takes.")
@click.option("--save", "file", type=click.Path(path_type=Path), help="FILE.svg or FILE.png; FILE.dot for a graph.")
@click.option("--svg", "printed", flag_value=".svg", help="Print it as SVG.")
@click.option("--dot", "printed", flag_value=".dot", help="Print a graph in the language of Graphviz.")
@form_option
@click.option(
    "--workspace", "_", type=click.Path(path_type=Path), expose_value=False, callback=lambda *given: _take(*given),
    is_eager=True, help="Your folder, as before the command.",
)  # fmt: skip
@click.pass_obj
def picture(
    session: Session, name: str | None, on: str | None, file: Path | None, printed: str | None, form: str
) -> None:
    """Draw the picture of that NAME from your own code; without a name, list the pictures.

    Exit codes: 0 drawn, 1 the code that computes it raised, 2 it cannot be asked for so, 3 the process broke.
    """
    if name is None:
        _list(form)
        return
    if (file is not None) + (printed is not None) + (form == "json") > 1:
        raise click.UsageError("Take one of --save, --svg, --dot and --format json: a picture is given once.")
    subject = gallery.find_subject(name)
    if file is not None:
        from tutor.drawing.saving import check_name

        check_name(file)
    found = _computed(painting.prepare(session.workspace, session.progress, subject, on))
    if file is not None:
        from tutor.drawing.saving import save

        save(found, file)
        narrate(f"Saved as {file}. {found.whose}")
    elif printed:
        from tutor.drawing.saving import drawn

        click.echo(drawn(found, printed))
        narrate(found.whose)
    elif form == "json":
        write_json(documents.document("picture", picture=found.to_json()))
    else:
        _print(found)


def _take(context: click.Context, _: click.Parameter, root: Path | None) -> None:
    """Makes the named folder the workspace of this start."""
    if root is not None and isinstance(context.obj, Session):
        context.obj = context.obj.at(root)


def _computed(order: painting.Order) -> Picture:
    work = painting.Painting(order)
    for event in work.events():
        if isinstance(event, painting.Painted):
            return event.picture
        if isinstance(event, painting.Failed):
            if event.why == "order":
                raise PictureError(event.message)
            narrate(event.message)
            sys.exit(_EXIT[event.why])
        if sys.stderr.isatty():
            click.echo(f"\r\x1b[K{event.text}\r", nl=False, err=True)
    raise AssertionError("the last event is Painted or Failed")


def _print(found: Picture) -> None:
    from rich.console import Console

    from tutor.drawing.look import Look
    from tutor.drawing.picture import draw_picture

    colour = style().colour
    width = shutil.get_terminal_size((80, 24)).columns
    plain = needs_ascii() or "utf" not in (sys.stdout.encoding or "").lower()
    if sys.stderr.isatty():
        click.echo("\r\x1b[K", nl=False, err=True)
    console = Console(width=width, no_color=not colour, highlight=False, markup=False)
    hues = console.color_system in ("256", "truecolor")
    console.print(draw_picture(found, Look(width, 20, colour, hues, plain)), soft_wrap=True)


def _list(form: str) -> None:
    rows = [
        {"name": each.name, "title": each.title, "shows": each.shows, "on": each.on, "means": each.means,
         "parts": list(each.parts)}
        for each in gallery.SUBJECTS
    ]  # fmt: skip
    if form == "json":
        write_json(documents.document("pictures", pictures=rows))
        return
    for each in gallery.SUBJECTS:
        click.echo(f"{each.name:14} {each.title}")
        if each.means:
            click.echo(f'{"":14} --on "{each.on}": {each.means}')
