"""The front end's side of the grader, with the real process and the toy course."""

from __future__ import annotations

import os
import signal
import sys
import threading

import pytest

from tutor.core.errors import GraderFailed
from tutor.core.events import Broken, Cancelled, Checking, Finished, Judged, Opened, Ready
from tutor.core.grading import Grader, GradingSettings
from tutor.core.report import Verdict
from tutor.core.submission import make_submission

SLOPE = "lines/slope"
RIGHT = "def slope(x0, y0, x1, y1):\n    return (y1 - y0) / (x1 - x0)\n"
SLOW = "import time\ndef slope(x0, y0, x1, y1):\n    time.sleep(0.05)\n    return (y1 - y0) / (x1 - x0)\n"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX")


@pytest.fixture
def grader(toy):
    with Grader(toy) as grader:
        yield grader


@pytest.fixture
def submit(toy):
    """Makes a submission of a text for lines/slope."""
    return lambda text: make_submission(toy, toy.exercise(SLOPE), "slope.py", text, text[:8], lambda _: None)


def until(grader: Grader, *kinds: type) -> list[object]:
    """Events up to the first of these kinds."""
    seen = []
    for event in grader.events():
        seen.append(event)
        if isinstance(event, kinds):
            return seen
    raise AssertionError(f"closed after {seen}")


def test_a_check_is_told_from_ready_to_finished(grader, submit):
    opened = grader.open(SLOPE)
    ticket = grader.check(submit(RIGHT))
    seen = until(grader, Finished)
    kinds = [type(each) for each in seen]
    assert kinds[0] is Ready and Opened in kinds and kinds.index(Checking) < kinds.index(Judged)
    assert next(each for each in seen if isinstance(each, Opened)).ticket == opened
    assert seen[-1].ticket == ticket and seen[-1].report.passed


def test_a_newer_check_takes_the_place_of_an_older_one(grader, submit):
    older = grader.check(submit(SLOW))
    until(grader, Checking)
    newer = grader.check(submit(RIGHT))
    seen = until(grader, Finished)
    assert Cancelled(older) in seen
    assert seen[-1].ticket == newer and seen[-1].report.passed


def test_the_settings_reach_the_report(toy, submit):
    with Grader(toy, settings=GradingSettings(seed=5, cases=7)) as grader:
        report = grader.grade(submit(RIGHT))
    assert (report.seed, report.cases) == (5, 14)


def test_a_grader_that_was_killed_is_told_and_started_again(grader, submit):
    grader.check(submit(SLOW))
    until(grader, Checking)
    os.kill(grader._process.child.pid, signal.SIGKILL)
    (broken,) = [each for each in until(grader, Broken) if isinstance(each, Broken)]
    assert "signal 9" in broken.message and broken.message.endswith("Try again.")
    assert grader.grade(submit(RIGHT)).verdict is Verdict.PASSED


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="a system where nothing is stopped")
def test_a_grader_that_fell_silent_is_replaced_when_something_is_asked(grader, submit, monkeypatch):
    assert grader.grade(submit(RIGHT)).passed
    stopped = grader._process
    os.kill(stopped.child.pid, signal.SIGSTOP)
    grader.check(submit(RIGHT + "# 1\n"))
    grader.check(submit(RIGHT + "# 2\n"))
    assert grader._process is stopped, "it has not been silent for long"
    monkeypatch.setattr("tutor.core.grading._SILENT_SECONDS", 0.0)
    ticket = grader.check(submit(RIGHT + "# 3\n"))
    monkeypatch.undo()
    told = [event for event in until(grader, Finished) if getattr(event, "ticket", 0) == ticket]
    assert told[-1].report.passed
    assert grader._process is not stopped and stopped.child.poll() is not None


def test_grade_says_that_the_grader_was_killed(grader, submit):
    grader.grade(submit(RIGHT))
    threading.Timer(0.3, os.kill, (grader._process.child.pid, signal.SIGKILL)).start()
    with pytest.raises(GraderFailed, match="grader process ended"):
        grader.grade(submit(SLOW))


def test_close_ends_the_process_and_the_events(toy, submit):
    grader = Grader(toy)
    grader.start()
    child = grader._process.child
    reader = threading.Thread(target=lambda: list(grader.events()))
    reader.start()
    grader.close()
    reader.join(timeout=10)
    assert not reader.is_alive() and child.poll() is not None
    with pytest.raises(GraderFailed, match="closed"):
        grader.check(submit(RIGHT))


def test_a_submission_that_never_ends_does_not_hold_up_close(toy, submit):
    grader = Grader(toy)
    grader.check(submit("def slope(x0, y0, x1, y1):\n    while True: pass\n"))
    until(grader, Checking)
    child = grader._process.child
    grader.close()
    assert child.poll() is not None
