"""What holds for every format: hostile text is data, the policy is told, and nothing steers a terminal."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from tutor.core.formats.github import github
from tutor.core.formats.gradescope import gradescope
from tutor.core.formats.junit import junit
from tutor.core.formats.markdown import markdown
from tutor.core.formats.spreadsheet import spreadsheet
from tutor.core.render import Style, results_text
from tutor.core.students import students
from tutor.grade_table import results_table

FORMATS = {
    "table": lambda graded: results_table(graded, Style()) + graded.closing(),
    "text": lambda graded: results_text(graded.results, Style()) + graded.closing(),
    "junit": junit,
    "csv": spreadsheet,
    "gradescope": lambda graded: "\n".join(gradescope(graded, each.results) for each in students(graded.results)),
    "markdown": lambda graded: "\n".join(markdown(graded, each) for each in students(graded.results)),
    "github": lambda graded: github(graded, Path("/"), lambda _: ""),
}


@pytest.fixture(scope="session", params=FORMATS)
def text(request, graded) -> str:
    return FORMATS[request.param](graded)


def test_the_class_shows_every_outcome(graded, texts):
    words = {each.report.verdict.value if each.report else each.outcome for each in graded.results}
    assert words == {"passed", "unwritten", "raised", "failed", "forbidden", "timeout", "refused", "broken"}
    assert len(graded.results) == 8 + len(texts) + 8 + 1 + 2


def test_no_format_steers_a_terminal_and_each_is_utf_8(text):
    kinds = {unicodedata.category(each) for each in text.replace("\n", "").replace("\t", "")}
    assert not kinds & {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    text.encode("utf-8")


def test_every_format_says_by_which_policy(text):
    for word in ("property", "auto", "w.toml"):
        assert word in text
