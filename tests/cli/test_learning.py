"""The commands of a learner, as subprocesses on the toy course."""

from __future__ import annotations

from pathlib import Path

import pytest

SLOPE = "lines/slope"
RISING = "def slope(x0, y0, x1, y1):\n    return (y1 - y0) / abs(x1 - x0)\n"


@pytest.fixture
def here(tutor, workspace):
    """Runs a command inside the workspace."""
    return lambda *words, **more: tutor(*words, cwd=workspace.root, **more)


def test_init_says_where_and_keeps_what_is_there(tutor, tmp_path, validate):
    mine = tmp_path / "ws/exercises/lines/slope.py"
    mine.parent.mkdir(parents=True)
    mine.write_text("mine", encoding="utf-8")
    done = tutor("init", tmp_path / "ws", "--format", "json")
    assert done.returncode == 0
    assert validate(done.stdout)["workspace"] == str(tmp_path / "ws")
    assert "3 exercise files added, nothing overwritten" in done.stderr
    assert mine.read_text(encoding="utf-8") == "mine"


def test_a_workspace_is_made_on_first_use_in_the_home_folder_and_found_again(tutor, home, tmp_path):
    first = tutor("reset", "slope")
    assert first.returncode == 0 and f"Your workspace is {home}/tutor-toy" in first.stderr
    assert (home / "tutor-toy/exercises/lines/slope.py").exists()
    again = tutor("reset", "slope")
    assert "Your workspace" not in again.stderr and str(home / "tutor-toy") in again.stdout


def test_the_last_workspace_is_used_where_there_is_none_around(tutor, tmp_path):
    tutor("init", tmp_path / "chosen")
    assert str(tmp_path / "chosen") in tutor("reset", "slope", course=None).stdout


def test_a_workspace_can_be_named_by_option_and_by_environment(tutor, tmp_path, monkeypatch):
    assert f"{tmp_path}/one" in tutor("--workspace", tmp_path / "one", "reset", "slope").stdout
    monkeypatch.setenv("TUTOR_WORKSPACE", str(tmp_path / "two"))
    assert f"{tmp_path}/two" in tutor("reset", "slope").stdout


def test_a_workspace_of_another_course_is_refused(here, toy_root):
    done = here("check", course=toy_root)
    assert done.returncode == 2 and "workspace of another course" in done.stderr


def test_a_workspace_remembers_the_course_it_was_made_for(here):
    assert "Toy course" in here("list", course=None).stdout


def test_list_makes_nothing(tutor, home, validate):
    done = tutor("list", "--format", "json")
    data = validate(done.stdout)
    assert data["workspace"] is None and not (home / "tutor-toy").exists()
    assert [each["id"] for each in data["tracks"][1]["exercises"]] == ["sums/total", "sums/running_mean"]


def test_show_gives_the_lesson_and_the_file(here, workspace, validate):
    done = here("show", "slope", "--format", "json")
    data = validate(done.stdout)
    assert data["file"] == str(workspace.file(SLOPE)) and data["lesson"].startswith("How much `y` rises")
    assert "How much `y` rises" in here("show", SLOPE).stdout


def test_hints_come_one_at_a_time(here, validate):
    counts = [len(validate(here("hint", "slope", "--format", "json").stdout)["hints"]) for _ in range(3)]
    assert counts == [1, 2, 2]
    assert "More: tutor solution lines/slope" in here("hint", "slope").stdout
    assert len(validate(here("hint", "total", "--all", "--format", "json").stdout)["hints"]) == 2


def test_the_untouched_workspace_is_unwritten_and_exits_1(here, validate):
    done = here("check", "--format", "json")
    data = validate(done.stdout)
    assert done.returncode == 1
    assert [each["report"]["verdict"] for each in data["results"]] == ["unwritten"] * 4
    assert [state["state"] for state in listed(here, validate)] == ["new"] * 4


def listed(here, validate):
    data = validate(here("list", "--format", "json").stdout)
    return [exercise for track in data["tracks"] for exercise in track["exercises"]]


