"""JUnit XML, read by an XML parser and held against the rules of the schema that Jenkins publishes."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from tutor.core.formats.junit import junit

CHILDREN = {
    "testsuites": {"testsuite"},
    "testsuite": {"properties", "testcase"},
    "properties": {"property"},
    "property": set(),
    "testcase": {"skipped", "error", "failure"},
    "skipped": set(),
    "error": set(),
    "failure": set(),
}
ATTRIBUTES = {  # name: (required, optional)
    "testsuites": (set(), {"name", "time", "tests", "failures", "disabled", "errors"}),
    "testsuite": ({"name", "tests"}, {"failures", "errors", "time", "skipped", "id", "package", "timestamp"}),
    "properties": (set(), set()),
    "property": ({"name", "value"}, set()),
    "testcase": ({"name"}, {"classname", "time", "status", "assertions"}),
    "skipped": (set(), set()),
    "error": (set(), {"type", "message"}),
    "failure": (set(), {"type", "message"}),
}


@pytest.fixture(scope="module")
def root(graded) -> ElementTree.Element:
    return ElementTree.fromstring(junit(graded).encode("utf-8"))


def test_elements_and_attributes_are_those_of_the_schema(root):
    assert root.tag == "testsuites"
    for element in root.iter():
        required, optional = ATTRIBUTES[element.tag]
        assert {each.tag for each in element} <= CHILDREN[element.tag]
        assert required <= set(element.attrib) <= required | optional


def test_the_counts_are_those_of_the_cases(root):
    for suite in root:
        cases = suite.findall("testcase")
        for key, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(suite.get(key)) == len(suite.findall(f"testcase/{tag}"))
        assert int(suite.get("tests")) == len(cases) and len(list(suite)) == len(cases) + 1
    for key in ("tests", "failures", "errors"):
        assert int(root.get(key)) == sum(int(suite.get(key)) for suite in root)


def test_a_suite_is_a_submission_a_case_a_property_and_no_bad_news_looks_green(root, graded):
    assert len(root) == len(graded.results)
    for suite, result in zip(root, graded.results, strict=True):
        properties = [each.name for each in result.report.properties] if result.report else []
        names = [each.get("name") for each in suite.findall("testcase")]
        assert names in (properties, ["the_file", *properties])
        bad = suite.findall("testcase/error") if result.ours else suite.findall("testcase/failure")
        assert bool(bad) is not result.passed


def test_the_text_of_a_failure_is_the_learners_and_stays_text(root):
    text = "\n".join(each.text for each in root.iter("failure"))
    for words in ("]]><failure/>&amp;<!--", "<script>alert(1)</script>", "\\ufffe\\uffff"):
        assert words in text
