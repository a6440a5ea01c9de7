"""The board: events in, one value out."""

from __future__ import annotations

from tutor.core.events import Broken, Cancelled, Finished, Judged, Opened, PropertyName, Ready, Recognised
from tutor.core.report import Need, PropertyResult, Report, Verdict
from tutor.tui.board import Board, Phase

ID = "lines/slope"
NAMES = (PropertyName("first", "It is first."), PropertyName("second", "It is second."))


def result(name: str, verdict: Verdict) -> PropertyResult:
    return PropertyResult(name, f"It is {name}.", verdict, 100)


def report(*verdicts: Verdict, verdict: Verdict = Verdict.FAILED, **more: object) -> Report:
    results = tuple(result(name.name, each) for name, each in zip(NAMES, verdicts, strict=False))
    return Report(ID, verdict, "slope.py", "0" * 64, properties=results, **more)


def opened() -> Board:
    return Board(ID, opening=1).after(Opened(1, ID, NAMES, 200, 0.1))


def test_opening_shows_what_will_be_checked():
    board = opened()
    assert board.phase is Phase.IDLE
    assert [row.sentence for row in board.rows] == ["It is first.", "It is second."]
    assert [row.verdict for row in board.rows] == [None, None]


def test_a_grader_that_is_up_ends_the_warming_and_nothing_else():
    assert Board(ID).after(Ready(2.0)).phase is Phase.IDLE
    assert opened().asked(2).after(Ready(2.0)).phase is Phase.CHECKING


def test_checking_is_shown_before_the_grader_answers():
    assert opened().asked(2).phase is Phase.CHECKING


def test_verdicts_come_one_by_one_and_the_shrunk_one_replaces_the_first():
    board = opened().asked(2).after(Judged(2, ID, result("second", Verdict.FAILED)))
    assert [row.verdict for row in board.rows] == [None, Verdict.FAILED]
    shrunk = PropertyResult("second", "It is second.", Verdict.FAILED, 7)
    board = board.after(Judged(2, ID, shrunk))
    assert [row.result.cases for row in board.rows if row.result] == [7]


def test_events_of_an_older_check_change_nothing():
    board = opened().asked(2).asked(3)
    for event in (Judged(2, ID, result("first", Verdict.PASSED)), Finished(2, report()), Cancelled(2), Broken(2, "no")):
        assert board.after(event) is board


def test_events_of_another_exercise_change_nothing():
    board = opened()
    assert board.after(Opened(9, "lines/line", (PropertyName("other", "Other."),), 1, 0.1)) is board


def test_results_of_an_older_text_stay_in_view_but_count_no_more():
    board = opened().asked(2).after(Finished(2, report(Verdict.PASSED, Verdict.FAILED))).asked(3)
    assert [row.verdict for row in board.rows] == [None, None]
    assert [row.result.verdict for row in board.rows if row.result] == [Verdict.PASSED, Verdict.FAILED]
    assert board.held == 0


def test_a_report_without_results_clears_the_older_ones():
    board = opened().asked(2).after(Finished(2, report(Verdict.PASSED, Verdict.PASSED, verdict=Verdict.PASSED)))
    assert board.passed
    board = board.asked(3).after(Finished(3, report(message="Line 3 is not Python.")))
    assert not board.passed
    assert [row.result for row in board.rows] == [None, None]


def test_the_first_failure_is_the_one_to_show_and_never_one_of_ours_if_there_is_a_real_one():
    board = opened().asked(2).after(Finished(2, report(Verdict.ERROR, Verdict.FAILED)))
    assert board.first_wrong is not None
    assert board.first_wrong.name == "second"


def test_a_broken_grader_is_ours_and_the_next_check_starts_clean():
    board = opened().asked(2).after(Broken(2, "The grader process ended."))
    assert (board.phase, board.notice) == (Phase.BROKEN, "The grader process ended.")
    assert board.asked(3).notice == ""


def test_a_file_that_cannot_be_read_ends_the_check_that_ran():
    board = opened().asked(2).refused("It is not UTF-8.")
    assert board.after(Finished(2, report(Verdict.PASSED, Verdict.PASSED, verdict=Verdict.PASSED))) is board


def test_recognised_mistakes_and_borrowed_needs_are_known():
    needs = (Need("lines/a", True), Need("lines/b", False))
    board = opened().asked(2).after(Recognised(2, ID, "The sign is lost."))
    assert board.mistake == "The sign is lost."
    assert board.after(Finished(2, report(Verdict.FAILED, needs=needs))).borrowed == ("lines/a",)
