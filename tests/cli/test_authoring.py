"""`tutor course check` and `tutor course new`, as subprocesses."""

from __future__ import annotations

from pathlib import Path

import pytest

SLOPE = "lines/slope.py"

IDLE = """@prop(x=SMALL)
def idle(you, x):
    "It is true of every mistake."
    close(you.slope(0.0, 0.0, 1.0, 1.0), 1.0)


"""


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_the_toy_course_is_sound(tutor, validate):
    done = tutor("course", "check", "--format", "json")
    data = validate(done.stdout)
    assert done.returncode == 0, done.stdout
    assert (data["killed"], data["named"], data["total"], data["problems"]) == (10, 10, 10, [])
    slope = data["exercises"][0]
    assert slope["mistakes"][1]["by"] == ["does_not_depend_on_the_order_of_the_points"]
    assert "10 of 10 mistakes caught, 10 named." in tutor("course", "check").stdout


@pytest.mark.parametrize(
    ("path", "old", "new", "sentence"),
    [
        (
            "exercises/lines/slope.py",
            "    raise NotImplementedError",
            "    return 1.0",
            "The stub is failed, not unwritten",
        ),
        ("solutions/lines/slope.py", "(y1 - y0)", "(y0 - y1)", "The solution is failed, not passed"),
        ("solutions/lines/slope.py", "y1: float) ", "y1: float = 0.0) ", "Make them agree"),
        ("solutions/lines/slope.py", "def slope(", "def hill(", "The solution has no slope"),
        ("exercises/lines/slope.py", "Watch: toy lecture 1, 0:01:00\n", "", "The stub has no line `Watch: …`"),
        ("exercises/lines/slope.py", "Time: 5 minutes\n", "", "The stub has no line `Time: … minutes`"),
        ("reference/lines/slope.py", '"How far up, and how far along?"', '" "', "HINTS has fewer than 2"),
        ("reference/lines/slope.py", '"/ (x1 - x0)"', '"/ (x1 - x2)"', "stands 0 times in the solution"),
        ("reference/lines/slope.py", '"/ abs(x1 - x0)"', '"/ (x1 - x0) ** 1"', "is caught by no property"),
        ("exercises/course.toml", '["slope", "line"]', '["line", "slope"]', "which does not come earlier"),
        (
            "solutions/lines/slope.py",
            "\n\ndef",
            "\n\nfrom exercises.sums.total import total\n\n\ndef",
            "the stub does not",
        ),
    ],
)
def test_what_is_unsound_is_told(tutor, toy_root, path, old, new, sentence):
    edit(toy_root / path, old, new)
    done = tutor("course", "check", "lines" if path.endswith(".toml") else "slope", course=toy_root)
    assert done.returncode == 1, done.stdout + done.stderr
    assert sentence in done.stdout


def test_a_property_that_catches_no_mistake_is_told(tutor, toy_root):
    edit(toy_root / "reference/lines/slope.py", "HINTS =", f"{IDLE}HINTS =")
    done = tutor("course", "check", "slope", course=toy_root)
    assert done.returncode == 1 and "idle catches no mistake" in done.stdout


def test_files_without_a_counterpart_are_told(tutor, toy_root):
    (toy_root / "solutions/sums/product.py").write_text("", encoding="utf-8")
    (toy_root / "exercises/sums/README.md").unlink()
    done = tutor("course", "check", course=toy_root)
    assert done.returncode == 1
    assert "solutions/sums/product.py belongs to no exercise" in done.stdout
    assert "exercises/sums/README.md is missing" in done.stdout


def test_a_missing_reference_is_told_and_the_rest_is_looked_at(tutor, toy_root):
    (toy_root / "reference/lines/slope.py").unlink()
    done = tutor("course", "check", course=toy_root)
    assert done.returncode in (1, 3) and "slope.py cannot be read" in done.stdout
    assert "sound    sums/total" in done.stdout


def test_a_new_exercise_is_sound_as_it_is_written(tutor, toy_root, validate):
    manifest = toy_root / "exercises/course.toml"
    done = tutor("course", "new", "sums/squares", course=toy_root)
    assert done.returncode == 0
    assert [Path(line).exists() for line in done.stdout.splitlines()] == [True] * 4
    assert '"running_mean", "squares"' in manifest.read_text(encoding="utf-8")
    assert manifest.read_text(encoding="utf-8").startswith("# A course without torch")
    checked = tutor("course", "check", "squares", course=toy_root)
    assert checked.returncode == 0, checked.stdout


def test_a_new_course_starts_with_its_first_exercise(tutor, tmp_path):
    assert tutor("course", "new", "first_steps/add", course=tmp_path / "mine").returncode == 0
    assert tutor("course", "new", "second/multiply", course=tmp_path / "mine").returncode == 0
    checked = tutor("course", "check", course=tmp_path / "mine")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "2 of 2 exercises sound" in checked.stdout


def test_an_exercise_that_exists_is_never_overwritten(tutor, toy_root):
    done = tutor("course", "new", "lines/slope", course=toy_root)
    assert done.returncode == 2 and "exists already" in done.stderr
    assert "The slope between" in (toy_root / "exercises" / SLOPE).read_text(encoding="utf-8")


@pytest.mark.parametrize("id", ["slope", "a/b/c", "Lines/slope", "lines/01", "../x"])
def test_an_id_that_cannot_be_imported_is_refused(tutor, toy_root, id):
    done = tutor("course", "new", id, course=toy_root)
    assert done.returncode == 2 and "snake_case" in done.stderr
