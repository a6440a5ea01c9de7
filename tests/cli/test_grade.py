"""`tutor grade` on what others hand in, as a subprocess on the toy course."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

SLOPE = "lines/slope"


@pytest.fixture
def handed_in(solved, tmp_path) -> Path:
    """A workspace folder as a learner hands it in: right, but for sums/total."""
    solved.write("sums/total", "def total(numbers):\n    return float(sum(numbers[1:]))\n")
    return Path(shutil.move(solved.root, tmp_path / "alice"))


def test_a_folder_is_graded_exercise_by_exercise_with_its_own_needs(tutor, handed_in, validate):
    done = tutor("grade", handed_in, "--format", "json")
    data = validate(done.stdout)
    verdicts = {each["exercise"]: each["report"]["verdict"] for each in data["results"]}
    needs = {each["exercise"]: [need["borrowed"] for need in each["report"]["needs"]] for each in data["results"]}
    assert done.returncode == 1
    assert verdicts == {SLOPE: "passed", "lines/line": "passed", "sums/total": "failed", "sums/running_mean": "passed"}
    assert needs["lines/line"] == [False] and needs["sums/running_mean"] == [True]


def test_the_progress_in_a_submission_is_not_believed(tutor, handed_in, tmp_path, validate):
    progress = handed_in / ".tutor/progress.sqlite3"
    progress.write_bytes(b"everything passed, honestly")
    done = tutor("grade", handed_in, "--format", "json")
    assert validate(done.stdout)["summary"]["passed"] == 3


def test_the_table_is_the_default_and_one_line_each(tutor, handed_in):
    done = tutor("grade", handed_in)
    lines = done.stdout.splitlines()
    assert [line.split()[2] for line in lines[1:5]] == ["passed", "passed", "failed", "passed"]
    assert lines[5] == "3 of 4 passed, 1 failed."


def test_bad_input_is_one_sentence_each_and_never_stops_the_rest(tutor, toy, tmp_path, validate):
    right = toy.exercise(SLOPE).solution
    latin = tmp_path / "lines/slope.py"
    latin.parent.mkdir()
    latin.write_bytes(b"x = '\xe9'")
    huge = tmp_path / "lines/line.py"
    huge.touch()
    os.truncate(huge, 1_000_000_000)
    unknown = tmp_path / "lines/circle.py"
    unknown.touch()
    empty = tmp_path / "empty"
    empty.mkdir()
    paths = [tmp_path / "nothing/slope.py", latin, huge, unknown, empty, tmp_path / "lines", right]
    done = tutor("grade", *paths, "--format", "json")
    data = validate(done.stdout)
    *bad, good = data["results"]
    assert done.returncode == 1 and good["report"]["verdict"] == "passed"
    assert [each["outcome"] for each in bad] == ["refused"] * 7
    for each, sentence in zip(
        bad,
        (
            "does not exist. Check the name.",
            "Save it as UTF-8",
            "larger than 1 MB",
            "Did you mean",
            "holds no exercise of this course",
            "Save it as UTF-8",
            "larger than 1 MB",
        ),
        strict=True,
    ):
        assert sentence in each["problem"]


def test_a_missing_file_with_a_known_place_says_so(tutor, tmp_path, validate):
    done = tutor("grade", tmp_path / "lines/slope.py", "--format", "json")
    assert "does not exist. Check the name." in validate(done.stdout)["results"][0]["problem"]


def test_the_exercise_can_be_named_by_hand(tutor, toy, tmp_path):
    answer = tmp_path / "my answer.py"
    shutil.copy(toy.exercise(SLOPE).solution, answer)
    assert tutor("grade", answer).returncode == 1
    assert tutor("grade", answer, "--exercise", SLOPE).returncode == 0
    unknown = tutor("grade", answer, "--exercise", "slop")
    assert unknown.returncode == 2 and "Did you mean 'lines/slope'?" in unknown.stderr


@pytest.mark.parametrize("link", ["file", "folder", "exercises"])
def test_links_in_a_submission_are_refused(tutor, toy, handed_in, validate, link):
    """A link could point to the solutions."""
    target = toy.exercise(SLOPE).solution
    path = handed_in / "exercises/lines/slope.py"
    if link != "file":
        path, target = path.parent, target.parent
    if link == "exercises":
        path, target = path.parent, target.parent
    path.unlink() if link == "file" else shutil.rmtree(path)
    path.symlink_to(target)
    done = tutor("grade", handed_in, "--exercise", SLOPE, "--format", "json")
    (result,) = validate(done.stdout)["results"]
    assert done.returncode == 1 and result["outcome"] == "refused" and "links are not followed" in result["problem"]


def test_the_results_can_go_to_a_file(tutor, toy, tmp_path, validate):
    done = tutor("grade", toy.exercise(SLOPE).solution, "--format", "json", "--output", tmp_path / "out.json")
    assert done.stdout == "" and done.returncode == 0
    assert validate((tmp_path / "out.json").read_text(encoding="utf-8"))["summary"]["passed"] == 1


def test_results_that_cannot_be_saved_are_still_told(tutor, toy, tmp_path):
    done = tutor("grade", toy.exercise(SLOPE).solution, "--output", tmp_path / "nowhere/out.txt")
    assert done.returncode == 2 and "1 of 1 passed." in done.stdout and "Name another file" in done.stderr


def test_seed_cases_and_timeout_reach_the_grader(tutor, tmp_path, validate):
    slow = tmp_path / "lines/slope.py"
    slow.parent.mkdir()
    slow.write_text("def slope(x0, y0, x1, y1):\n    while True: pass\n", encoding="utf-8")
    done = tutor("grade", slow, "--seed", 3, "--cases", 2, "--timeout", "0.2", "--format", "json")
    data = validate(done.stdout)
    report = data["results"][0]["report"]
    assert (data["seed"], data["cases"], report["seed"], report["verdict"]) == (3, 2, 3, "timeout")
    assert any("while True" in line["text"] for each in report["properties"] for line in each["error"]["lines"])


def test_a_reference_that_breaks_is_ours_and_exits_3(tutor, toy_root, validate):
    reference = toy_root / "reference/lines/slope.py"
    text = reference.read_text(encoding="utf-8").replace("Fraction(y1 - y0, x1 - x0)", "Fraction(y1 - y0, 0)")
    reference.write_text(text, encoding="utf-8")
    done = tutor("grade", toy_root / "solutions/lines/slope.py", "--format", "json", course=toy_root)
    (result,) = validate(done.stdout)["results"]
    assert done.returncode == 3
    assert result["outcome"] == "broken" or result["report"]["verdict"] == "error"


def test_a_fresh_interpreter_for_each_worker_gives_the_same_verdicts(tutor, handed_in, validate):
    verdicts = []
    for method in ("fork", "spawn"):
        data = validate(tutor("grade", handed_in, "--workers", method, "--format", "json").stdout)
        verdicts.append([each["report"]["verdict"] for each in data["results"]])
    assert verdicts[0] == verdicts[1]
