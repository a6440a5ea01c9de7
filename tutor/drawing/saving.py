"""A picture as a file of another program: what stands in it, and saving it by the ending of its name."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from tutor.core.atomic import write_atomically
from tutor.core.errors import PictureError
from tutor.core.picture import Picture
from tutor.drawing.svg import MARK, PNG_MARK, dot, svg

ENDINGS = (".svg", ".png", ".dot")


def check_name(file: Path) -> None:
    """Raises PictureError if nothing can be saved under that name; so a long computation is not made for nothing."""
    other = f"Save it as {file.with_suffix('.svg').name}, which browsers and word processors show."
    if file.suffix.lower() not in ENDINGS:
        kind = file.suffix or "files without an ending"
        raise PictureError(f"{file.name} cannot be drawn: nothing here makes {kind}. {other}")
    if file.suffix.lower() == ".png" and find_spec("resvg_py") is None:
        raise PictureError(f"A PNG needs the package resvg-py. Install it (`pip install resvg-py`). Or: {other}")
    if not file.absolute().parent.is_dir():
        raise PictureError(f"There is no folder {file.absolute().parent}. Make it first, or name another.")
    if file.exists() and not _ours(file):
        raise PictureError(f"{file} is there already and no picture of tutor's. Choose another name.")


def save(picture: Picture, file: Path) -> None:
    """Writes the picture. Raises PictureError."""
    check_name(file)
    made = drawn(picture, file.suffix.lower())
    try:
        write_atomically(file, made)
    except OSError as error:
        raise PictureError(f"{file} cannot be written ({error.strerror}). Choose another place.") from error


def drawn(picture: Picture, ending: str) -> str | bytes:
    """The picture as a file with that ending would hold it. Raises PictureError."""
    match ending:
        case ".svg":
            return svg(picture)
        case ".png":
            from tutor.drawing.png import png  # an extra, which need not be there

            return png(svg(picture))
    graph = dot(picture)
    if graph is None:
        raise PictureError(f"{picture.name} is no graph, so there is no DOT of it. Draw it as SVG.")
    return graph


def _ours(file: Path) -> bool:
    """Whether it was saved by this module: what a person has made is not drawn over."""
    try:
        with file.open("rb") as data:
            start = data.read(1000)
    except OSError:
        return False
    return MARK.encode() in start or PNG_MARK in start
