"""The manifest of a course, `exercises/course.toml`: the order of all there is, and nothing that can be derived.

A small one:

    format_version = 1
    title = "From a slope to your own GPT"
    packages = ["torch", "numpy"]     # what learner code may import beyond the standard library

    [weights]                         # optional; where points are given, what is not named here weighs 1
    "micrograd/backward" = 2

    [[track]]
    id = "micrograd"
    exercises = ["value", "backward"]
    year = 1986                       # optional, with the paper: its place in history
    paper = "Rumelhart, Hinton & Williams, …"

    [[track.milestone]]               # optional; a number to reach or to compare with, or in its place
    what = "A bigram table on names"  # preset = "l7": the loss that a training with that preset should reach
    number = 2.454
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tutor.core.errors import CourseError
from tutor.core.nearest import nearest

FORMAT_VERSION = 1
"""Version of the shape of a course, apart from the program's own version."""

_KEYS = {"format_version": int, "title": str, "packages": list, "weights": dict, "track": list}
_TRACK_KEYS = {"id": str, "exercises": list, "year": int, "paper": str, "milestone": list}
_TRACK_DEFAULTS: dict[str, Any] = {"year": 0, "paper": "", "milestone": []}
_MILESTONE_KEYS = {"what": str, "number": float, "preset": str}
_MILESTONE_DEFAULTS = {"number": 0.0, "preset": ""}
_WORDS = {int: "number", float: "number", str: "text", list: "list", dict: "table"}


def read_manifest(path: Path) -> dict[str, Any]:
    """What the file says, its tracks as they stand there. Raises CourseError, with the line or key to correct."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CourseError(
            f"{path} cannot be read ({error.strerror}). Give the folder that holds exercises/course.toml to --course."
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CourseError(f"{path} is not valid TOML: {error}. Correct that line.") from error
    _refuse_other_version(path, data.get("format_version"))
    return _checked(path, {"packages": [], "weights": {}, **data}, _KEYS)


def _refuse_other_version(path: Path, version: object) -> None:
    if not isinstance(version, int):
        raise CourseError(f"{path} does not say its format. Add the line format_version = {FORMAT_VERSION}.")
    if version > FORMAT_VERSION:
        raise CourseError(
            f"{path} is in format {version}, newer than this tutor, which reads {FORMAT_VERSION}. Update tutor."
        )
    if version < FORMAT_VERSION:
        raise CourseError(
            f"{path} is in format {version}; this tutor reads {FORMAT_VERSION}. Take a newer version of the course."
        )


def _checked(path: Path, data: dict[str, Any], keys: Mapping[str, type]) -> dict[str, Any]:
    for key in data:
        if key not in keys:
            raise CourseError(f"{path}: unknown key {key!r}. {nearest(key, keys)}")
    for key, kind in keys.items():
        if not isinstance(data.get(key), kind):
            raise CourseError(f"{path}: {key!r} must be there and be a {_WORDS[kind]}. Correct it.")
    return data


def checked_track(manifest: Path, data: object) -> dict[str, Any]:
    """One [[track]] with all its keys, and its milestones with all of theirs. Raises CourseError."""
    if not isinstance(data, dict):
        raise CourseError(f"{manifest}: write each track as a table under [[track]].")
    track = _checked(manifest, {**_TRACK_DEFAULTS, **data}, _TRACK_KEYS)
    for name in (track["id"], *track["exercises"]):
        _refuse_illegal(manifest, name)
    return {**track, "milestone": [_milestone(manifest, each) for each in track["milestone"]]}


def _milestone(manifest: Path, data: object) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise CourseError(f"{manifest}: write each milestone as a table under [[track.milestone]].")
    data = {**_MILESTONE_DEFAULTS, **data}
    if isinstance(data["number"], int) and not isinstance(data["number"], bool):
        data["number"] = float(data["number"])
    return _checked(manifest, data, _MILESTONE_KEYS)


def _refuse_illegal(manifest: Path, name: object) -> None:
    if not isinstance(name, str) or not name.isidentifier() or name != name.lower() or name.startswith("_"):
        raise CourseError(
            f"{manifest}: {name!r} cannot be imported. Names are lower-case words joined by _ (snake_case)."
        )
