"""Reading archives that strangers made: into memory, never onto the disk, and only what is plainly harmless.

Every name and kind in an archive is looked at before any of it is used. What is refused: names that lead out of the
archive, links, devices, archives inside, encrypted or broken ones, two files of one name, and too much of anything.
Bytes are counted as they are unpacked; what an archive says about its own sizes is not believed.
"""

from __future__ import annotations

import gzip
import io
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from tutor.core.errors import SubmissionError
from tutor.core.submission import MOST_BYTES

ENDINGS = (".zip", ".tar.gz", ".tgz", ".tar")
"""Of the archives that can be read."""
OTHERS = (".gz", ".bz2", ".xz", ".zst", ".7z", ".rar", ".whl", ".jar")
"""Of the archives that cannot, but must not be inside one either."""
MOST_FILES = 2_000
"""Files and folders in one archive."""
MOST_PACKED = 20_000_000
"""Bytes of the archive itself."""
MOST_UNPACKED = 50_000_000
"""Bytes that come out of it, read or skipped."""

Wanted = Callable[[str], bool]


def is_archive(path: Path) -> bool:
    """Whether its name says that it is an archive which can be read."""
    return path.name.lower().endswith(ENDINGS)


def read_archive(path: Path, wanted: Wanted) -> dict[str, bytes]:
    """The wanted files of an archive by name; of a file larger than an answer may be, only the beginning.

    Raises SubmissionError if any part of the archive is not as it must be.
    """
    read = _read_zip if path.name.lower().endswith(".zip") else _read_tar
    try:
        if path.stat().st_size > MOST_PACKED:
            raise _refusal(path, f"is larger than {MOST_PACKED // 1_000_000} MB")
        with path.open("rb") as file:
            return read(path, file, wanted)
    except FileNotFoundError as error:
        raise SubmissionError(f"{path} does not exist. Check the name.") from error
    except (zipfile.BadZipFile, tarfile.TarError, EOFError, zlib.error, struct.error, gzip.BadGzipFile) as error:
        raise _refusal(path, f"is broken or no archive of its kind ({error})") from error
    except (RuntimeError, NotImplementedError, ValueError, LookupError, OSError) as error:
        raise _refusal(path, f"cannot be read ({error})") from error


class _Names:
    """The names seen so far in one archive, each looked at."""

    def __init__(self, archive: Path) -> None:
        self.archive = archive
        self.seen: set[str] = set()
        self.entries = 0

    def add(self, name: str, folder: bool) -> str:
        """The name in its plain form. Raises SubmissionError if it is none that an honest archive has."""
        self.entries += 1
        if self.entries > MOST_FILES:
            raise _refusal(self.archive, f"holds more than {MOST_FILES} files")
        parts = [part for part in name.split("/") if part not in ("", ".")]
        if name.startswith("/") or "\\" in name or "\0" in name or ".." in parts or name[1:2] == ":":
            raise _refusal(self.archive, f"holds a file named {name!r}, which leads out of it")
        plain = "/".join(parts)
        if folder:
            return plain
        if plain.lower().endswith(ENDINGS + OTHERS):
            raise _refusal(self.archive, f"holds another archive ({plain})")
        if plain in self.seen:
            raise _refusal(self.archive, f"holds two files named {plain}")
        self.seen.add(plain)
        return plain


def _read_zip(path: Path, file: BinaryIO, wanted: Wanted) -> dict[str, bytes]:
    _measure_directory(path, file)
    names, found, left = _Names(path), dict[str, bytes](), MOST_UNPACKED
    with zipfile.ZipFile(file) as archive:
        chosen = []
        for entry in archive.infolist():
            name = names.add(entry.filename, entry.is_dir())
            kind = stat.S_IFMT(entry.external_attr >> 16)
            if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
                raise _refusal(path, f"holds a link or a device ({name})")
            if entry.flag_bits & 1:
                raise _refusal(path, "is encrypted")
            if not entry.is_dir() and wanted(name):
                chosen.append((name, entry))
        for name, entry in chosen:
            with archive.open(entry) as member:
                found[name] = member.read(min(MOST_BYTES + 1, left + 1))
            left -= len(found[name])
            if left < 0:
                raise _too_much(path)
    return found


def _measure_directory(path: Path, file: BinaryIO) -> None:
    """Refuse a zip whose table of contents is larger than one of so many files can be, before it is read."""
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - (1 << 16) - 64))
    tail = file.read()
    place = tail.rfind(b"PK\5\6")
    if place < 0 or len(tail) < place + 22:
        raise _refusal(path, "is broken or no zip")
    listed = int.from_bytes(tail[place + 12 : place + 16], "little")
    if listed > MOST_FILES * 400 or b"PK\6\7" in tail[max(0, place - 20) : place]:
        raise _refusal(path, f"holds more than {MOST_FILES} files")
    file.seek(0)


def _read_tar(path: Path, file: BinaryIO, wanted: Wanted) -> dict[str, bytes]:
    names, found = _Names(path), dict[str, bytes]()
    source = file if path.name.lower().endswith(".tar") else gzip.GzipFile(fileobj=file)
    counted = _Counted(path, source)
    with tarfile.open(fileobj=counted, mode="r|", bufsize=1 << 16) as archive:
        for entry in archive:
            name = names.add(entry.name, entry.isdir())
            if entry.isdir():
                continue
            if not entry.isreg() or entry.issparse():
                raise _refusal(path, f"holds a link or a device ({name})")
            if wanted(name) and (member := archive.extractfile(entry)) is not None:
                found[name] = member.read(MOST_BYTES + 1)
    return found


class _Counted(io.RawIOBase):
    """A stream that ends in an error once too much came out of it."""

    def __init__(self, path: Path, source: BinaryIO | gzip.GzipFile) -> None:
        self.path, self.source, self.left = path, source, MOST_UNPACKED

    def readable(self) -> bool:
        """Always."""
        return True

    def read(self, size: int = -1) -> bytes:
        """The next bytes. Raises SubmissionError beyond the limit."""
        data = self.source.read(min(size, self.left + 1) if size >= 0 else self.left + 1)
        self.left -= len(data)
        if self.left < 0:
            raise _too_much(self.path)
        return data


def _too_much(path: Path) -> SubmissionError:
    return _refusal(path, f"unpacks to more than {MOST_UNPACKED // 1_000_000} MB")


def _refusal(path: Path, why: str) -> SubmissionError:
    return SubmissionError(f"{path} {why}. Hand in a zip or tar.gz of the workspace, or the files themselves.")
