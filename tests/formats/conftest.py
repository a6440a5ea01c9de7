"""One class of students with hostile names and files, graded once; every format is held against it."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from tutor.core.batch import Result, grade_paths
from tutor.core.course import Course, load_course
from tutor.core.graded import Graded
from tutor.core.grading import Grader, GradingSettings
from tutor.core.scoring import Policy

TOY = Path(__file__).parents[1] / "toy"
TEXTS = (
    "=cmd|'/C calc'!A0",
    "\u202egnp.evil\u202c",
    "two\nlines\r\n::error file=x::y",
    "\x1b[2J\x1b]0;title\x07",
    "]]><failure/>&amp;<!--",
    "```\n~~~\n# Heading\n<script>alert(1)</script> [link](javascript:x) ![](y) |a|b|",
    "::add-mask::x,y:z%0A%25##[add-path]/",
    "\x00\x08\ufffe\uffff\x85\u2028\u200b",
    "＝SUM(A1)",
    "\t-1+1",
    '"; drop, quote"',
)
"""What a name, an exception, a printed line or a returned value may be."""


def hostile_name(text: str) -> str:
    return text.replace("/", "\u2044").replace("\x00", "\x01")


def write(folder: Path, text: str) -> Path:
    file = folder / "lines/slope.py"
    file.parent.mkdir(parents=True)
    file.write_text(text, encoding="utf-8")
    return folder


def hand_in(root: Path) -> list[Path]:
    """The class's folders: two ordinary ones, then one for each thing that may be wrong, under a hostile name."""
    folders = [
        Path(shutil.copytree(TOY / kind, root / name)) for kind, name in (("solutions", "alice"), ("exercises", "bob"))
    ]
    for number, text in enumerate(TEXTS):
        body = (f"print({text!r})\n    raise ValueError({text!r})", f"print({text!r})\n    return {text!r}")[number % 2]
        folders.append(write(root / hostile_name(text), f"def slope(x0, y0, x1, y1):\n    {body}\n"))
    head = "def slope(x0, y0, x1, y1):\n"
    folders += [
        write(root / "cannot be read", f"{head}    return '```' (  # <b>\n"),
        write(
            root / "takes a shortcut",
            f"import statistics\n{head}    return statistics.linear_regression([x0, x1], [y0, y1]).slope\n",
        ),
        write(root / "runs away", f"{head}    while True: pass\n"),
        write(root / "lost the sign", f"{head}    return (y1 - y0) / abs(x1 - x0)\n"),
        write(root / "misses the function", "x = 1\n"),
        write(root / "ends when imported", f"1 / 0\n{head}    return 1.0\n"),
        write(root / "links", head),
        write(root / "not text", head),
    ]
    link = folders[-2] / "lines/slope.py"
    link.unlink()
    link.symlink_to(TOY / "solutions/lines/slope.py")
    (folders[-1] / "lines/slope.py").write_bytes(b"x = '\xe9'")
    return [*folders, root / "not there.py"]


@pytest.fixture(scope="session")
def course() -> Course:
    return load_course(TOY)


@pytest.fixture(scope="session")
def graded(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Graded:
    """The class, graded by the real grader; and a result whose name is a path, and one on which the grader broke."""
    settings = GradingSettings(seed=7, cases=5, call_seconds=0.2, shrink_seconds=0.2)
    paths = hand_in(tmp_path_factory.mktemp("class"))
    with Grader(course, settings=settings) as grader:
        results = list(grade_paths(grader, course, paths, []))
    odd = replace(results[0], student="../../etc/\udcffpasswd")
    broken = Result("broken.py", "lines/slope", "broken", problem=f"The grader ended.\n{TEXTS[5]}", student="-rf")
    return Graded(
        course, settings, Policy(weights={"lines/slope": 3.0}, weights_from="w.toml"), [*results, odd, broken]
    )


@pytest.fixture(scope="session")
def texts() -> tuple[str, ...]:
    return TEXTS
