"""Whose fault it is when a property breaks: the submission's if the solution holds on the same case, else ours."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tutor.core.course import load_course
from tutor.core.grading import Grader, GradingSettings
from tutor.core.report import PropertyResult, Report, Verdict

TOY = Path(__file__).parents[1] / "toy"
MORE = """

from tutor.kit import probe


@probe
def first_and_last(you, numbers):
    found = you.running_mean(numbers)
    return found[0], found[-1]


@prop(numbers=st.lists(HALVES, min_size=1, max_size=6))
def ends_with_the_mean_of_all(you, numbers):
    "The last entry is the mean of all numbers."
    close(you.running_mean(numbers)[-1], statistics.fmean(numbers))


@prop(numbers=st.lists(HALVES, min_size=1, max_size=6))
def begins_with_the_first(you, numbers):
    "The first entry is the first number."
    first, _ = first_and_last(you, numbers)
    close(first, numbers[0])


@probe
def in_disguise(you, numbers):
    return vars(you._module)["running_mean"](numbers)


@prop(numbers=st.lists(HALVES, min_size=1, max_size=6))
def comes_with_its_number(you, numbers):
    "There are as many as it says."
    check(len(in_disguise(you, numbers)) == len(numbers), "There are not.")


@prop(numbers=st.lists(HALVES, min_size=1, max_size=6))
def is_broken(you, numbers):
    "This property is itself at fault."
    found = you.running_mean(numbers)
    close(found[len(numbers)], 0.0)
"""
START = "from exercises.sums.total import total\n\ndef running_mean(numbers: list[float]) -> list[float]:\n    return "


@pytest.fixture(scope="module")
def grade(tmp_path_factory: pytest.TempPathFactory, submit: Callable[..., object]) -> Iterator[Callable[..., Report]]:
    """Grades an expression as running_mean, against a reference with properties that unpack what they are given."""
    root = tmp_path_factory.mktemp("course") / "toy"
    shutil.copytree(TOY, root)
    with (root / "reference/sums/running_mean.py").open("a") as reference:
        reference.write(MORE)
    with Grader(load_course(root), settings=GradingSettings(cases=10)) as grader:
        yield lambda value: grader.grade(submit(grader.course, "sums/running_mean", START + value))


def by_name(report: Report) -> dict[str, PropertyResult]:
    return {each.name: each for each in report.properties}


def test_a_property_that_breaks_on_what_it_was_given_has_failed(grade: Callable[..., Report]) -> None:
    told = by_name(grade("[]"))["ends_with_the_mean_of_all"]
    assert told.verdict == Verdict.FAILED
    assert told.message == "What your code gave cannot be worked with (IndexError: list index out of range)."
    assert told.counterexample is not None
    assert told.counterexample.shrunk


def test_what_was_given_is_named_beside_what_was_asked_for(grade: Callable[..., Report]) -> None:
    told = by_name(grade("1"))["comes_with_its_number"]
    assert told.verdict == Verdict.FAILED
    assert told.message == "Your code gave an int where a list is asked for."


def test_a_property_that_breaks_on_the_solution_too_is_our_error(grade: Callable[..., Report]) -> None:
    right = by_name(grade("[total(numbers[: count + 1]) / (count + 1) for count in range(len(numbers))]"))
    assert right.pop("is_broken").verdict == Verdict.ERROR
    assert {each.verdict for each in right.values()} == {Verdict.PASSED}
    wrong = by_name(grade("[]"))
    assert wrong["is_broken"].verdict == Verdict.ERROR
    assert "our fault, not yours" in wrong["is_broken"].message


def test_inside_a_probe_functions_are_held_to_their_annotation(grade: Callable[..., Report]) -> None:
    told = by_name(grade("1"))["begins_with_the_first"]
    assert told.verdict == Verdict.FAILED
    assert told.message == "`running_mean` should return list[float]; yours returned int."
