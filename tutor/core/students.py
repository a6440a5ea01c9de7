"""Who handed something in, and a name for a file about them; names are the students' own and not to be trusted."""

from __future__ import annotations

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from tutor.core.batch import Result

MOST_BYTES = 100
"""Length of a file's name, so that an ending and a path fit around it on every system."""


@dataclass(frozen=True)
class Student:
    """One student and all that they handed in."""

    name: str
    """As it was given; the submission's path where nobody was named."""
    results: list[Result] = field(default_factory=list)


def who(result: Result) -> str:
    """Whose submission it is: the student, else the file."""
    return result.student or result.submission


def students(results: Iterable[Result]) -> tuple[Student, ...]:
    """The students in the order in which they come first."""
    found: dict[str, Student] = {}
    for each in results:
        found.setdefault(who(each), Student(who(each))).results.append(each)
    return tuple(found.values())


def file_names(names: Iterable[str]) -> dict[str, str]:
    """For each name one that a file may have anywhere, without an ending, each another.

    A name that is one already stays. Any other keeps its letters and gets digits of its SHA-256, and so does one that
    differs from another only in what some file systems do not tell apart.
    """
    found = {each: each if each and _safe(each) == each else _numbered(each, 8) for each in names}
    for digits in (8, 64):  # once for the likely twins, once for those whom someone made to look like another's number
        folded = Counter(map(_folded, found.values()))
        found = {key: _numbered(key, digits) if folded[_folded(name)] > 1 else name for key, name in found.items()}
    return found


def _numbered(name: str, digits: int) -> str:
    number = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:digits]
    return f"{_safe(name) or 'student'}-{number}"


def _safe(name: str) -> str:
    """The name in letters, digits and the few signs that no system gives a meaning to; '' if there are none."""
    kept = "".join(each if _harmless(each) else "_" for each in unicodedata.normalize("NFC", name))
    kept = kept.encode()[:MOST_BYTES].decode(errors="ignore").lstrip(" .-~").rstrip(" .")
    return f"_{kept}" if kept.partition(".")[0].strip().upper() in _DEVICES else kept


def _harmless(character: str) -> bool:
    return character in " .,-_+" or unicodedata.category(character)[0] in "LNM"


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()


_DEVICES = {"CON", "PRN", "AUX", "NUL", *(f"{name}{number}" for name in ("COM", "LPT") for number in "0123456789¹²³")}
"""Names that are no files on Windows, whatever their ending."""
