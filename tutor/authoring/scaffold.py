"""`tutor course new`: the files of a new exercise, whose comments are the manual, and its place in the manifest."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from tutor.core.atomic import write_atomically
from tutor.core.course import FOLDERS
from tutor.core.errors import CourseError
from tutor.core.manifest import FORMAT_VERSION


def new_exercise(root: Path, id: str) -> list[Path]:
    """Writes stub, solution and reference of `track/name` and names it last in its track; returns what was written.

    A track or a course that is not there yet is made. Raises CourseError if a file of that name exists.
    """
    track, name = _names(id)
    texts = dict(zip(FOLDERS, (STUB, SOLUTION, REFERENCE), strict=True))
    files = {root / folder / track / f"{name}.py": text.replace("NAME", name) for folder, text in texts.items()}
    for path in files:
        if path.exists():
            raise CourseError(f"{path} exists already. Choose another name, or edit that file.")
    readme = root / "exercises" / track / "README.md"
    if not readme.exists():
        files[readme] = README.replace("TRACK", track.replace("_", " ").capitalize())
    manifest = root / "exercises" / "course.toml"
    files[manifest] = _with_exercise(manifest, track, name)
    try:
        for path, text in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, text)
    except OSError as error:
        raise CourseError(f"{error.filename or root} was not written ({error.strerror}). Make it writable.") from error
    return list(files)


def _names(id: str) -> tuple[str, str]:
    parts = id.split("/")
    if len(parts) != 2 or not all(part.isidentifier() and part == part.lower() for part in parts):
        raise CourseError(f"{id!r} is no id. Write track/name, both in snake_case, such as attention/softmax.")
    return parts[0], parts[1]


def _with_exercise(manifest: Path, track: str, name: str) -> str:
    """The manifest's text with one more exercise; its comments and order stay."""
    text = manifest.read_text(encoding="utf-8") if manifest.exists() else MANIFEST.format(version=FORMAT_VERSION)
    try:
        data: Any = tomlkit.parse(text)
    except TOMLKitError as error:
        raise CourseError(f"{manifest} is not valid TOML: {error}. Correct it first.") from error
    for each in data.get("track", ()):
        if each["id"] == track:
            each["exercises"].append(name)
            return tomlkit.dumps(data)
    return f'{text.rstrip()}\n\n[[track]]\nid = "{track}"\nexercises = ["{name}"]\n'


MANIFEST = """\
# Order and title of the course; everything else is read from the files themselves.
format_version = {version}
title = "A new course"
packages = []   # what learners may import beyond the standard library, such as "torch"
"""

README = """\
# TRACK

What this track is about, why its exercises come in this order, and what the learner can do at its end.
"""

STUB = '''\
"""NAME: one line that says what is written here.

Watch: the lecture and the time at which it does this
Time: 10 minutes

The lesson, in Markdown: what it is for, one small worked example with numbers, and the idea that makes it click.
The learner reads this page and writes the bodies below; names, parameters and docstrings are the contract.
To build on an earlier exercise, import it as in `from exercises.track.name import thing`: that declares the need.
"""


def NAME(numbers: list[float]) -> float:
    """The sum of the squares of `numbers`; 0.0 if there are none."""
    raise NotImplementedError
'''

SOLUTION = '''\
"""Why this way, and what else would be right; the lesson itself is not repeated here."""


def NAME(numbers: list[float]) -> float:
    """The sum of the squares of `numbers`; 0.0 if there are none."""
    return float(sum(number * number for number in numbers))
'''

REFERENCE = '''\
"""What NAME must do."""

import math

from hypothesis import strategies as st

from tutor.kit import close, mistake, oracle, prop

NUMBERS = st.lists(st.floats(-9, 9), max_size=5)


# The oracle is a library everyone trusts, or the definition in plain loops; never the solution.
@oracle
def expected(numbers):
    return math.fsum(number**2 for number in numbers)


# A property is a sentence that holds for every case; the first paragraph of its docstring
# is what the learner reads, and what follows says why it matters, to those who ask.
# `you` is the learner's module in another process.
@prop(numbers=NUMBERS)
def agrees_with_the_definition(you, numbers):
    "It is the sum of the squares."
    close(you.NAME(numbers), expected(numbers))


# From a nudge to nearly the answer, at least two.
HINTS = (
    "What is the square of one number? Now do that for each of them.",
    "sum() takes a generator: sum(… for number in numbers). Mind the type for an empty list.",
)

# What to take away, shown once it has passed.
AHA = "Squares never cancel, so this is 0 only if every number is."

# Each mistake is an edit of the solution (the old text must stand there exactly once) with the sentence that explains
# it. `tutor course check` proves that a property catches it; a learner who does the same is told so.
MISTAKES = (
    mistake("The numbers are added as they are: square each of them first.", "number * number", "number"),
    mistake("A sum of nothing is the int 0 here; the contract says 0.0.", "float(sum(", "(sum("),
)

# Names the learner may not use, such as "torch.softmax" where softmax is what is to be written.
FORBIDDEN = ()
'''
