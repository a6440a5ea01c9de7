"""A class as it hands in: right, with every mistake, unwritten, broken in all the usual ways, and hostile.

    make_class(course, folder, exercises, count, attacks)

Student n always hands in the same, so that two gradings can be compared. Used by the tests and by the benchmark.
"""

from __future__ import annotations

import io
import itertools
import tarfile
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from tutor.core.course import Course
from tutor.core.source import mistakes, parse

Files = dict[str, str | bytes]
"""Name below the student's folder → content."""


def make_class(
    course: Course, folder: Path, exercises: Sequence[str], count: int, attacks: Mapping[str, tuple[str, str]]
) -> None:
    """Fills `folder` with `count` students; `attacks` maps a name to (exercise, text)."""
    ways = itertools.cycle([_as_workspace, _as_track, _as_zip, _as_tar])
    contents = itertools.cycle([*_honest(course, exercises), *_broken(course, exercises[0]), *_hostile(attacks)])
    odd = ("Zoë", "=1+1", "two words", "عمر", "a,b", "x;y", "ünï", "-rf")
    for number, (kind, files), write in zip(range(count), contents, ways, strict=False):
        write(folder / f"{odd[number % len(odd)]} {number:04d} {kind}", files)
    for name, data in _bad_archives(course, exercises[0]):
        (folder / name).write_bytes(data)


def _honest(course: Course, exercises: Sequence[str]) -> Iterator[tuple[str, Files]]:
    right: Files = {f"{id}.py": course.exercise(id).solution.read_text(encoding="utf-8") for id in exercises}
    yield "right", right
    for id in exercises:
        exercise = course.exercise(id)
        for number, mistake in enumerate(mistakes(parse(exercise.reference))):
            yield f"mistake {number}", right | {f"{id}.py": mistake.apply(exercise.solution.read_text("utf-8"))}
    yield "unwritten", {f"{id}.py": course.exercise(id).stub.read_text(encoding="utf-8") for id in exercises}
    yield "half", {f"{exercises[-1]}.py": right[f"{exercises[-1]}.py"]}


def _broken(course: Course, id: str) -> Iterator[tuple[str, Files]]:
    text = course.exercise(id).solution.read_text(encoding="utf-8")
    head, _, _ = course.exercise(id).stub.read_text(encoding="utf-8").partition("raise NotImplementedError")
    yield "syntax", {f"{id}.py": text + "\ndef broken(:\n"}
    yield "hangs", {f"{id}.py": f"{head}\n    while True:\n        pass\n"}
    yield "raises", {f"{id}.py": f"{head}raise ValueError('no')\n"}
    yield "exits", {f"{id}.py": f"import os\n{head}os._exit(0)\n"}
    yield "latin", {f"{id}.py": "# caf\xe9\n".encode("latin-1") + text.encode()}
    yield "empty", {f"{id}.py": ""}
    yield "elsewhere", {"homework.txt": "here it is"}


def _hostile(attacks: Mapping[str, tuple[str, str]]) -> Iterator[tuple[str, Files]]:
    yield from ((name, {f"{id}.py": text}) for name, (id, text) in attacks.items())


def _bytes(content: str | bytes) -> bytes:
    return content if isinstance(content, bytes) else content.encode()


def _as_workspace(path: Path, files: Files) -> None:
    _as_track(path, {f"exercises/{name}": content for name, content in files.items()})


def _as_track(path: Path, files: Files) -> None:
    for name, content in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(_bytes(content))


def _as_zip(path: Path, files: Files) -> None:
    with zipfile.ZipFile(path.with_name(f"{path.name}.zip"), "w") as archive:
        for name, content in files.items():
            archive.writestr(f"work/exercises/{name}", _bytes(content))


def _as_tar(path: Path, files: Files) -> None:
    with tarfile.open(path.with_name(f"{path.name}.tar.gz"), "w:gz") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(_bytes(content))
            archive.addfile(entry, io.BytesIO(_bytes(content)))


def _bad_archives(course: Course, id: str) -> Iterator[tuple[str, bytes]]:
    text = course.exercise(id).solution.read_bytes()
    made: list[tuple[str, Callable[[zipfile.ZipFile], None]]] = [
        ("zz climbs.zip", lambda archive: archive.writestr(f"../../{id}.py", text)),
        ("zz nested.zip", lambda archive: archive.writestr("more.zip", b"")),
    ]
    for name, fill in made:
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            fill(archive)
        yield name, stream.getvalue()
    yield "zz cut off.zip", stream.getvalue()[:20]
    yield "zz no archive.tar.gz", b"hello"
