"""results.json, held against the table of fields in Gradescope's documentation of the format."""

from __future__ import annotations

import json

import pytest

from tutor.core.formats.gradescope import gradescope
from tutor.core.students import students

VISIBILITY = {"hidden", "after_due_date", "after_published", "visible"}
FORMAT = {"text", "html", "simple_format", "md", "ansi"}
NUMBER = (int, float)
TOP = {  # field: what it may be
    "score": NUMBER, "execution_time": NUMBER, "output": str, "output_format": FORMAT, "test_output_format": FORMAT,
    "test_name_format": FORMAT, "visibility": VISIBILITY, "stdout_visibility": VISIBILITY, "extra_data": dict,
    "tests": list, "leaderboard": list,
}  # fmt: skip
TEST = {
    "score": NUMBER, "max_score": NUMBER, "status": {"passed", "failed"}, "name": str, "name_format": FORMAT,
    "number": str, "output": str, "output_format": FORMAT, "tags": list, "visibility": VISIBILITY, "extra_data": dict,
}  # fmt: skip


def is_as_documented(data, table) -> bool:
    fits = {
        key: value in table[key] if isinstance(table[key], set) else isinstance(value, table[key])
        for key, value in data.items()
    }
    return all(fits.values())


@pytest.fixture(scope="module")
def documents(graded):
    return {each.name: json.loads(gradescope(graded, each.results)) for each in students(graded.results)}


def test_every_field_is_a_documented_one_of_its_type(documents):
    for data in documents.values():
        assert is_as_documented(data, TOP)
        assert data["tests"] and all(is_as_documented(each, TEST) for each in data["tests"])
        assert all(isinstance(tag, str) for each in data["tests"] for tag in each["tags"])


def test_the_score_is_the_sum_of_the_tests(documents):
    for data in documents.values():
        assert data["score"] == pytest.approx(sum(each.get("score", 0) for each in data["tests"]))
        assert all(0 <= each["score"] <= each["max_score"] for each in data["tests"] if "score" in each)
    alice, lost = documents["alice"], documents["lost the sign"]
    assert alice["score"] == 6.0 and [each["status"] for each in alice["tests"]] == ["passed"] * 4
    assert lost["score"] == 1.5 and lost["tests"][0]["status"] == "failed"
    assert "The sign of the run is lost" in lost["tests"][0]["output"]


def test_what_students_print_is_not_formatted(documents):
    for data in documents.values():
        assert {data["output_format"], *(each["output_format"] for each in data["tests"])} == {"text"}


def test_a_score_that_lacks_something_says_so_and_blames_nobody(documents):
    data = documents["-rf"]
    assert "The grader itself failed on lines/slope" in data["output"]
    assert not {"score", "status"} & set(data["tests"][0])
