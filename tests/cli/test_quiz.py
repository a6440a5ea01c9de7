"""`tutor quiz` in a plain terminal, on the toy course."""

from __future__ import annotations

import subprocess

import pytest


@pytest.fixture
def here(tutor, workspace, tmp_path):
    """Runs a command inside the workspace, with these lines typed."""

    def run(*words: str, typed: str = ""):
        keys = tmp_path / "typed"
        keys.write_text(typed, encoding="utf-8")
        with keys.open() as stdin:
            return tutor(*words, cwd=workspace.root, stdin=stdin)

    return run


def keys_for(text: str, *wanted: str) -> str:
    """What to type for these answers, question by question: their numbers as they stand in the text."""
    numbers = dict(line.strip().split("  ", 1)[::-1] for line in text.splitlines() if line.startswith("  "))
    return "".join(f"{numbers[each]}\n" for each in wanted)


def said(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 0, done.stderr
    return " ".join(done.stdout.split())


def test_a_wrong_answer_is_explained_and_comes_again(here, validate):
    asked = here("quiz", "lines", typed="\n\n\n").stdout
    text = said(here("quiz", "lines", typed=keys_for(asked, "Below 0", "Its sign changes") + "\n"))
    assert "1 of 3 · lines/slope" in text and "Right. The rise is below 0" in text
    assert f"Not this one: {keys_for(asked, 'Nothing').strip()} is right. Rise and run" in text
    assert "1 of 2 right. 1 will come again." in text
    data = validate(here("quiz", "--format", "json").stdout)
    assert [each["answered"] for each in data["questions"]] == ["right", "wrong", None]
    assert "1 of 2 · lines How many lines" in said(here("quiz", typed="q\n"))


def test_questions_of_one_exercise_and_answers_that_are_none(here):
    text = said(here("quiz", "slope", typed="7\nx\nq\n"))
    assert "1 of 2" in text and "'7' is none of the answers" in text and "Nothing was answered." in text


def test_all_right_says_so_and_all_asks_again(here):
    asked = here("quiz", typed="\n\n\n").stdout
    here("quiz", typed=keys_for(asked, "Below 0", "Nothing", "One"))
    assert "You have answered all 3 right." in said(here("quiz"))
    assert "1 of 3" in said(here("quiz", "--all", typed="q\n"))


def test_json_keeps_the_answers_back_and_makes_no_workspace(tutor, home, validate):
    data = validate(tutor("quiz", "--format", "json").stdout)
    assert "right" not in data["questions"][0] and not (home / "tutor-toy").exists()
    solved = validate(tutor("quiz", "--format", "json", "--answers").stdout)
    assert [each["right"] for each in solved["questions"]] == [1, 2, 2]


def test_an_unknown_word_names_the_nearest(here):
    done = here("quiz", "lone")
    assert done.returncode == 2 and "Did you mean 'lines/line'?" in done.stderr
    assert "There are no questions on sums" in here("quiz", "sums").stdout


def test_the_linter_of_a_course_looks_at_its_questions(tutor, toy_root):
    quiz = toy_root / "exercises/lines/quiz.toml"
    quiz.write_text(quiz.read_text(encoding="utf-8").replace("right = 1", "right = 4"), encoding="utf-8")
    done = tutor("course", "check", course=toy_root)
    assert done.returncode == 1
    assert "quiz.toml, line 1: 'right' must be the number of the right answer, 1 to 3" in done.stdout
