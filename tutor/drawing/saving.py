"""Saving a picture to a file, by the ending of its name."""

from __future__ import annotations

from pathlib import Path

from tutor.core.atomic import write_atomically
from tutor.core.errors import PictureError
from tutor.core.picture import Picture
from tutor.drawing.svg import MARK, dot, svg

ENDINGS = (".svg", ".dot")


def check_name(file: Path) -> None:
    """Raises PictureError if nothing can be saved under that name; so a long computation is not made for nothing."""
    if file.suffix.lower() not in ENDINGS:
        raise PictureError(
            f"{file.name} cannot be drawn: nothing installed here makes {file.suffix or 'files without an ending'}. "
            f"Save it as {file.with_suffix('.svg').name}, which browsers and word processors show."
        )
    if not file.absolute().parent.is_dir():
        raise PictureError(f"There is no folder {file.absolute().parent}. Make it first, or name another.")
    if file.exists() and not _ours(file):
        raise PictureError(f"{file} is there already and no picture of tutor's. Choose another name.")


def save(picture: Picture, file: Path) -> None:
    """Writes the picture. Raises PictureError."""
    check_name(file)
    text = svg(picture) if file.suffix.lower() == ".svg" else dot(picture)
    if text is None:
        raise PictureError(
            f"{picture.name} is no graph, so it has no .dot. Save it as {file.with_suffix('.svg').name}."
        )
    try:
        write_atomically(file, text)
    except OSError as error:
        raise PictureError(f"{file} cannot be written ({error.strerror}). Choose another place.") from error


def _ours(file: Path) -> bool:
    try:
        with file.open(encoding="utf-8") as text:
            return MARK in text.read(1000)
    except (OSError, UnicodeDecodeError):
        return False
