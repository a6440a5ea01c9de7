from __future__ import annotations

import pytest

from tutor.core.report import Report, Verdict
from tutor.core.shape import read_shape, shape

PLAIN = """
import math
def total(numbers):
    result = 0.0
    for number in numbers:
        result += math.fabs(number)
    return result
"""


def levels(other: str) -> tuple[bool, bool]:
    """Whether it is the same program, and the same but for names."""
    mine, theirs = read_shape(shape(PLAIN)), read_shape(shape(other))
    assert mine and theirs
    return mine.program == theirs.program, mine.renamed == theirs.renamed


def test_layout_comments_and_docstrings_do_not_count():
    other = PLAIN.replace("result = 0.0", '"""Adds."""\n    result = (0.0)  # start')
    assert levels('"""My file."""\n' + other) == (True, True)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("number in", "each in"),
        ("numbers", "xs"),
        ("result", "so_far"),
        ("def total(numbers):", "def total(numbers: list[float]) -> float:"),
        ("result = 0.0", "result: float = 0.0"),
    ],
)
def test_names_of_variables_and_annotations_count_at_the_first_level_only(old, new):
    other = PLAIN.replace(old, new)
    if old == "number in":
        other = other.replace("fabs(number)", "fabs(each)")
    assert levels(other) == (False, True)


def test_the_name_that_an_import_gets_is_the_students_and_what_is_imported_is_not():
    assert levels(PLAIN.replace("import math", "import math as m").replace("math.", "m.")) == (False, False)
    one, two = (f"import math as {name}\ndef f(x):\n    return {name}.exp(x)\n" for name in ("m", "mathematics"))
    assert read_shape(shape(one)).renamed == read_shape(shape(two)).renamed


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("+=", "-="),
        ("0.0", "0"),
        ("fabs", "exp"),
        ("result += math", "result += 1 * math"),
        ("return result", "return numbers"),
        ("import math", "import cmath as math"),
    ],
)
def test_what_a_program_does_counts(old, new):
    assert levels(PLAIN.replace(old, new)) == (False, False)


def test_swapped_variables_are_not_taken_for_renamed_ones():
    one = "def f(a, b):\n    return a - b\n"
    other = "def f(a, b):\n    return b - a\n"
    assert read_shape(shape(one)).renamed != read_shape(shape(other)).renamed


@pytest.mark.parametrize(
    "text",
    [
        "def f(:",
        "x = '\0'",
        "(" * 300 + ")" * 300,
        "-" * 45_000 + "1",
        "x" + "+x" * 20_000,
        "x" + ".x" * 20_000,
        "x" + "()" * 20_000,
        "if x:\n pass\n" + "elif x:\n pass\n" * 5_000,
        "x = " + "1 if x else " * 4_000 + "2",
        "x = 1\n" * 9_000,
        "\ufeffx = '\ud800'",
    ],
    ids=["syntax", "zero", "brackets", "signs", "sums", "dots", "calls", "elifs", "ifs", "long", "surrogate"],
)
def test_no_text_breaks_it(text):
    assert read_shape(shape(text)) is None


def test_warnings_of_a_strange_text_stay_away_from_the_teacher(recwarn):
    assert shape("x = '\\d'\nprint(x is 'y')\n")
    assert not recwarn.list


def test_what_was_not_written_has_no_shape():
    assert shape(PLAIN, Report("sums/total", Verdict.UNWRITTEN, "a.py", "")) == ""
    assert shape(PLAIN, Report("sums/total", Verdict.FAILED, "a.py", "")) == shape(PLAIN)


def test_every_kind_of_binding_is_followed():
    text = """
import os.path, sys as {0}
from math import exp as {1}
class Box({1}.__class__):
    def __init__(self, *{2}, **{3}):
        global {4}
        {4} = [{5} for {5} in {2} if ({6} := {5})]
        try:
            with open({4}) as {7}:
                nonlocal_ = lambda {8}: {8}
        except OSError as {9}:
            raise ValueError({9}) from None
        match {2}:
            case [{5}, *{6}] | {{"a": {5}, **{6}}}:
                {0}({5}=1)
"""
    one = text.format(*"abcdefghij").replace("[f, *g] | ", "")
    two = text.format(*(f"long_{number}" for number in range(10))).replace("[long_5, *long_6] | ", "")
    first, second = read_shape(shape(one)), read_shape(shape(two.replace("long_5=1", "f=1")))
    assert first and second and first.renamed == second.renamed and first.program != second.program
