"""What each room of the program loads, in fresh interpreters: contracts see only what is written."""

from __future__ import annotations

import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import tutor

TOY = Path(__file__).parents[1] / "toy"

HEAVY = {"torch", "numpy", "hypothesis", "safetensors"}

SHOW_MODULES = """
import importlib, sys
for name in sys.argv[1].split(","):
    importlib.import_module(name)
print(*sys.modules)
"""

SHOW_MODULES_OF_A_COMMAND = """
import sys
from tutor.cli import main
try:
    main(sys.argv[1].split(","))
except SystemExit as end:
    assert end.code == 0, end.code
print("MODULES", *sys.modules)
"""


def python(code: str, words: list[str]) -> str:
    command = [sys.executable, "-P", "-c", code, ",".join(words)]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=True).stdout


def loaded(*names: str) -> set[str]:
    """Names of all modules after these were imported in a fresh interpreter."""
    return set(python(SHOW_MODULES, list(names)).split())


def modules_in(room: str) -> list[str]:
    path = [str(Path(tutor.__file__).parent / room)]
    return [name for _, name, _ in pkgutil.walk_packages(path, f"tutor.{room}.")]


def test_the_core_loads_the_standard_library_only():
    ours = {name.partition(".")[0] for name in loaded(*modules_in("core")) - loaded("sys")}
    assert ours - set(sys.stdlib_module_names) == {"tutor"}


@pytest.mark.parametrize("room", ["cli", "authoring.linter", "authoring.scaffold", "authoring.table"])
def test_the_command_line_loads_neither_torch_nor_textual(room):
    assert loaded(f"tutor.{room}") & (HEAVY | {"textual", "tutor.kit", "tutor.grader", "tutor.worker"}) == set()


@pytest.mark.parametrize("words", [["list"], ["show", "slope"], ["version"]])
def test_light_commands_load_nothing_heavy(words):
    output = python(SHOW_MODULES_OF_A_COMMAND, ["--course", str(TOY), *words])
    assert set(output.partition("MODULES")[2].split()) & (HEAVY | {"textual", "watchfiles"}) == set()


def test_the_screens_load_no_torch():
    assert loaded(*modules_in("tui")) & HEAVY == set()


def test_drawing_loads_neither_torch_nor_textual():
    assert loaded(*modules_in("drawing")) & (HEAVY | {"textual", "click"}) == set()


def test_computing_a_picture_loads_no_screen_and_nothing_that_knows_an_answer():
    ours = loaded("tutor.pictures.painters", "tutor.pictures.__main__")
    assert ours & {"textual", "rich", "hypothesis", "tutor.kit", "tutor.grader", "tutor.tui", "tutor.drawing"} == set()


def test_the_worker_loads_nothing_that_knows_an_answer():
    ours = {name for name in loaded(*modules_in("worker")) if name.startswith("tutor.")}
    assert ours <= {
        "tutor.wire",
        "tutor.probes",
        "tutor.promises",
        "tutor.clear",
        "tutor.worker",
        *modules_in("worker"),
    }


@pytest.mark.parametrize(
    "package", ["kit", "core", "grader", "worker", "trainer", "pictures", "drawing", "authoring", "tui"]
)
def test_a_package_itself_loads_nothing(package):
    ours = {name for name in loaded(f"tutor.{package}") if name.partition(".")[0] in ({"tutor"} | HEAVY)}
    assert ours == {"tutor", f"tutor.{package}"}
