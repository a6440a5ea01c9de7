from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tutor.core.course import Course

Right = Callable[[str], str]


@pytest.fixture
def right(toy: Course) -> Right:
    """The solution of an exercise of the toy course."""
    return lambda id: toy.exercise(id).solution.read_text(encoding="utf-8")


@pytest.fixture
def hand_in(tmp_path: Path) -> Callable[..., Path]:
    """Writes files below a student's folder: `hand_in("alice", {"lines/slope.py": text})`."""

    def write(student: str, files: dict[str, str]) -> Path:
        for name, text in files.items():
            path = tmp_path / "class" / student / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return tmp_path / "class" / student

    return write
