"""Feedback, read by markdown-it: a student's text is text wherever it stands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from tutor.core.batch import Result
from tutor.core.formats.markdown import markdown
from tutor.core.graded import Graded
from tutor.core.grading import GradingSettings
from tutor.core.render import clean
from tutor.core.report import LearnerError, Line, PropertyResult, Report, Verdict
from tutor.core.scoring import Policy
from tutor.core.students import Student, students

PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
OURS = {
    "heading_open", "heading_close", "paragraph_open", "paragraph_close", "inline", "fence", "bullet_list_open",
    "bullet_list_close", "list_item_open", "list_item_close", "text", "strong_open", "strong_close",
}  # fmt: skip


def tokens(text: str) -> list[Token]:
    blocks = PARSER.parse(text)
    return [*blocks, *(child for block in blocks for child in block.children or ())]


def plain(block: Token) -> str:
    return "".join(child.content for child in block.children or ())


@pytest.fixture(scope="module")
def pages(graded) -> dict[str, str]:
    return {each.name: markdown(graded, each) for each in students(graded.results)}


def test_nothing_but_our_own_marks_means_anything(pages, graded):
    for student in students(graded.results):
        found = tokens(pages[student.name])
        assert {each.type for each in found} <= OURS
        assert sum(each.type == "heading_open" for each in found) == 1 + len(student.results)
        assert all(each.info == "text" for each in found if each.type == "fence")


def test_a_fence_holds_all_that_the_student_wrote(pages, texts):
    backticks = next(each for each in texts if each.startswith("```"))
    page = pages[next(each for each in pages if each.startswith("```"))]
    inside = "\n".join(each.content for each in tokens(page) if each.type == "fence")
    for line in clean(backticks).split("\n"):
        assert line in inside


def test_it_tells_a_student_what_to_mend(pages):
    page = pages["lost the sign"]
    assert "## The slope between two points: failed (1.5/3 points)" in page
    assert "- ✓ passed: It is the rise over the run." in page
    assert "- ✗ failed: The two points may be given in either order." in page
    assert "call: slope(" in page and "**Recognised:** The sign of the run is lost" in page
    assert "Python cannot read the file" in pages["cannot be read"]
    assert "links are not followed" in pages["links"]
    assert "seed 7" in page


def page_about(course, text: str) -> str:
    error = LearnerError(text, text, (Line(text, 1, text, text),), text, (text,))
    wrong = PropertyResult("holds", "It holds.", Verdict.RAISED, 1, text, error=error, printed=text)
    report = Report("lines/slope", Verdict.RAISED, text, "ab", (wrong,), text, error, text)
    results = [Result(text, "lines/slope", "graded", report), Result(text, None, "refused", problem=text)]
    return markdown(Graded(course, GradingSettings(), Policy(), results), Student(text, results))


PIECES = [
    "`", "~", "```", "\n", "\n\n", "# ", "- ", "1. ", "> ", "<b>", "</b>", "<!--", "-->", "[a](b)", "![a](b)", "*",
    "__", "\\", "|", "&lt;", "http://a.b", "    ", "\t", "===", "---", "$", "x", "word ",
]  # fmt: skip


@given(text=st.lists(st.sampled_from(PIECES)).map("".join) | st.text())
def test_any_text_anywhere_is_only_shown(course, text):
    blocks = PARSER.parse(page_about(course, text))
    found = [*blocks, *(child for block in blocks for child in block.children or ())]
    assert {each.type for each in found} - {"code_inline"} <= OURS
    headings = [plain(blocks[place + 1]) for place, each in enumerate(blocks) if each.type == "heading_open"]
    flat = " ".join(clean(text).split())
    assert headings[0].strip() == f"Toy course: {flat}".strip() and len(headings) == 3
    assert not [each for each in found if each.type == "code_inline"]
