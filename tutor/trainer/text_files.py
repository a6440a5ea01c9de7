"""Text in files and folders, read piece by piece, so that it may be larger than memory.

A byte order mark is left out and Windows' line ends become '\\n'; all else is as it stands in the files.
"""

from __future__ import annotations

import codecs
import os
from collections.abc import Iterator
from pathlib import Path

from tutor.core.errors import RunError

_PIECE = 1 << 20
"""Bytes read at once."""
_LOOK = 1 << 16
"""Bytes of a file that tell whether it is text."""


def text_files(folder: Path) -> tuple[list[Path], list[Path]]:
    """All text files below a folder in the order of their paths, and those left out, which are not UTF-8 text.

    Names that begin with a dot are passed over. Raises RunError if no text is there.
    """
    found = [
        Path(place) / name
        for place, folders, names in os.walk(folder)
        for name in names
        if not any(part.startswith(".") for part in (Path(place).relative_to(folder) / name).parts)
    ]
    found = sorted(path for path in found if path.is_file())
    texts = [path for path in found if _is_text(path)]
    if not texts:
        raise RunError(f"{folder} has no file of UTF-8 text. Give a text file, or a folder with some.")
    return texts, sorted(set(found) - set(texts))


def pieces(files: tuple[Path, ...]) -> Iterator[str]:
    """The files' text, one after another; a file that does not end its last line gets an end of line before the next.

    Raises RunError that names a file which cannot be read or is not UTF-8.
    """
    last = "\n"
    for path in files:
        if last != "\n":
            yield "\n"
        for piece in _pieces_of(path):
            yield piece
            last = piece[-1]


def _pieces_of(path: Path) -> Iterator[str]:
    """Pieces that are not empty; a line end of two characters is never cut in two."""
    decoder, held, done = codecs.getincrementaldecoder("utf-8")(), "", 0
    try:
        with path.open("rb") as file:
            done = 3 if file.read(3) == codecs.BOM_UTF8 else 0
            file.seek(done)
            data = file.read(_PIECE)
            while True:
                text = held + decoder.decode(data, final=not data)
                done += len(data)
                held = "\r" if data and text.endswith("\r") else ""
                text = text.removesuffix(held).replace("\r\n", "\n")
                if text:
                    yield text
                if not data:
                    return
                data = file.read(_PIECE)
    except UnicodeDecodeError as error:
        place = done - len(decoder.getstate()[0]) + error.start
        raise RunError(f"{path} is not UTF-8 text (byte {place}). Save it as UTF-8 and try again.") from error
    except OSError as error:
        raise RunError(f"{path} cannot be read ({error.strerror}). Give a text file.") from error


def _is_text(path: Path) -> bool:
    """Whether its beginning is UTF-8 without zeros; a file that nobody may read is not."""
    try:
        with path.open("rb") as file:
            start = file.read(_LOOK)
        codecs.getincrementaldecoder("utf-8")().decode(start, final=len(start) < _LOOK)
    except (OSError, UnicodeDecodeError):
        return False
    return b"\0" not in start
