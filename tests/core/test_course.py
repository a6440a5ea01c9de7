from __future__ import annotations

from pathlib import Path

import pytest

from tutor.core.course import aha, default_course_root, hints, load_course
from tutor.core.errors import CourseError, UnknownExercise


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_order_comes_from_the_manifest_and_everything_else_from_the_files(toy):
    assert [each.id for each in toy.exercises] == ["lines/slope", "lines/line", "sums/total", "sums/running_mean"]
    assert [track.title for track in toy.tracks] == ["Straight lines", "Sums"]
    slope = toy.exercise("lines/slope")
    assert (slope.title, slope.watch, slope.minutes) == (
        "The slope between two points",
        "toy lecture 1, 0:01:00",
        5,
    )
    assert slope.lesson.startswith("How much `y` rises") and "Watch:" not in slope.lesson


def test_needs_are_the_stubs_imports_and_close_over_their_own(toy):
    assert toy.exercise("lines/line").needs == ("lines/slope",)
    assert [each.id for each in toy.all_needs(toy.exercise("sums/running_mean"))] == ["sums/total"]


def test_hints_and_aha_are_read_without_running_the_reference(toy_root):
    reference = toy_root / "reference/lines/slope.py"
    reference.write_text("raise SystemExit('it ran')\n" + reference.read_text(encoding="utf-8"), encoding="utf-8")
    slope = load_course(toy_root).exercise("lines/slope")
    assert hints(slope)[0] == "How far up, and how far along?"
    assert aha(slope).startswith("A slope is a rate")
    assert aha(load_course(toy_root).exercise("sums/total")) == ""


@pytest.mark.parametrize(
    ("wrong", "near"), [("lines/slop", "lines/slope"), ("slope", "lines/slope"), ("total", "sums/total")]
)
def test_an_unknown_id_is_answered_with_the_nearest(toy, wrong, near):
    with pytest.raises(UnknownExercise, match=f"Did you mean '{near}'"):
        toy.exercise(wrong)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("format_version = 1", "format_version = 2", "newer than this tutor.*Update tutor"),
        ("format_version = 1", "format_version = 0", "Take a newer version of the course"),
        ("format_version = 1", "", "Add the line format_version = 1"),
        ('title = "Toy course"', "title = 3", "'title' must be there and be a text"),
        ('title = "Toy course"', 'titel = "Toy"', "unknown key 'titel'. Did you mean 'title'"),
        ('"total"', '"Total"', "snake_case"),
        ('"total"', '"01_total"', "snake_case"),
        ('"total"', '"slope", "slope"', "slope.py cannot be read"),
        ('["slope", "line"]', '["slope", "line", "slope"]', "names 'lines/slope' twice"),
        ('["slope", "line"]', '["line"]', "imports 'lines/slope', which course.toml does not name"),
        ("packages = []", "packages = [", "not valid TOML"),
        (
            "packages = []",
            'weights = {"lines/slop" = 2}',
            r"\[weights\]: there is no exercise 'lines/slop'. Did you mean",
        ),
        (
            "packages = []",
            'weights = {"lines/slope" = -1}',
            "weight of 'lines/slope' must be a number from 0 to 1,000,000",
        ),
        ("packages = []", "weights = 3", "'weights' must be there and be a table"),
    ],
)
def test_a_wrong_manifest_is_told_in_a_sentence(toy_root, old, new, sentence):
    edit(toy_root / "exercises/course.toml", old, new)
    with pytest.raises(CourseError, match=sentence):
        load_course(toy_root)


def test_an_exercise_weighs_what_the_manifest_says_else_one(toy_root):
    manifest = toy_root / "exercises/course.toml"
    edit(manifest, '[[track]]\nid = "lines"', '[weights]\n"sums/total" = 2.5\n\n[[track]]\nid = "lines"')
    weights = {each.id: each.weight for each in load_course(toy_root).exercises}
    assert weights == {"lines/slope": 1.0, "lines/line": 1.0, "sums/total": 2.5, "sums/running_mean": 1.0}


def test_a_folder_without_a_course_says_what_is_missing(tmp_path):
    with pytest.raises(CourseError, match=r"exercises/course.toml cannot be read .*--course"):
        load_course(tmp_path)


def test_a_stub_with_a_syntax_error_names_file_and_line(toy_root):
    edit(toy_root / "exercises/sums/total.py", "def total(", "def total((")
    with pytest.raises(CourseError, match=r"total\.py, line \d+: "):
        load_course(toy_root)


def test_the_courses_own_root_holds_its_manifest():
    assert (default_course_root() / "exercises" / "course.toml").is_file()
