"""Results as JUnit XML, which build servers read: a suite for each submission, a test case for each property.

Elements and attributes are those of the schema that Jenkins publishes for JUnit reports (junit-10.xsd).
"""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from tutor.core.batch import Result
from tutor.core.graded import Graded
from tutor.core.render import Style, clean, one_line, property_text, result_text
from tutor.core.report import PropertyResult
from tutor.core.scoring import Policy, shown
from tutor.core.students import who


def junit(graded: Graded) -> str:
    """The document, with a heading that says UTF-8."""
    suites = [_suite(each, graded.policy) for each in graded.results]
    root = Element("testsuites", {"name": _line(graded.course.title), **_sums(suites)})
    root.extend(suites)
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode")


def _suite(result: Result, policy: Policy) -> Element:
    cases = [_case(result, each) for each in result.report.properties] if result.report else []
    if not result.passed and not any(_counted(cases, tag) for tag in ("failure", "error")):
        cases.insert(0, _whole(result))
    suite = Element(
        "testsuite",
        {
            "name": _line(" ".join(filter(None, (who(result), result.exercise)))),
            "tests": str(len(cases)),
            "failures": str(_counted(cases, "failure")),
            "errors": str(_counted(cases, "error")),
            "skipped": str(_counted(cases, "skipped")),
            "time": f"{result.report.seconds if result.report else 0:.3f}",
        },
    )
    properties = SubElement(suite, "properties")
    for key, value in _facts(result, policy):
        SubElement(properties, "property", name=key, value=_line(value))
    suite.extend(cases)
    return suite


def _counted(cases: Iterable[Element], tag: str) -> int:
    return sum(each.find(tag) is not None for each in cases)


def _case(result: Result, found: PropertyResult) -> Element:
    case = Element("testcase", classname=_class(result), name=found.name)
    mistake = result.report.mistake if result.report else ""
    _judge(case, found.verdict.value, found.message or found.sentence, property_text(found, Style(), mistake))
    return case


def _whole(result: Result) -> Element:
    """The case that stands for the file, where no property says what is wrong with it."""
    case = Element("testcase", classname=_class(result), name="the_file")
    word = result.report.verdict.value if result.report else result.outcome
    message = result.report.message if result.report else result.problem
    _judge(case, word, message, result_text(result, Style(), hint=False))
    return case


def _judge(case: Element, word: str, message: str, text: str) -> None:
    """Adds what became of the case: nothing if it passed; a failure is the student's, an error the grader's."""
    if word == "skipped":
        SubElement(case, "skipped").text = _text(message)
    elif word != "passed":
        tag = "error" if word in ("error", "broken") else "failure"
        SubElement(case, tag, type=word, message=_line(message)).text = _text(text)


def _facts(result: Result, policy: Policy) -> Iterable[tuple[str, str]]:
    yield "student", result.student
    yield "submission", result.submission
    yield "exercise", result.exercise or ""
    points = policy.points(result)
    yield "points", shown(points.earned) if points else ""
    yield "possible", shown(points.possible) if points else ""
    yield "credit", policy.credit
    yield "weights", policy.weights_from or "equal"
    yield "borrow", policy.borrow
    if result.report:
        yield "seed", str(result.report.seed)
        yield "sha256", result.report.sha256


def _class(result: Result) -> str:
    """A build server folds at the dots."""
    return _line(f"{who(result).replace('.', '_')}.{(result.exercise or 'unknown').replace('/', '.')}")


def _sums(suites: Iterable[Element]) -> dict[str, str]:
    suites = list(suites)
    counts = {key: str(sum(int(each.get(key, "0")) for each in suites)) for key in ("tests", "failures", "errors")}
    return {**counts, "time": f"{sum(float(each.get('time', '0')) for each in suites):.3f}"}


def _line(text: str) -> str:
    return _legal(one_line(text))


def _text(text: str) -> str:
    return _legal(clean(text))


def _legal(text: str) -> str:
    """XML 1.0 has no way to write two characters that are not control characters either."""
    return text.replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff")