def test_the_solutions_pass_exit_0_and_are_remembered(here, solved, validate):
    done = here("check", "--format", "json")
    data = validate(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr
    assert data["summary"] == {"submissions": 4, "passed": 4, "not_passed": 0, "refused": 0, "broken": 0}
    assert data["results"][1]["report"]["needs"][0]["borrowed"] is False
    assert [state["state"] for state in listed(here, validate)] == ["passed"] * 4


def test_a_wrong_answer_shows_the_case_the_mistake_and_the_hint(here, workspace):
    workspace.write(SLOPE, RISING)
    done = here("check", "slope")
    assert done.returncode == 1
    for text in ("lines/slope  failed", "The two points may be given in either order.", "expected", "actual"):
        assert text in done.stdout
    assert "The sign of the run is lost" in done.stdout and "tutor hint lines/slope" in done.stdout


def test_a_need_that_has_not_passed_is_borrowed_and_named(here, workspace, toy):
    workspace.write("lines/line", toy.exercise("lines/line").solution.read_text(encoding="utf-8"))
    done = here("check", "line")
    assert done.returncode == 0 and "Borrowed from the solutions" in done.stdout


@pytest.mark.parametrize("word", ["lines", "slope", "lines/slope", "exercises/lines/slope.py"])
def test_check_takes_a_track_a_name_an_id_or_a_file(here, word):
    done = here("check", word)
    assert done.returncode == 1 and "lines/slope  unwritten" in done.stdout


@pytest.mark.parametrize(
    ("data", "verdict"),
    [
        (b"def slope(:\n", "failed"),
        (b"def hill(x0, y0, x1, y1): return 1.0\n", "failed"),
        (b"def slope(x0): return 1.0\n", "failed"),
        (b"def slope(x0, y0, x1, y1): return 'steep'\n", "failed"),
        (b"def slope(x0, y0, x1, y1): return 1 / 0\n", "raised"),
        (b"from statistics import linear_regression as slope\n", "forbidden"),
    ],
)
def test_bad_code_is_a_verdict_and_exit_1(here, workspace, validate, data, verdict):
    workspace.file(SLOPE).write_bytes(data)
    done = here("check", "slope", "--format", "json")
    report = validate(done.stdout)["results"][0]["report"]
    assert done.returncode == 1 and report["verdict"] in (verdict, "raised")
    assert "Traceback" not in done.stdout + done.stderr


def test_text_that_is_not_utf_8_is_refused_and_the_rest_is_graded(here, workspace, validate):
    workspace.file(SLOPE).write_bytes(b"x = '\xff'")
    workspace.file("lines/line").unlink()
    done = here("check", "--format", "json")
    data = validate(done.stdout)
    assert done.returncode == 1
    assert [each["outcome"] for each in data["results"]] == ["refused", "refused", "graded", "graded"]
    assert "Save it as UTF-8" in data["results"][0]["problem"]
    assert "tutor reset lines/line" in data["results"][1]["problem"]


def test_an_edited_docstring_changes_nothing(here, solved):
    path = solved.file(SLOPE)
    path.write_text('"""Mine.\n\nWatch: nothing"""\n' + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert here("check", "slope").returncode == 0
    assert "The slope between two points" in here("list").stdout


def test_escape_sequences_of_the_learner_never_reach_the_terminal(here, workspace):
    evil = "def slope(x0, y0, x1, y1):\n    print('\\x1b[2J')\n    raise ValueError('\\x1b]0;owned\\x07')\n"
    workspace.write(SLOPE, evil)
    done = here("check", "slope")
    assert "owned" in done.stdout and "\x1b" not in done.stdout and "\x07" not in done.stdout


def test_a_workspace_of_a_newer_version_is_told_and_left_alone(here, workspace):
    (workspace.notes / "workspace.toml").write_text("format_version = 9\n", encoding="utf-8")
    done = here("check")
    assert done.returncode == 2 and "newer tutor" in done.stderr and "Update tutor" in done.stderr


def test_a_damaged_progress_file_is_told_and_grading_goes_on(here, solved):
    solved.progress_path.write_bytes(b"no database" * 100)
    done = here("check", "slope")
    assert done.returncode == 0 and "damaged" in done.stderr
    assert solved.progress_path.read_bytes() == b"no database" * 100


def test_an_unknown_exercise_exits_2_with_the_nearest(here):
    done = here("check", "slop")
    assert done.returncode == 2 and "Did you mean 'lines/slope'?" in done.stderr and done.stdout == ""


def test_a_folder_without_a_course_exits_2(tutor, tmp_path):
    done = tutor("list", course=tmp_path)
    assert done.returncode == 2 and "--course" in done.stderr and "Traceback" not in done.stderr


def test_solution_asks_first_unless_passed(here, solved, validate):
    refused = here("solution", "slope")
    assert refused.returncode == 1 and refused.stdout == "" and "not passed lines/slope yet" in refused.stderr
    assert "return (y1 - y0)" in here("solution", "slope", "--yes").stdout
    here("check", "slope")
    assert "return (y1 - y0)" in validate(here("solution", "slope", "--format", "json").stdout)["text"]


def test_reset_keeps_a_backup_and_starts_the_exercise_anew(here, solved, validate):
    here("check", "slope")
    done = here("reset", "slope", "--format", "json")
    data = validate(done.stdout)
    assert "return (y1 - y0)" in Path(data["backup"]).read_text(encoding="utf-8")
    assert "NotImplementedError" in solved.read(SLOPE)
    assert listed(here, validate)[0]["state"] == "new"


def test_version_and_doctor_are_documents(here, validate):
    number = validate(here("version", "--format", "json").stdout)["version"]
    assert here("--version").stdout == here("version").stdout == f"tutor {number}\n"
    done = here("doctor", "--format", "json")
    names = {each["name"]: each["ok"] for each in validate(done.stdout)["findings"]}
    assert done.returncode == 0 and names["grader"] and "sandbox: process" in names
