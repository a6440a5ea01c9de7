from __future__ import annotations

import ast

import pytest

from tutor.core import source
from tutor.core.errors import CourseError
from tutor.core.source import Mistake


def test_a_page_has_title_lecture_minutes_and_lesson():
    page = source.page('"""A title.\n\nWatch: lecture 1, 0:08\nTime: about 20 minutes\n\n# Why\n\nTime: flies.\n"""')
    assert page == source.Page("A title.", "lecture 1, 0:08", 20, "# Why\n\nTime: flies.")


@pytest.mark.parametrize("text", ["", "x = 1", '"""Only a title"""'])
def test_a_page_that_lacks_fields_has_them_empty(text):
    page = source.page(text)
    assert (page.watch, page.minutes, page.lesson) == ("", 0, "")


@pytest.mark.parametrize(
    ("text", "needs"),
    [
        ("from exercises.a.b import f", ("a/b",)),
        ("from exercises.a import b, c", ("a/b", "a/c")),
        ("import exercises.a.b as b", ("a/b",)),
        ("def f():\n    from exercises.a.b import g", ("a/b",)),
        ("from exercises.a.b import f\nfrom exercises.a.b import g", ("a/b",)),
        ("import math\nfrom exercise.a.b import f\nfrom . import exercises", ()),
    ],
)
def test_needs_are_imports_from_exercises(text, needs):
    assert source.needs(ast.parse(text)) == needs


def test_a_mistake_is_made_by_its_edits():
    found = source.mistakes(ast.parse('MISTAKES = (mistake("Both turn.", "a - b", "b - a", "c" "d", "e"),)'))
    assert found == (Mistake("Both turn.", (("a - b", "b - a"), ("cd", "e"))),)
    assert found[0].apply("x = a - b + cd") == "x = b - a + e"


@pytest.mark.parametrize("text", ["x = a", "x = a - b + a - b"])
def test_a_mistake_whose_text_is_not_there_once_is_refused(text):
    with pytest.raises(CourseError, match="not once"):
        Mistake("Wrong way round.", (("a - b", "b - a"),)).apply(text)


@pytest.mark.parametrize(
    "text",
    [
        "MISTAKES = mistakes()",
        "MISTAKES = (mistake('s', 'old'),)",
        "MISTAKES = (mistake('s', 'a', 'b', 'c'),)",
        "MISTAKES = (mistake(SENTENCE, 'a', 'b'),)",
    ],
)
def test_mistakes_that_cannot_be_read_are_told(text):
    with pytest.raises(CourseError, match=r"line 1: write"):
        source.mistakes(ast.parse(text))


def test_one_text_is_not_a_tuple_of_texts():
    with pytest.raises(CourseError, match="even if it is one"):
        source.sentences(ast.parse("HINTS = ('Only one.')"), "HINTS")


def test_signatures_are_names_and_parameters_without_annotations():
    text = """
def f(x: int, *rest, dim: int = -1, **more) -> int: ...
def _private(): ...
class Head(Module):
    def __init__(self, size): ...
    def forward(self, x): ...
    def _mask(self): ...
"""
    assert [(each.name, each.parameters) for each in source.signatures(ast.parse(text))] == [
        ("f", "x, *rest, dim=-1, **more"),
        ("Head", "class"),
        ("Head.__init__", "self, size"),
        ("Head.forward", "self, x"),
    ]
