"""Which submissions are pointed out as alike, on a course whose answer to sums/total is long enough to tell."""

from __future__ import annotations

from pathlib import Path

import pytest

from tutor.core.batch import Result
from tutor.core.course import Course, load_course
from tutor.core.render import Style
from tutor.core.shape import shape
from tutor.core.similar import alike, alike_text

ANSWER = """
def total(numbers):
    numbers = [each for each in numbers if each is not None]
    result, left = 0.0, list(numbers)
    while left:
        first, *left = left
        if first < 0:
            result -= -first
        elif first > 0:
            result += first
        else:
            result = result + 0.0 * len(left)
    return result
"""
OTHER = ANSWER.replace("while left:", "while len(left) > 0:")


@pytest.fixture
def course(toy_root: Path) -> Course:
    (toy_root / "solutions/sums/total.py").write_text(ANSWER, encoding="utf-8")
    return load_course(toy_root)


def results(**texts: str) -> list[Result]:
    return [
        Result(f"{student}/total.py", "sums/total", "graded", student=student.rstrip("_"), shape=shape(text))
        for student, text in texts.items()
    ]


def found(course: Course, **texts: str) -> list[tuple[str, list[str]]]:
    return [(each.kind, [member.student for member in each.members]) for each in alike(results(**texts), course)]


def test_the_same_program_and_within_it_those_that_needed_no_renaming(course):
    renamed = OTHER.replace("first", "head")
    assert found(course, alice=OTHER, bob=OTHER + "\n# mine\n", carol=renamed) == [
        ("renamed", ["alice", "bob", "carol"]),
        ("same", ["alice", "bob"]),
    ]
    assert found(course, alice=OTHER, carol=renamed) == [("renamed", ["alice", "carol"])]
    assert found(course, alice=OTHER, bob=OTHER) == [("same", ["alice", "bob"])]


def test_the_courses_own_solution_is_a_group_of_its_own_even_with_one_member(course):
    solution = ANSWER.replace("left", "todo")
    assert found(course, alice=solution, bob=OTHER, carol=ANSWER) == [("solution", ["alice", "carol"])]


def test_short_answers_stubs_and_what_cannot_be_read_are_nobodys_business(course):
    stub = course.exercise("sums/total").stub.read_text(encoding="utf-8")
    short = "def total(numbers):\n    return float(sum(numbers))\n"
    for text in (stub, short, "def total(:", ""):
        assert found(course, alice=text, bob=text) == []


def test_one_students_own_versions_are_no_group(course):
    assert found(course, alice=OTHER, alice_=OTHER) == []


def test_other_exercises_are_not_mixed_in(course):
    mine, other = results(alice=OTHER, bob=OTHER)
    elsewhere = Result(other.submission, "sums/running_mean", "graded", student="bob", shape=other.shape)
    assert alike([mine, elsewhere], course) == ()


def test_names_in_the_text_cannot_steer_a_terminal(course):
    mine, other = results(alice=OTHER, bob=OTHER)
    text = alike_text(
        alike([mine, Result("b\x1b[2J\n.py", "sums/total", "graded", shape=other.shape)], course), Style()
    )
    assert "alice, b\\x1b[2J\\n.py: the same program" in text and alike_text((), Style()) == ""
