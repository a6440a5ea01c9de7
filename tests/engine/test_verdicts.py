"""Every verdict of the vocabulary, on the toy course; the report carries the learner's line and the smallest case."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from tutor.core.events import Broken, Cancelled, Finished, Judged, Opened
from tutor.core.grading import Grader, GradingSettings
from tutor.core.report import PropertyResult, Report, Verdict
from tutor.core.submission import Submission

Check = Callable[..., Report]


def first(report: Report) -> PropertyResult:
    """The first property that did not pass."""
    return next(each for each in report.properties if each.verdict != Verdict.PASSED)


def line(report: Report) -> str:
    """The innermost line shown with the first failure."""
    error = report.error or first(report).error
    assert error is not None
    return error.lines[-1].text


def test_a_right_answer_passes(total: Check) -> None:
    report = total("result = 0.0\nfor number in numbers:\n    result += number\nreturn result")
    assert report.verdict == Verdict.PASSED
    assert {each.verdict for each in report.properties} == {Verdict.PASSED}
    assert report.cases > 20
    assert {layer.name for layer in report.layers} >= {"process", "environment", "rlimits", "landlock"}


def test_another_right_answer_passes(total: Check) -> None:
    assert total("import math\nreturn math.fsum(numbers)").passed


def test_the_stub_is_unwritten(total: Check) -> None:
    report = total("raise NotImplementedError")
    assert report.verdict == Verdict.UNWRITTEN
    assert first(report).counterexample is None


def test_a_wrong_answer_fails_with_the_smallest_case(total: Check) -> None:
    report = total("return float(sum(abs(number) for number in numbers))")
    failed = first(report)
    assert failed.verdict == Verdict.FAILED
    assert failed.counterexample is not None
    assert failed.counterexample.shrunk
    assert failed.counterexample.arguments["numbers"].text == "[-0.5]"
    assert failed.counterexample.call == "total([-0.5])"
    assert failed.counterexample.expected is not None
    assert failed.counterexample.expected.text == "-0.5"
    assert failed.counterexample.actual is not None
    assert failed.counterexample.actual.text == "0.5"


def test_a_named_mistake_is_recognised(total: Check) -> None:
    report = total("return 0.0 + sum(map(abs, numbers))")
    assert report.mistake == "Negative numbers are added as positive ones."


def test_a_mistake_outside_the_catalogue_is_not_named(total: Check) -> None:
    assert total("return 2.0 * sum(numbers)").mistake == ""


def test_nothing_is_recognised_in_a_right_answer(total: Check) -> None:
    assert total("return float(sum(numbers))").mistake == ""


def test_an_exception_is_told_with_the_learners_line(total: Check) -> None:
    report = total("return numbers[0] + undefined_name")
    assert report.verdict == Verdict.RAISED
    assert line(report) == "return numbers[0] + undefined_name"


def test_an_endless_loop_times_out_with_its_line(total: Check) -> None:
    report = total("count = 1\nwhile True:\n    count += 1")
    assert report.verdict == Verdict.TIMEOUT
    assert line(report) in ("while True:", "count += 1")


def test_an_endless_regular_expression_times_out(total: Check) -> None:
    report = total("import re\nre.match('(a+)+$', 'a' * 40 + 'b')\nreturn 0.0")
    assert report.verdict == Verdict.TIMEOUT
    assert line(report) == "re.match('(a+)+$', 'a' * 40 + 'b')"


def test_sleeping_times_out(total: Check) -> None:
    report = total("import time\ntime.sleep(1000)\nreturn 0.0")
    assert report.verdict == Verdict.TIMEOUT
    assert line(report) == "time.sleep(1000)"


def test_too_much_memory_is_an_error_with_its_line(total: Check) -> None:
    report = total("big = [0] * (10_000_000_000 // 8)\nreturn 0.0")
    assert report.verdict == Verdict.RAISED
    assert line(report) == "big = [0] * (10_000_000_000 // 8)"
    assert "memory" in first(report).message


def test_endless_recursion_is_an_error(total: Check) -> None:
    report = total("return total(numbers)")
    assert report.verdict == Verdict.RAISED
    assert "calls itself" in first(report).message


@pytest.mark.parametrize("exit", ["os._exit(0)", "os.abort()"])
def test_ending_the_process_is_a_crash_with_its_line(total: Check, exit: str) -> None:
    report = total(f"import os\n{exit}\nreturn 0.0")
    assert report.verdict == Verdict.CRASHED
    assert line(report) == exit


def test_a_crash_in_c_code_is_told_with_its_line(total: Check) -> None:
    report = total("import ctypes\nctypes.string_at(0)\nreturn 0.0")
    assert report.verdict == Verdict.CRASHED
    assert line(report) == "ctypes.string_at(0)"


def test_sys_exit_is_an_error_and_not_a_pass(total: Check) -> None:
    assert total("import sys\nsys.exit(0)").verdict == Verdict.RAISED


def test_a_flood_of_output_is_cut(total: Check) -> None:
    report = total("print('x' * 10_000_000)\nreturn 1.0")
    assert report.verdict == Verdict.FAILED
    assert 0 < len(first(report).printed) <= 4000


def test_what_was_printed_is_shown_without_what_a_terminal_obeys(total: Check) -> None:
    printed = first(total("print('see \\x1b[2J\\x1b]0;title\\x07 this')\nreturn 1.0")).printed
    assert "see" in printed
    assert "\x1b" not in printed
    assert "\x07" not in printed


def test_hidden_state_is_flaky(total: Check) -> None:
    report = total("total.calls = getattr(total, 'calls', 0) + 1\nreturn float(sum(numbers)) + (total.calls > 9)")
    assert report.verdict == Verdict.FLAKY
    assert "remembers" in first(report).message


def test_an_int_is_not_a_float(total: Check) -> None:
    assert first(total("return int(sum(numbers))")).verdict == Verdict.FAILED


def test_a_syntax_error_is_told_with_its_line(total: Check) -> None:
    report = total("return (")
    assert report.verdict == Verdict.RAISED
    assert "line 2" in report.message
    assert line(report) == "return ("


def test_a_missing_name_is_told(grade_toy: Check) -> None:
    report = grade_toy("sums/total", "def totale(numbers):\n    return 0.0\n")
    assert report.verdict == Verdict.FAILED
    assert "`total` is missing" in report.message


def test_another_signature_is_told(grade_toy: Check) -> None:
    report = grade_toy("sums/total", "def total(numbers, start):\n    return 0.0\n")
    assert report.verdict == Verdict.FAILED
    assert "should take" in report.message


def test_more_arguments_with_defaults_are_fine(grade_toy: Check) -> None:
    assert grade_toy("sums/total", "def total(numbers, start=0.0):\n    return float(sum(numbers))\n").passed


def test_an_edited_docstring_is_fine(grade_toy: Check) -> None:
    assert grade_toy("sums/total", '"""mine"""\ntotal = lambda numbers: float(sum(numbers))\n').passed


def test_a_file_that_raises_when_imported(grade_toy: Check) -> None:
    report = grade_toy("sums/total", "1 / 0\ndef total(numbers):\n    return 0.0\n")
    assert report.verdict == Verdict.RAISED
    assert line(report) == "1 / 0"


def test_a_file_that_never_ends_being_imported(grade_toy: Check) -> None:
    report = grade_toy("sums/total", "def total(numbers):\n    return 0.0\nwhile True:\n    pass\n")
    assert report.verdict == Verdict.TIMEOUT
    assert line(report) in ("while True:", "pass")


def test_needs_are_imported_and_named(grade_toy: Check) -> None:
    text = (
        "from exercises.sums.total import total\n"
        "def running_mean(numbers):\n"
        "    return [total(numbers[:n]) / n for n in range(1, len(numbers) + 1)]\n"
    )
    report = grade_toy("sums/running_mean", text)
    assert report.passed
    assert [(need.exercise, need.borrowed) for need in report.needs] == [("sums/total", True)]


def test_other_exercises_cannot_be_imported(grade_toy: Check) -> None:
    report = grade_toy("sums/total", "import exercises.lines.slope\ndef total(numbers):\n    return 0.0\n")
    assert report.verdict == Verdict.RAISED
    assert "ModuleNotFoundError" in report.message


@pytest.mark.parametrize("folder", ["solutions", "reference"])
def test_answers_cannot_be_read(total: Check, toy_grader: Grader, folder: str) -> None:
    path = toy_grader.course.root / folder / "sums" / "total.py"
    report = total(f"return float(len(open({str(path)!r}).read()))")
    assert report.verdict == Verdict.RAISED
    assert "PermissionError" in first(report).message


def test_the_environment_is_clean(total: Check) -> None:
    report = total("import os\nraise ValueError(sorted(os.environ))")
    assert "HOME" in first(report).message
    assert "PYTHONSAFEPATH" not in first(report).message


def test_the_working_folder_is_empty_and_its_own(total: Check) -> None:
    message = first(total("import os\nopen('mine', 'w').write('x')\nraise ValueError(os.listdir())")).message
    assert "['mine']" in message


@pytest.mark.parametrize(
    ("start", "use"),
    [
        ("import statistics", "statistics.linear_regression"),
        ("import statistics as s", "s.linear_regression"),
        ("from statistics import linear_regression as fit", "fit"),
        ("import statistics\nfit = statistics.linear_regression", "fit"),
    ],
)
def test_a_forbidden_name_is_told_with_its_line(grade_toy: Check, start: str, use: str) -> None:
    text = f"{start}\ndef slope(x0, y0, x1, y1):\n    return {use}((x0, x1), (y0, y1)).slope\n"
    report = grade_toy("lines/slope", text)
    assert report.verdict == Verdict.FORBIDDEN
    assert "`statistics.linear_regression` may not be used here" in report.message
    assert line(report)


def test_waiting_a_little_in_every_call_ends_too(toy_grader: Grader, submit: Callable[..., Submission]) -> None:
    text = "import time\ndef total(numbers):\n    time.sleep(0.2)\n    return float(sum(numbers))\n"
    with Grader(toy_grader.course, settings=GradingSettings(wall_seconds=1)) as grader:
        report = grader.grade(submit(toy_grader.course, "sums/total", text))
    assert report.verdict == Verdict.TIMEOUT
    assert "more than 1 seconds in all" in first(report).message
    assert {each.verdict for each in report.properties[1:]} == {Verdict.SKIPPED}


def test_after_every_attack_the_next_submission_is_graded(total: Check) -> None:
    total("import os\nos._exit(0)")
    assert total("return float(sum(numbers))").passed


def test_a_newer_check_cancels_the_older(toy_grader: Grader, submit: Callable[..., object]) -> None:
    slow = submit(toy_grader.course, "sums/total", "def total(numbers):\n    while True: pass\n")
    right = submit(toy_grader.course, "sums/total", "def total(numbers):\n    return float(sum(numbers))\n")
    older, newer = toy_grader.check(slow), toy_grader.check(right)  # type: ignore[arg-type]
    seen = []
    for event in toy_grader.events():
        seen.append(event)
        if isinstance(event, Finished):
            break
    assert Cancelled(older) in seen
    assert isinstance(seen[-1], Finished)
    assert (seen[-1].ticket, seen[-1].report.passed) == (newer, True)


def test_opening_tells_the_properties_before_any_check(toy_grader: Grader) -> None:
    ticket = toy_grader.open("lines/line")
    opened = next(event for event in toy_grader.events() if isinstance(event, Opened | Broken))
    assert isinstance(opened, Opened)
    assert opened.ticket == ticket
    assert opened.cases > 10
    assert all(each.sentence for each in opened.properties)


def test_verdicts_come_before_the_report(toy_grader: Grader, submit: Callable[..., object]) -> None:
    wrong = submit(toy_grader.course, "sums/total", "def total(numbers):\n    return 1.5\n")
    toy_grader.check(wrong)  # type: ignore[arg-type]
    judged: list[Judged] = []
    for event in toy_grader.events():
        if isinstance(event, Judged):
            judged.append(event)
        if isinstance(event, Finished):
            assert {each.name for each in event.report.properties} == {each.result.name for each in judged}
            break
    shrunk = [each.result.counterexample.shrunk for each in judged if each.result.counterexample]
    assert shrunk[0] is False
    assert shrunk[-1] is True


def test_the_same_submission_gives_the_same_report(total: Check) -> None:
    one, two = (total("return 1.0 + sum(numbers)") for _ in range(2))
    assert replace(one, seconds=0) == replace(two, seconds=0)


@pytest.mark.parametrize(
    ("body", "yours"),
    [
        ("sum(numbers)", "None. Did you forget a `return`?"),
        ("return sum(numbers), 1", "tuple of 2 (float, int)."),
        ("return object()", "object."),
        ("return 1", "int."),
    ],
)
def test_a_wrong_type_is_named_before_any_comparison(total: Check, body: str, yours: str) -> None:
    assert (
        first(total(f"numbers = [*numbers, 0.0]\n{body}")).message
        == f"`total` should return float; yours returned {yours}"
    )


@pytest.mark.parametrize(("seconds", "cut"), [(0.3, True), (0.0, False)])
def test_a_search_for_a_smaller_case_that_is_cut_off_says_so(total: Check, seconds: float, cut: bool) -> None:
    wrong = first(total(f"time.sleep({seconds})\nreturn float(sum(numbers)) + (len(numbers) > 2)", "import time\n"))
    assert wrong.counterexample is not None
    assert (wrong.counterexample.shrunk, wrong.counterexample.cut) == (True, cut)
