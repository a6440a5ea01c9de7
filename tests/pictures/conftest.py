"""The course's solutions, importable as a picture's process imports them, and a workspace of the course."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tutor.core.course import Course, default_course_root, load_course
from tutor.core.picture import Picture, picture_from
from tutor.core.workspace import Workspace, init_workspace
from tutor.worker import finder


@pytest.fixture(scope="session")
def course() -> Course:
    return load_course(default_course_root())


@pytest.fixture
def place(course: Course, home: Path) -> Workspace:
    """A fresh workspace of the course."""
    init_workspace(home / "tutor", course)
    return Workspace.open(home / "tutor", course)


@pytest.fixture
def solutions(course: Course) -> Iterator[None]:
    """`import exercises.…` finds the solutions, until the test ends."""
    import torch

    before, threads = list(sys.meta_path), torch.get_num_threads()
    torch.set_num_threads(1)  # as in the process
    finder.install(
        {
            f"exercises.{each.id.replace('/', '.')}": (each.solution.read_text(encoding="utf-8"), str(each.solution))
            for each in course.exercises
        }
    )
    yield
    finder.install({})
    sys.meta_path[:] = before
    torch.set_num_threads(threads)


@pytest.fixture
def paint(solutions: None) -> Callable[..., Picture]:
    """`paint("graph", on="a=1; a+a")`: the picture, as it would come through the pipe."""
    from tutor.core.gallery import find_subject
    from tutor.pictures.painters import PAINTERS

    def painted(name: str, on: str | None = None, **order: object) -> Picture:
        asked = find_subject(name).on if on is None else on
        made = PAINTERS[name]({"picture": name, "on": asked, "run": None, **order}, lambda text: None)
        assert picture_from(made.to_json()) == made
        return made

    return painted
