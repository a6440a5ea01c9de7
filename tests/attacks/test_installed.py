"""An installed tutor: the course lies inside site-packages, beside the packages that learner code must be able to read.

The wheel is built and unpacked into an environment of its own, and answers are stolen from there, or not.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PARTS = ("tutor", "exercises", "solutions", "reference", "pyproject.toml", "README.md", "LICENSE")

THIEF = """

def stolen():
    {way}

exec(stolen())
"""
"""Stands below the stub: takes the answer where it lies and gives it as its own."""

WAYS = {
    "by_path": "return open({solution!r}).read()",
    "by_descriptor": "import os; return os.read(os.open({solution!r}, os.O_RDONLY), 100_000)",
    "beside_tutor": "import tutor; from pathlib import Path; "
    "return (Path(tutor.__path__[0]) / '_course/solutions' / {inside!r}).read_text()",
    "as_a_module": "import importlib; return importlib.import_module('tutor._course.solutions.{dotted}').__loader__"
    ".get_data({solution!r})",
    "as_a_resource": "from importlib import resources; "
    "return resources.files('tutor._course.solutions').joinpath({inside!r}).read_text()",
    "through_pkgutil": "import pkgutil; return pkgutil.get_data('tutor', '_course/solutions/' + {inside!r})",
    "by_listing_site_packages": "import os; top = os.path.dirname({course!r}); os.listdir(os.path.dirname(top)); "
    "return open({solution!r}).read()",
    "through_proc": "import os; return open(f'/proc/self/root' + {solution!r}).read()",
}
EXERCISE = "bigram/probs"

Grade = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment into which the wheel was unpacked."""
    source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("installed")
    for part in PARTS:
        place = ROOT / part
        kept = shutil.ignore_patterns("__pycache__", "*.pyc")
        shutil.copytree(place, source / part, ignore=kept) if place.is_dir() else shutil.copy(place, source)
    build = "from setuptools import build_meta; print(build_meta.build_wheel('.'))"
    subprocess.run([sys.executable, "-c", build], cwd=source, check=True, capture_output=True)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", target], check=True, capture_output=True)
    python = target / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    where = "import sysconfig; print(sysconfig.get_path('purelib'))"
    found = subprocess.run([python, "-c", where], check=True, capture_output=True, text=True).stdout.strip()
    (wheel,) = source.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(found)
    borrowed = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (Path(found) / "packages.pth").write_text("\n".join(sorted(borrowed)))
    return python


@pytest.fixture(scope="module")
def course(installed: Path) -> Path:
    code = "import json; from tutor.core.course import default_course_root; print(default_course_root())"
    answer = subprocess.run([installed, "-P", "-c", code], check=True, capture_output=True, text=True)
    return Path(answer.stdout.strip())


@pytest.fixture(scope="module")
def grade(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Grade:
    """Grades texts in one run of the installed command; the verdicts by name."""

    def run(texts: dict[str, str], **environment: str) -> dict[str, Any]:
        folder = tmp_path_factory.mktemp("submissions")
        files = [folder / f"{name}.py" for name in texts]
        for file, text in zip(files, texts.values(), strict=True):
            file.write_text(text)
        command = [installed, "-P", "-m", "tutor", "grade", *files, "--exercise", EXERCISE, "--format", "json"]
        where = {**os.environ, "HOME": str(folder), **environment}
        done = subprocess.run(command, cwd=folder, env=where, capture_output=True, text=True, check=False)
        results = json.loads(done.stdout)["results"]
        return {Path(each["submission"]).stem: each["report"]["verdict"] for each in results}

    return run


def thieves(course: Path) -> dict[str, str]:
    inside = f"{EXERCISE}.py"
    known = {
        "solution": str(course / "solutions" / inside),
        "course": str(course),
        "inside": inside,
        "dotted": EXERCISE.replace("/", "."),
    }
    stub = (course / "exercises" / inside).read_text()
    return {name: stub + THIEF.format(way=way.format(**known)) for name, way in WAYS.items()}


def test_the_questions_are_installed_with_the_course(course):
    tracks = {path.parent.name for path in (ROOT / "exercises").glob("*/quiz.toml")}
    assert tracks and {path.parent.name for path in (course / "exercises").glob("*/quiz.toml")} == tracks


def test_the_course_lies_in_site_packages(installed: Path, course: Path) -> None:
    assert course.is_relative_to(installed.parents[1])
    assert (course / "solutions" / f"{EXERCISE}.py").is_file()


def test_an_honest_answer_passes(course: Path, grade: Grade) -> None:
    assert grade({"honest": (course / "solutions" / f"{EXERCISE}.py").read_text()}) == {"honest": "passed"}


def test_no_way_leads_to_the_answer(course: Path, grade: Grade) -> None:
    verdicts = grade(thieves(course))
    assert set(verdicts) == set(WAYS)
    assert set(verdicts.values()) == {"raised"}


def test_without_landlock_the_same_ways_lead_there(course: Path, grade: Grade) -> None:
    verdicts = grade(thieves(course), TUTOR_SANDBOX_WITHOUT="landlock")
    assert verdicts == dict.fromkeys(WAYS, "passed")
