from __future__ import annotations

import pytest

from tutor.core.batch import Result
from tutor.core.render import Style, clean, held, one_line, report_text, result_text, summary, trouble
from tutor.core.report import Counterexample, LearnerError, Line, Need, PropertyResult, Report, Shown, Verdict

PLAIN = Style()

FAILED = PropertyResult(
    "agrees",
    "It is the rise over the run.",
    Verdict.FAILED,
    3,
    "The result is not what it must be.",
    Counterexample(
        {"x": Shown("tensor", "[[0., 1.],\n [2., 3.]]", "float64", (2, 2)), "dim": Shown("int", "0")},
        "slope(x, dim=0)",
        "the result",
        Shown("float", "2.0"),
        Shown("float", "-2.0"),
        "2.0 was expected",
        shrunk=True,
    ),
    printed="debug \x1b[2Jgone",
)
REPORT = Report(
    "lines/slope",
    Verdict.FAILED,
    "exercises/lines/slope.py",
    "0123456789abcdef",
    (FAILED, PropertyResult("order", "The order is free.", Verdict.PASSED, 100)),
    mistake="The sign of the run is lost: a slope can fall.",
    needs=(Need("lines/zero", True), Need("lines/one", False)),
    seed=7,
    cases=103,
)


def test_a_failing_report_shows_all_that_a_learner_needs():
    assert (
        report_text(REPORT, PLAIN)
        == """\
lines/slope  failed  exercises/lines/slope.py · sha256 0123456789ab · seed 7 · 103 cases
  failed     It is the rise over the run.
             The result is not what it must be.
             Recognised:
             The sign of the run is lost: a slope can fall.
             x (float64 (2, 2)):
                 [[0., 1.],
                  [2., 3.]]
             dim (int): 0
             call: slope(x, dim=0)
             expected (float): 2.0
             actual (float): -2.0
             the result: 2.0 was expected
             printed: debug \\x1b[2Jgone
  passed     The order is free.
  Borrowed from the solutions, because yours has not passed: lines/zero.
  For a hint: tutor hint lines/slope"""
    )


def test_an_error_shows_the_learners_own_lines_and_the_advice():
    error = LearnerError("ValueError", "no\x07", (Line("lines/slope", 12, "slope", "return 1 / x"),), "Look at x.")
    text = report_text(Report("lines/slope", Verdict.RAISED, "a.py", "", error=error), PLAIN)
    assert "lines/slope, line 12: return 1 / x\n  ValueError: no\\x07\n  Look at x." in text


def test_what_a_message_says_is_not_said_again_as_an_exception():
    told = "`a + b` should give a Value; yours gives None."
    result = PropertyResult("sums", "Sums.", Verdict.FAILED, 1, told, error=LearnerError("Unusable", told))
    text = report_text(Report("lines/slope", Verdict.FAILED, "slope.py", "0" * 16, (result,)), PLAIN)
    assert text.count(told) == 1 and "Unusable" not in text


def test_where_something_is_written_already_the_list_says_what_of_it_holds():
    properties = (PropertyResult("a", "A.", Verdict.PASSED, 9), PropertyResult("b", "B.", Verdict.UNWRITTEN))
    text = report_text(Report("lines/slope", Verdict.UNWRITTEN, "a.py", "", properties), PLAIN)
    assert "  passed     A." in text and "  unwritten  B." in text


def test_what_passed_gets_no_hint_and_an_unwritten_one_no_list():
    passed = Report("lines/slope", Verdict.PASSED, "a.py", "", (PropertyResult("a", "A.", Verdict.PASSED),))
    assert "hint" not in report_text(passed, PLAIN)
    unwritten = Report("lines/slope", Verdict.UNWRITTEN, "a.py", "", (PropertyResult("a", "A.", Verdict.UNWRITTEN),))
    assert "A." not in report_text(unwritten, PLAIN) and "tutor hint" in report_text(unwritten, PLAIN)


@pytest.mark.parametrize(
    "evil", ["\x1b[2J", "\x9b2J", "a\rb", "\u202egnorw", "\u200b", "\x00", "\ud800", "\x1b]0;t\x07"]
)
def test_nothing_printed_can_steer_a_terminal(evil):
    shown = clean(evil)
    assert shown.isprintable() and "\\" in shown
    shown.encode("utf-8")


def test_clean_leaves_text_alone():
    assert clean("é ∂y/∂x\n\tβ₁ 日本") == "é ∂y/∂x\n\tβ₁ 日本"


def test_every_part_of_a_report_is_cleaned():
    evil = "\x1b[31m"
    shown = Shown("tensor" + evil, evil, evil, (1,))
    result = PropertyResult(
        "n",
        evil,
        Verdict.FAILED,
        1,
        evil,
        Counterexample({evil: shown}, evil, evil, shown, shown, evil),
        LearnerError(evil, evil, (Line(evil, 1, evil, evil),), evil),
        evil,
    )
    report = Report("lines/slope", Verdict.FAILED, evil, evil, (result,), evil, result.error, evil)
    for text in (
        result_text(Result(evil, "lines/slope", "graded", report), PLAIN),
        result_text(Result(evil, None, "refused", problem=evil), PLAIN),
    ):
        assert "\x1b" not in text


def test_colour_is_never_the_only_sign():
    coloured = report_text(REPORT, Style(colour=True))
    assert "\x1b[31mfailed" in coloured
    for code in ("1", "2", "31", "32"):
        coloured = coloured.replace(f"\x1b[{code}m", "")
    assert coloured.replace("\x1b[0m", "") == report_text(REPORT, PLAIN)


def test_what_is_wrong_first_and_a_summary_are_one_line_each():
    refused = Result("b.py", None, "refused", problem="b.py does not exist. Check the name.")
    failed = Result("a.py", "lines/slope", "graded", REPORT)
    assert trouble(failed) == "It is the rise over the run. The result is not what it must be."
    assert trouble(refused) == "b.py does not exist. Check the name."
    assert held(failed) == (1, 2) and held(refused) == (0, 0)
    assert summary([failed, refused]) == "0 of 2 passed, 1 failed, 1 refused."


def test_a_name_in_a_row_is_one_line():
    assert one_line("a\nb\tc\r\x1b") == "a\\nb\\tc\\x0d\\x1b"
