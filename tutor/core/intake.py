"""Finding what was handed in: files, workspaces, archives of either, folders of many of these, and lists of them.

Entry        one student's place on the disk, found without reading it
entries      all entries that the words of a command line name
open_entry   an entry's files in memory

Nothing that lies in a submission is believed, and no link in it is followed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

from tutor.core.archives import ENDINGS, is_archive, read_archive
from tutor.core.borrowing import Borrow
from tutor.core.course import Course, Exercise
from tutor.core.errors import SubmissionError, UnknownExercise
from tutor.core.handin import Handin, read_handin, refused
from tutor.core.submission import read_bytes

DEEPEST = 3
"""Folders inside a student's folder that are looked into for the workspace."""


@dataclass(frozen=True)
class Entry:
    """One student's place on the disk."""

    student: str
    """The folder's or file's name, untouched."""
    path: Path
    problem: str = ""
    """Why nothing there can be graded; else ''."""


def entries(words: Iterable[Path], course: Course, ids: Sequence[str]) -> Iterator[Entry]:
    """What the words name, in their order; `ids` are the exercises that were named, if any."""
    for word in words:
        if word.name.startswith("@") and word == Path(word.name) or str(word).startswith("@"):
            yield from _listed(Path(str(word)[1:]), course, ids)
        else:
            yield from _named(word, course, ids)


def _listed(path: Path, course: Course, ids: Sequence[str]) -> Iterator[Entry]:
    """The paths in a file, one a line, relative to the file's own folder."""
    try:
        lines = read_bytes(path).decode("utf-8-sig").splitlines()
    except (SubmissionError, UnicodeDecodeError) as error:
        why = str(error) if isinstance(error, SubmissionError) else f"{path} is not UTF-8 text. Save it as UTF-8."
        yield Entry(path.name, path, problem=why)
        return
    for line in lines:
        if line.strip() and not line.startswith("#"):
            yield from _named(path.parent / line, course, ids)


def _named(path: Path, course: Course, ids: Sequence[str]) -> Iterator[Entry]:
    if not path.is_dir():
        yield Entry(_student(path, course), path)
        return
    name = path.resolve().name
    try:
        children = [] if _Folder(path, course).holds_any else _children(path)
    except SubmissionError as error:
        yield Entry(name, path, problem=str(error))
        return
    yield from (_child(each) for each in children) if children else [Entry(name, path)]


def _student(path: Path, course: Course) -> str:
    """Whose file it is: the folder around its track and `exercises`, else its own name without the ending."""
    if _known(course, path):
        above = [each for each in path.absolute().parts[:-2] if each != "exercises"]
        return above[-1] if above else path.stem
    ending = next((each for each in ENDINGS if path.name.lower().endswith(each)), path.suffix)
    return path.name[: len(path.name) - len(ending)] or path.name


def _children(folder: Path) -> list[Path]:
    """What lies in a folder, by name; what starts with a dot or two underscores is nobody's. Raises SubmissionError."""
    try:
        return sorted(each for each in folder.iterdir() if not each.name.startswith((".", "__")))
    except OSError as error:
        raise SubmissionError(f"{folder} cannot be read ({error.strerror}). Check its permissions.") from error


def _child(path: Path) -> Entry:
    ending = next((each for each in (*ENDINGS, ".py") if path.name.lower().endswith(each)), "")
    if path.is_symlink():
        return Entry(path.name, path, f"{path} is a link, and links are not followed. Put the file itself there.")
    if path.is_dir():
        return Entry(path.name, path)
    if not ending:
        return Entry(path.stem, path, f"{path} is no Python file and no archive. Ask for one, or take it away.")
    return Entry(path.name[: -len(ending)] or path.name, path)


def open_entry(entry: Entry, course: Course, ids: Sequence[str], borrow: Borrow) -> Handin:
    """The files of an entry. What cannot be read is in it as a sentence."""
    if entry.problem:
        return refused(entry.student, str(entry.path), entry.problem)
    try:
        if is_archive(entry.path):
            shelf: _Archive | _Folder | _File = _archive(entry.path, course, ids)
        elif entry.path.is_dir():
            shelf = _folder(entry.path, course, ids)
        else:
            shelf = _File(entry.path, _exercise_of(course, entry.path, ids))
        return read_handin(course, entry.student, shelf, _asked(shelf, ids), borrow)
    except SubmissionError as error:
        return refused(entry.student, str(entry.path), str(error))


def _asked(shelf: _Archive | _Folder | _File, ids: Sequence[str]) -> Sequence[str]:
    return [shelf.exercise.id] if isinstance(shelf, _File) else ids


@dataclass(frozen=True)
class _File:
    """A single file."""

    path: Path
    exercise: Exercise

    def has(self, id: str) -> bool:
        return id == self.exercise.id

    def place(self, id: str) -> str:
        return str(self.path)

    def read(self, id: str) -> bytes:
        return read_bytes(self.path)


def _exercise_of(course: Course, path: Path, ids: Sequence[str]) -> Exercise:
    if len(ids) == 1:
        return course.exercise(ids[0])
    if ids:
        raise SubmissionError(f"{path} is one file, but {len(ids)} exercises were named. Name one with --exercise.")
    try:
        return course.exercise("/".join(path.absolute().with_suffix("").parts[-2:]))
    except UnknownExercise as error:
        same = _by_name(course).get(path.stem)
        if same:
            return same
        raise SubmissionError(f"Which exercise does {path} answer? {error} Name it with --exercise.") from error


