from __future__ import annotations

import json

import jsonschema
import pytest

from tutor.core.documents import schema
from tutor.core.formats.document import class_document


@pytest.mark.parametrize("with_stats", [False, True])
def test_the_document_is_what_the_schema_says_and_leaves_names_untouched(graded, with_stats):
    text = json.dumps(class_document(graded, with_stats=with_stats))
    data = json.loads(text)
    jsonschema.Draft202012Validator(schema()).validate(data)
    assert [each["student"] for each in data["results"]] == [each.student for each in graded.results]
    assert ("stats" in data, "similar" in data) == (with_stats, with_stats)
    assert text.isascii()


def test_points_are_there_for_all_but_what_the_grader_failed_on(graded):
    results = class_document(graded)["results"]
    nothing = [each["outcome"] for each in results if each["points"] is None]
    assert nothing == ["refused", "broken"]  # nobody knows which exercise the first one answers
    by_verdict = {each["report"]["verdict"]: each["points"]["earned"] for each in results if each["report"]}
    assert by_verdict["passed"] == 3.0 and by_verdict["forbidden"] == by_verdict["unwritten"] == 0.0
    assert by_verdict["failed"] in (0.0, 1.5)
