"""Workflow commands, read by a parser written after the documentation of the runner's grammar."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.core.batch import Result
from tutor.core.formats.github import github, line_of
from tutor.core.graded import Graded
from tutor.core.grading import GradingSettings
from tutor.core.render import clean
from tutor.core.report import Counterexample, PropertyResult, Report, Verdict
from tutor.core.scoring import Policy


@dataclass
class Command:
    name: str
    properties: dict[str, str]
    message: str


def unescaped(text: str, *pairs: tuple[str, str]) -> str:
    for code, character in (("%0D", "\r"), ("%0A", "\n"), *pairs, ("%25", "%")):
        text = text.replace(code, character)
    return text


def parsed(line: str) -> Command:
    """`::name key=value,key=value::message`, with leading blanks dropped; ValueError for anything else."""
    line = line.lstrip()
    if not line.startswith("::"):
        raise ValueError(line)
    head, message = line[2:].split("::", 1)
    name, _, rest = head.partition(" ")
    pairs = (each.split("=", 1) for each in rest.split(",")) if rest else ()
    properties = {key.strip(): unescaped(value, ("%3A", ":"), ("%2C", ",")) for key, value in pairs}
    return Command(name, properties, unescaped(message))


def read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, ValueError):
        return ""


@pytest.fixture(scope="module")
def commands(graded) -> list[Command]:
    return [parsed(line) for line in github(graded, Path("/nowhere"), read).split("\n")]


def test_one_command_for_each_that_did_not_pass_and_one_that_sums_up(commands, graded):
    *each, closing = commands
    bad = [result for result in graded.results if not result.passed]
    assert len(each) == len(bad)
    for command, result in zip(each, bad, strict=True):
        assert set(command.properties) == {"file", "line", "title"}
        assert command.properties["file"] == clean(result.submission)
        quiet = result.report and result.report.verdict == "unwritten"
        assert command.name == ("warning" if quiet else "error")
    assert closing.name == "notice" and "points." in closing.message and "--borrow auto" in closing.message


@pytest.mark.parametrize(
    ("student", "line", "words"),
    [
        ("lost the sign", 1, "Recognised: The sign of the run is lost"),
        ("cannot be read", 2, "Python cannot read the file"),
        ("takes a shortcut", 3, "linear_regression"),
        ("runs away", 2, "2"),
        ("ends when imported", 1, "ZeroDivisionError"),
        ("=cmd|'⁄C calc'!A0", 3, "ValueError"),
    ],
)
def test_it_stands_at_the_learners_line(commands, graded, student, line, words):
    (number,) = [
        number
        for number, each in enumerate(each for each in graded.results if not each.passed)
        if each.student == student
    ]
    assert commands[number].properties["line"] == str(line) and words in commands[number].message


def test_a_stub_is_annotated_where_its_function_stands(commands, graded):
    bob = [each for each in graded.results if each.student == "bob"]
    lines = [
        read(each.submission)
        .split("\n")
        .index(next(line for line in read(each.submission).split("\n") if line.startswith("def ")))
        + 1
        for each in bob
    ]
    found = [int(each.properties["line"]) for each in commands if each.name == "warning"]
    assert all(0 <= there - line <= 2 for line, there in zip(lines, found, strict=True))


@pytest.mark.parametrize(
    ("call", "text", "line"),
    [
        ("line(slope(1.0))", "x = 1\n\nclass Line:\n    def slope(self):\n", 4),
        ("", "import os\n\n\nclass Value:\n    pass\n", 4),
        ("", "def slope_of_it(): ...\nasync def slope(): ...\n", 2),
        ("(x := 1)", "x = 1\n", 1),
        ("a+(", "", 1),
    ],
)
def test_without_a_traceback_it_stands_at_what_was_called_else_at_the_first_definition(call, text, line):
    wrong = PropertyResult("p", "P.", Verdict.FAILED, counterexample=Counterexample({}, call))
    report = Report("lines/slope", Verdict.FAILED, "a.py", "", (wrong,))
    assert line_of(Result("a.py", "lines/slope", "graded", report), text) == line


def test_files_are_named_from_the_root_of_the_repository(graded, tmp_path):
    result = Result(str(tmp_path / "exercises/a.py"), None, "refused", problem="No.")
    other = Result("exercises/b.py", None, "refused", problem="No.")
    lines = github(Graded(graded.course, graded.settings, Policy(), [result, other]), tmp_path, read).split("\n")
    assert [parsed(each).properties.get("file") for each in lines] == ["exercises/a.py", "exercises/b.py", None]


@given(text=st.text(), path=st.text(min_size=1).map(lambda each: str(Path(each))))
def test_any_text_stays_within_its_command(course, text, path):
    result = Result(path, None, "refused", problem=text)
    first, last = github(Graded(course, GradingSettings(), Policy(), [result]), Path("/nowhere"), lambda _: text).split(
        "\n"
    )
    command = parsed(first)
    assert command.message == clean(text) and command.properties["file"] == clean(path)
    assert parsed(last).name == "notice"
