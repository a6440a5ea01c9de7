"""What was graded is on the disk: whatever ends the program, nothing is lost and nothing graded twice."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tutor.core.batch import Result
from tutor.core.course import Course
from tutor.core.errors import SubmissionError
from tutor.core.grading import GradingSettings
from tutor.core.journal import Basis, basis, journal
from tutor.core.report import Need, Report, Verdict
from tutor.core.submission import Source, Submission

SHA, OTHER = "1" * 64, "2" * 64


@pytest.fixture
def same(toy: Course) -> Basis:
    return basis("1", toy, "auto", GradingSettings())


def result(path: str = "alice.py", sha256: str = SHA, need: str = OTHER) -> Result:
    needs = (Need("lines/slope", borrowed=True, sha256=need),)
    return Result(path, "lines/line", "graded", Report("lines/line", Verdict.PASSED, path, sha256, needs=needs))


def submission(path: str = "alice.py", sha256: str = SHA, need: str = OTHER, borrowed: bool = True) -> Submission:
    return Submission("lines/line", path, "", sha256, (Source("lines/slope", "", "", need, borrowed),))


def test_a_result_is_on_the_disk_at_once_and_known_to_the_next_run(tmp_path: Path, same: Basis) -> None:
    path = tmp_path / "journal"
    with journal(path, same, resume=False) as book:
        place = book.keep(result())
        assert json.loads(path.read_bytes().splitlines()[1])["submission"] == "alice.py"
        assert book.read(place) == result()
    with journal(path, same, resume=True) as book:
        assert book.before == 1 and book.known(submission()) == result()
        assert book.keep(result()) == place
    assert len(path.read_bytes().splitlines()) == 2


@pytest.mark.parametrize(
    "other", [submission(path="bob.py"), submission(sha256=OTHER), submission(need=SHA), submission(borrowed=False)]
)
def test_another_text_or_another_need_is_not_known(tmp_path: Path, same: Basis, other: Submission) -> None:
    with journal(tmp_path / "journal", same, resume=False) as book:
        book.keep(result())
        assert book.known(submission()) and book.known(other) is None


@pytest.mark.parametrize("cut", range(1, 40, 3))
def test_a_line_that_was_cut_off_is_graded_again(tmp_path: Path, same: Basis, cut: int) -> None:
    path = tmp_path / "journal"
    with journal(path, same, resume=False) as book:
        book.keep(result())
        book.keep(result("bob.py"))
    path.write_bytes(path.read_bytes()[:-cut])
    with journal(path, same, resume=True) as book:
        assert book.known(submission()) == result() and book.known(submission("bob.py")) is None
        book.keep(result("bob.py"))
    with journal(path, same, resume=True) as book:
        assert book.before == 2


def test_a_grader_that_broke_and_a_file_that_could_not_be_read_are_tried_again(tmp_path: Path, same: Basis) -> None:
    with journal(tmp_path / "journal", same, resume=False) as book:
        book.keep(Result("alice.py", "lines/line", "broken", problem="It broke."))
        book.keep(Result("bob.py", None, "refused", problem="Not there."))
    with journal(tmp_path / "journal", same, resume=True) as book:
        assert book.before == 0


def test_another_grading_is_not_mixed_in(tmp_path: Path, toy: Course, toy_root: Path, same: Basis) -> None:
    path = tmp_path / "journal"
    with journal(path, same, resume=False) as book:
        book.keep(result())
    settings = replace(same.settings, seed=7, cases=9)
    for other, words in (
        (replace(same, settings=settings), "seed, cases"),
        (replace(same, borrow="none"), "borrow"),
        (replace(same, version="2"), "version"),
        (replace(same, course="0"), "course"),
    ):
        with (
            pytest.raises(SubmissionError, match=f"differs in {words}"),
            journal(path, other, resume=True),
        ):
            pass
    assert len(path.read_bytes().splitlines()) == 2


def test_beginning_anew_puts_the_old_one_aside(tmp_path: Path, same: Basis) -> None:
    path = tmp_path / "journal"
    with journal(path, same, resume=False) as book:
        book.keep(result())
    old = path.read_bytes()
    with journal(path, same, resume=False) as book:
        assert book.known(submission()) is None
    assert (tmp_path / "journal.old").read_bytes() == old


def test_only_one_at_a_time(tmp_path: Path, same: Basis) -> None:
    path = tmp_path / "journal"
    with journal(path, same, resume=False) as book:
        book.keep(result())
        with pytest.raises(SubmissionError, match="Another tutor writes to"), journal(path, same, resume=True):
            pass


def test_a_file_that_is_no_journal_is_left_alone(tmp_path: Path, same: Basis) -> None:
    path = tmp_path / "journal"
    path.write_text('{"my": "data"}\n')
    with pytest.raises(SubmissionError, match="no journal"), journal(path, same, resume=True):
        pass
    assert path.read_text() == '{"my": "data"}\n'


def test_the_course_is_known_by_every_file(toy_root: Path, toy: Course) -> None:
    from tutor.core.course import load_course
    from tutor.core.journal import course_digest

    assert course_digest(load_course(toy_root)) == course_digest(toy)
    reference = toy_root / "reference/lines/slope.py"
    reference.write_text(reference.read_text() + "\n")
    assert course_digest(load_course(toy_root)) != course_digest(toy)
