"""`tutor grade` on a class: policies, points, formats and folders, as a subprocess on the toy course."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path
from xml.etree import ElementTree

import pytest

TOTAL = """
def total(numbers):
    result, seen = 0.0, []
    for place, number in enumerate(numbers):
        if number is None:
            continue
        seen.append((place, number))
        result = result + number
    for place, number in reversed(seen):
        if numbers[place] != number:
            raise ValueError(place)
    return result if seen else 0.0
"""


@pytest.fixture
def students(toy, tmp_path) -> Path:
    """alice is right; bob's slope is wrong and his line builds on it; carol has alice's total under other names."""
    for name in ("alice", "bob", "carol"):
        shutil.copytree(toy.root / "solutions", tmp_path / "in" / name)
    slope = tmp_path / "in/bob/lines/slope.py"
    slope.write_text(slope.read_text().replace("/ (x1 - x0)", "/ abs(x1 - x0)"), encoding="utf-8")
    (tmp_path / "in/alice/sums/total.py").write_text(TOTAL, encoding="utf-8")
    renamed = TOTAL.replace("result", "so_far").replace("seen", "pairs")
    (tmp_path / "in/carol/sums/total.py").write_text('"""Mine."""\n' + renamed, encoding="utf-8")
    return tmp_path / "in"


def verdicts(data) -> dict[str, str]:
    return {each["exercise"]: each["report"]["verdict"] for each in data["results"]}


def borrowed(data) -> list[str]:
    return [each["exercise"] for each in data["results"] for need in each["report"]["needs"] if need["borrowed"]]


def test_whose_earlier_exercises_are_used_is_a_choice(tutor, students, validate):
    found = {}
    for policy in ("auto", "none", "solutions"):
        data = validate(tutor("grade", students / "bob", "--borrow", policy, "--format", "json").stdout)
        assert data["policy"]["borrow"] == policy
        found[policy] = (verdicts(data)["lines/line"], borrowed(data))
    assert found == {
        "auto": ("passed", ["lines/line"]),
        "none": ("skipped", []),
        "solutions": ("passed", ["lines/line", "sums/running_mean"]),
    }


def test_with_none_a_named_exercise_still_stands_on_the_students_own_files(tutor, students, validate):
    folders = (students / "alice", students / "bob", students / "carol/lines/line.py")
    done = tutor("grade", *folders, "--exercise", "lines/line", "--borrow", "none", "--format", "json")
    right, wrong, alone = validate(done.stdout)["results"]
    assert [each["report"]["verdict"] for each in (right, wrong, alone)] == ["passed", "skipped", "skipped"]
    assert wrong["points"] == {"earned": 0, "possible": 1}
    assert "it builds on lines/slope" in wrong["report"]["message"]
    assert wrong["report"]["message"].endswith("Get lines/slope to pass first.")


def test_points_by_property_by_exercise_and_by_weight(tutor, students, validate, tmp_path):
    weights = tmp_path / "exam.toml"
    weights.write_text('"lines/slope" = 4\n', encoding="utf-8")
    points = []
    for more in ((), ("--credit", "exercise"), ("--weights", weights)):
        data = validate(tutor("grade", students / "bob", "--format", "json", *more).stdout)
        points.append(data["students"][0]["points"])
    assert [(each["earned"], each["possible"]) for each in points] == [(3.5, 4), (3, 4), (5, 7)]
    assert data["policy"]["weights_from"] == "exam.toml"


def test_wrong_weights_are_told_before_anything_is_graded(tutor, students, tmp_path):
    done = tutor("grade", students / "bob", "--weights", tmp_path / "none.toml")
    assert done.returncode == 2 and "none.toml cannot be read" in done.stderr and done.stdout == ""


def test_the_figures_of_the_class_and_who_is_alike(tutor, students, validate):
    done = tutor("grade", *sorted(students.iterdir()), "--stats", "--format", "json")
    data = validate(done.stdout)
    slope, line = data["stats"][:2]
    assert (slope["submissions"], slope["passed"], slope["pass_rate"]) == (3, 2, 0.6667)
    assert slope["first_failing"][0]["name"] == "does_not_depend_on_the_order_of_the_points"
    assert slope["mistakes"] == [{"name": "", "sentence": "The sign of the run is lost: a slope can fall.", "count": 1}]
    assert slope["seconds"] > 0 and line["pass_rate"] == 1.0
    (group,) = data["similar"]  # all else is as short as an answer can be
    assert (group["exercise"], group["kind"]) == ("sums/total", "renamed")
    assert [each["student"] for each in group["members"]] == ["alice", "carol"]


def test_the_figures_as_text_accuse_nobody(tutor, students):
    done = tutor("grade", *sorted(students.iterdir()), "--stats")
    text = done.stdout[done.stdout.index("--borrow auto") :]
    assert "lines/slope  3 submissions, 67% passed, median" in text
    assert "recognised: 1 × The sign of the run is lost" in text
    assert "sums/total: alice, carol: the same program, but for layout, comments and the names of variables." in text
    assert "no more than that" in text
    for word in ("cheat", "copied", "plagiar", "identical"):
        assert word not in text.lower()


def test_every_format_says_the_policy_and_has_the_same_points(tutor, students, tmp_path):
    for each in ("line", "slope"):
        shutil.copy(students / "alice/lines" / f"{each}.py", students / "bob/lines")
    shutil.rmtree(students / "bob/sums")
    words = ("grade", students / "bob", "--borrow", "none", "--credit", "exercise", "--format")
    text = {
        form: tutor(*words, form).stdout
        for form in ("table", "text", "json", "junit", "csv", "gradescope", "markdown", "github")
    }
    assert sum(float(each["points"]) for each in csv.DictReader(io.StringIO(text["csv"]))) == 2
    assert json.loads(text["json"])["students"][0]["points"] == {"earned": 2.0, "possible": 2.0}
    assert json.loads(text["gradescope"])["score"] == 2.0
    points = ElementTree.fromstring(text["junit"].encode()).iterfind(".//property[@name='points']")
    assert sum(float(each.get("value")) for each in points) == 2
    for form in ("table", "text", "markdown", "github"):
        assert "2/2 points." in text[form], form
        assert "--borrow none" in text[form] and "--credit exercise" in text[form]


def test_feedback_is_a_file_for_each_student(tutor, students, tmp_path):
    folder = tmp_path / "feedback"
    folder.mkdir()
    (folder / "bob.md").write_text("my notes on bob", encoding="utf-8")
    for _ in range(2):
        done = tutor("grade", *sorted(students.iterdir()), "--format", "markdown", "--output", folder)
        assert (done.returncode, done.stdout) == (1, "") and "Wrote 3 files to" in done.stderr
    names = {each.name for each in folder.iterdir() if not each.name.startswith(".")}
    assert names == {"alice.md", "bob.md", "carol.md", "bob.md.backup-1"}
    assert (folder / "bob.md").read_text(encoding="utf-8").startswith("# Toy course: bob")


def test_gradescope_gets_one_student_a_file(tutor, students, tmp_path):
    one = tutor("grade", students / "alice", "--format", "gradescope", "--output", tmp_path / "results.json")
    assert one.returncode == 0 and json.loads((tmp_path / "results.json").read_text())["score"] == 4.0
    several = ("grade", students / "alice", students / "bob", "--format", "gradescope")
    for more in ((), ("--output", tmp_path / "all.json")):
        done = tutor(*several, *more)
        assert (
            done.returncode == 2 and "2 students handed in" in done.stderr and "Give --output a folder" in done.stderr
        )
    assert tutor(*several, "--output", tmp_path / "all").returncode == 1
    assert {each.name for each in (tmp_path / "all").glob("*.json") if each.name[0] != "."} == {
        "alice.json",
        "bob.json",
    }


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--format", "csv", "--stats"), "--stats goes with --format table, text, json"),
        (("--format", "csv", "--output", "."), "is one file. Name a file."),
        (("--format", "markdown", "--output", "a.py"), "feedback goes to a folder"),
    ],
)
def test_what_cannot_be_written_is_told_before_anything_is_graded(tutor, tmp_path, words, sentence):
    (tmp_path / "a.py").touch()
    done = tutor("grade", "a.py", "--exercise", "lines/slope", *words)
    assert done.returncode == 2 and sentence in done.stderr and done.stdout == ""
