"""What every test may use: the toy course, and a home folder of its own so that nobody's real one is touched."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from tutor.core.course import Course, load_course
from tutor.core.workspace import Workspace, init_workspace

settings.register_profile("tutor", derandomize=True, deadline=None, database=None)
settings.load_profile("tutor")  # the same cases in each run: what fails here fails everywhere

TOY = Path(__file__).parent / "toy"
"""A course without torch."""


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home folder, and no settings from the environment."""
    folder = tmp_path_factory.mktemp("home")
    for name in ("TUTOR_WORKSPACE", "TUTOR_POLL", "NO_COLOR", "FORCE_COLOR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("USERPROFILE", str(folder))
    monkeypatch.setenv("XDG_STATE_HOME", str(folder / ".state"))
    monkeypatch.setenv("XDG_DATA_HOME", str(folder / ".data"))
    return folder


@pytest.fixture
def toy_root(tmp_path: Path) -> Path:
    """A copy of the toy course that a test may change."""
    return Path(shutil.copytree(TOY, tmp_path / "course"))


@pytest.fixture
def toy() -> Course:
    """The toy course."""
    return load_course(TOY)


@pytest.fixture
def workspace(toy: Course, tmp_path: Path) -> Workspace:
    """A fresh workspace of the toy course."""
    root = tmp_path / "workspace"
    init_workspace(root, toy)
    return Workspace.open(root, toy)


@pytest.fixture
def solved(workspace: Workspace) -> Workspace:
    """A workspace in which every file is the solution."""
    for exercise in workspace.course.exercises:
        workspace.write(exercise.id, exercise.solution.read_text(encoding="utf-8"))
    return workspace


Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def tutor(tmp_path: Path) -> Run:
    """Runs the command line as a subprocess on the toy course: `tutor("list", "--format", "json")`."""

    def run(*words: object, course: Path | None = TOY, cwd: Path = tmp_path, **more: object) -> object:
        options = ["--course", str(course)] if course else []
        command = [sys.executable, "-P", "-m", "tutor", *options, *map(str, words)]
        return subprocess.run(  # type: ignore[call-overload]
            command,
            cwd=cwd,
            env=dict(os.environ),
            encoding="utf-8",
            capture_output=True,
            stdin=more.pop("stdin", subprocess.DEVNULL),
            timeout=300,
            check=False,
            **more,
        )

    return run  # type: ignore[return-value]