def _by_name(course: Course) -> dict[str, Exercise]:
    """The exercises whose names no other track uses."""
    names = [each.name for each in course.exercises]
    return {each.name: each for each in course.exercises if names.count(each.name) == 1}


def _known(course: Course, path: Path) -> bool:
    return "/".join(path.absolute().with_suffix("").parts[-2:]) in course.ids


@dataclass(frozen=True)
class _Folder:
    """A workspace, or a folder of files that are named as exercises are."""

    path: Path
    course: Course

    @cached_property
    def files(self) -> dict[str, Path]:
        """Where each exercise's file would be."""
        root = self.path / "exercises" if (self.path / "exercises").is_dir() else self.path
        loose = {each.id: self.path / f"{name}.py" for name, each in _by_name(self.course).items()}
        placed = {each.id: root / each.track / f"{each.name}.py" for each in self.course.exercises}
        unplaced = [id for id, each in placed.items() if not _present(each) and _present(loose.get(id))]
        return placed | {id: loose[id] for id in unplaced}

    @property
    def holds_any(self) -> bool:
        return any(map(_present, self.files.values())) or _present(self.path / "exercises")

    def has(self, id: str) -> bool:
        return _present(self.files[id])

    def place(self, id: str) -> str:
        return str(self.files[id])

    def read(self, id: str) -> bytes:
        _refuse_links(self.path, self.files[id])
        return read_bytes(self.files[id])


def _folder(path: Path, course: Course, ids: Sequence[str], depth: int = 0) -> _Archive | _Folder | _File:
    """The workspace in a student's folder: the folder itself, or the one thing in it that can be one."""
    found = _Folder(path, course)
    if found.holds_any:
        return found
    inside = [each for each in _children(path) if each.is_dir() or is_archive(each) or each.suffix == ".py"]
    if len(inside) > 1:
        raise SubmissionError(f"{path} holds {len(inside)} things that could be the submission. Leave one there.")
    if not inside or depth >= DEEPEST:
        return found
    _refuse_links(path, inside[0])
    if is_archive(inside[0]):
        return _archive(inside[0], course, ids)
    if inside[0].is_dir():
        return _folder(inside[0], course, ids, depth + 1)
    return _File(inside[0], _exercise_of(course, inside[0], ids))


@dataclass(frozen=True)
class _Archive:
    """What an archive holds, in memory."""

    path: Path
    members: dict[str, tuple[str, bytes]]
    """Exercise → name in the archive, and content."""

    def has(self, id: str) -> bool:
        return id in self.members

    def place(self, id: str) -> str:
        return f"{self.path}/{self.members[id][0] if id in self.members else f'{id}.py'}"

    def read(self, id: str) -> bytes:
        if id not in self.members:
            raise SubmissionError(f"{self.place(id)} does not exist. Check the name.")
        return self.members[id][1]


def _archive(path: Path, course: Course, ids: Sequence[str]) -> _Archive:
    """The one workspace in an archive, or its files that are named as exercises are."""
    found = read_archive(path, lambda name: name.endswith(".py") and not PurePosixPath(name).name.startswith("."))
    placed: dict[str, dict[str, str]] = {}
    for name in found:
        *above, track, file = ("", *PurePosixPath(name).with_suffix("").parts)
        if f"{track}/{file}" in course.ids and not any(part.startswith(".") for part in above):
            placed.setdefault("/".join(above), {})[f"{track}/{file}"] = name
    if len(placed) > 1:
        roots = sorted(placed, key=lambda each: (each.count("/"), each))
        if roots[0].count("/") == roots[1].count("/"):
            raise SubmissionError(
                f"{path} holds more than one workspace ({roots[0] or '.'}, {roots[1]}). Hand in one archive for each."
            )
        placed = {roots[0]: placed[roots[0]]}
    if placed:
        (chosen,) = placed.values()
    else:
        chosen = _loose(path, found, course, ids)
    return _Archive(path, {id: (name, found[name]) for id, name in chosen.items()})


def _loose(path: Path, found: dict[str, bytes], course: Course, ids: Sequence[str]) -> dict[str, str]:
    """Exercise → name, of files that stand outside any track; a single file may answer the exercise that was named."""
    if len(found) == 1 and len(ids) == 1:
        return {ids[0]: next(iter(found))}
    known, chosen = _by_name(course), dict[str, str]()
    for name in found:
        exercise = known.get(PurePosixPath(name).stem)
        if exercise and exercise.id in chosen:
            raise SubmissionError(f"{path} holds two files for {exercise.id}. Leave one of them.")
        if exercise:
            chosen[exercise.id] = name
    return chosen


def _present(path: Path | None) -> bool:
    return path is not None and (path.is_symlink() or path.exists())


def _refuse_links(folder: Path, path: Path) -> None:
    """A link could name any file of the machine, a solution too."""
    for each in (path, *path.parents):
        if each == folder:
            return
        if each.is_symlink():
            raise SubmissionError(f"{each} is a link, and links are not followed. Put the file itself there.")
