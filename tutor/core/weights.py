"""What each exercise is worth: a table of ids and points, in course.toml under [weights] or in a file of its own."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Collection, Mapping
from pathlib import Path

from tutor.core.errors import CourseError
from tutor.core.nearest import nearest


def read_weights(path: Path, known: Collection[str]) -> dict[str, float]:
    """The points in a TOML file of lines like `"attention/softmax" = 2`. Raises CourseError if it cannot be used."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CourseError(f"{path} cannot be read ({error.strerror}). Name a file of weights.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CourseError(f"{path} is not valid TOML: {error}. {_FORM}") from error
    return checked_weights(str(path), data, known)


def checked_weights(place: str, table: Mapping[str, object], known: Collection[str]) -> dict[str, float]:
    """The table as numbers. Raises CourseError, which begins with `place`, for an unknown id or what is no weight."""
    return {id: _weight(place, id, value, known) for id, value in table.items()}


def _weight(place: str, id: str, value: object, known: Collection[str]) -> float:
    if isinstance(value, dict):
        raise CourseError(f"{place}: {id!r} is a table. {_FORM}")
    if id not in known:
        raise CourseError(f"{place}: there is no exercise {id!r}. {nearest(id, known)}")
    if isinstance(value, bool) or not isinstance(value, int | float) or not _fits(value):
        raise CourseError(f"{place}: the weight of {id!r} must be a number from 0 to {MOST:,}. Correct it.")
    return float(value)


def _fits(value: float) -> bool:
    return not math.isnan(value) and 0 <= value <= MOST


MOST = 1_000_000
"""A larger weight is a slip of the keyboard."""

_FORM = 'Write one exercise a line, its id in quotes: "track/name" = 2.'
