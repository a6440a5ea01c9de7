"""Archives that strangers made: what is plain is read, all else is refused in a sentence, nothing reaches the disk."""

from __future__ import annotations

import io
import struct
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tutor.core import archives
from tutor.core.archives import MOST_FILES, read_archive
from tutor.core.errors import SubmissionError

Make = Callable[[Path], None]
TEXT = b"def slope():\n    return 1\n"


def everything(name: str) -> bool:
    return True


def zipped(*members: tuple[str | zipfile.ZipInfo, bytes]) -> Make:
    def make(path: Path) -> None:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in members:
                archive.writestr(name, data)

    return make


def tarred(*members: tarfile.TarInfo, data: bytes = TEXT) -> Make:
    def make(path: Path) -> None:
        with tarfile.open(path, "w:gz" if path.suffix != ".tar" else "w") as archive:
            for member in members:
                member.size = len(data) if member.isreg() else 0
                archive.addfile(member, io.BytesIO(data) if member.isreg() else None)

    return make


def member(name: str, kind: bytes = tarfile.REGTYPE, target: str = "") -> tarfile.TarInfo:
    found = tarfile.TarInfo(name)
    found.type, found.linkname = kind, target
    return found


def zip_link(name: str) -> zipfile.ZipInfo:
    found = zipfile.ZipInfo(name)
    found.external_attr = 0o120777 << 16
    return found


def encrypted(path: Path) -> None:
    zipped(("slope.py", TEXT))(path)
    data = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        data[data.index(signature) + offset] |= 1
    path.write_bytes(data)


def lying_about_its_size(path: Path) -> None:
    """Says that ten bytes come out of it, and a million do."""
    zipped(("slope.py", b"x" * 1_000_000))(path)
    data = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\3\4", 22), (b"PK\1\2", 24)):
        place = data.index(signature) + offset
        data[place : place + 4] = struct.pack("<I", 10)
    path.write_bytes(data)


def bomb(path: Path) -> None:
    """Two hundred megabytes of zeros in some hundred kilobytes, in files that nobody asked for."""
    with tarfile.open(path, "w:gz") as archive:
        for number in range(4):
            entry = tarfile.TarInfo(f"zeros{number}.bin")
            entry.size = 50_000_000
            archive.addfile(entry, io.BytesIO(bytes(entry.size)))


def cut_off(make: Make) -> Make:
    def cut(path: Path) -> None:
        make(path)
        path.write_bytes(path.read_bytes()[:-60])

    return cut


def many(path: Path) -> None:
    zipped(*((f"{number}.py", b"") for number in range(MOST_FILES + 1)))(path)


def a_table_without_end(path: Path) -> None:
    """Its last record promises a table of contents of four gigabytes."""
    zipped(("slope.py", TEXT))(path)
    data = bytearray(path.read_bytes())
    place = data.rindex(b"PK\5\6")
    data[place + 12 : place + 16] = b"\xff\xff\xff\xfe"
    path.write_bytes(data)


BAD: dict[str, tuple[str, Make, str]] = {
    "a name that climbs": ("a.zip", zipped(("../slope.py", TEXT)), "leads out of it"),
    "a name that climbs late": ("a.zip", zipped(("lines/../../slope.py", TEXT)), "leads out of it"),
    "an absolute name": ("a.zip", zipped(("/etc/passwd", TEXT)), "leads out of it"),
    "a drive": ("a.zip", zipped(("C:/slope.py", TEXT)), "leads out of it"),
    "a backslash": ("a.zip", zipped(("lines\\slope.py", TEXT)), "leads out of it"),
    "a link in a zip": ("a.zip", zipped((zip_link("slope.py"), b"/etc/passwd")), "a link or a device"),
    "a nested archive": ("a.zip", zipped(("more.tar.gz", b"")), "holds another archive"),
    "a nested archive of another kind": ("a.tar", tarred(member("more.7z")), "holds another archive"),
    "two of one name": ("a.tgz", tarred(member("slope.py"), member("./slope.py")), "two files named slope.py"),
    "encrypted": ("a.zip", encrypted, "is encrypted"),
    "too many files": ("a.zip", many, f"more than {MOST_FILES} files"),
    "a table of contents without end": ("a.zip", a_table_without_end, f"more than {MOST_FILES} files"),
    "a lie about its size": ("a.zip", lying_about_its_size, "is broken"),
    "a bomb": ("a.tar.gz", bomb, "unpacks to more than 50 MB"),
    "a climbing tar": ("a.tar.gz", tarred(member("../../slope.py")), "leads out of it"),
    "a symbolic link": ("a.tar.gz", tarred(member("slope.py", tarfile.SYMTYPE, "/etc/passwd")), "a link or a device"),
    "a hard link": ("a.tar.gz", tarred(member("slope.py", tarfile.LNKTYPE, "/etc/passwd")), "a link or a device"),
    "a device": ("a.tar", tarred(member("null", tarfile.CHRTYPE)), "a link or a device"),
    "a pipe": ("a.tar", tarred(member("pipe", tarfile.FIFOTYPE)), "a link or a device"),
    "a zip cut off": ("a.zip", cut_off(zipped(("slope.py", TEXT))), "is broken"),
    "a tar cut off": ("a.tar.gz", cut_off(tarred(member("slope.py"))), "is broken"),
    "an empty file": ("a.zip", Path.touch, "is broken"),
    "no gzip": ("a.tgz", lambda path: path.write_bytes(b"hello" * 1000), "is broken"),
    "a folder": ("a.zip", Path.mkdir, "cannot be read"),
}


@pytest.mark.parametrize("name", BAD)
def test_it_is_refused_in_a_sentence(tmp_path: Path, name: str) -> None:
    file, make, words = BAD[name]
    make(tmp_path / file)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(SubmissionError) as refused:
        read_archive(tmp_path / file, everything)
    assert words in str(refused.value) and str(refused.value).endswith("or the files themselves.")
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("file", ["a.zip", "a.tar", "a.tar.gz", "A.TGZ"])
def test_what_is_plain_is_read_and_nothing_else_is(tmp_path: Path, file: str) -> None:
    if file.endswith("zip"):
        zipped(("alice/", b""), ("alice/lines/slope.py", TEXT), ("alice/notes.txt", TEXT))(tmp_path / file)
    else:
        folder = member("alice", tarfile.DIRTYPE)
        tarred(folder, member("alice/lines/slope.py"), member("alice/notes.txt"))(tmp_path / file)
    assert read_archive(tmp_path / file, lambda name: name.endswith(".py")) == {"alice/lines/slope.py": TEXT}


def test_one_that_is_too_large_is_not_even_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    zipped(("slope.py", TEXT))(tmp_path / "a.zip")
    monkeypatch.setattr(archives, "MOST_PACKED", 100)
    with pytest.raises(SubmissionError, match="is larger than"):
        read_archive(tmp_path / "a.zip", everything)


def test_one_that_is_missing_says_so(tmp_path: Path) -> None:
    with pytest.raises(SubmissionError, match=r"does not exist\. Check the name"):
        read_archive(tmp_path / "a.zip", everything)
