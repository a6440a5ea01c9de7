from __future__ import annotations

import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tutor.core.errors import WorkspaceError
from tutor.core.progress import Progress
from tutor.core.report import LearnerError, PropertyResult, Report, Verdict

SLOPE = "lines/slope"


@pytest.fixture
def progress(tmp_path):
    progress = Progress(tmp_path / ".tutor" / "progress.sqlite3")
    yield progress
    progress.close()


def report(verdict: Verdict, sha256: str = "abc") -> Report:
    error = LearnerError("ValueError", "no")
    result = PropertyResult("holds", "It holds.", verdict, 3, error=error)
    return Report(SLOPE, verdict, "slope.py", sha256, (result,), seed=7)


def test_states_go_from_new_to_started_to_passed_and_stay(progress):
    assert progress.state(SLOPE) == "new"
    progress.record(report(Verdict.UNWRITTEN))
    assert progress.state(SLOPE) == "new"
    progress.record(report(Verdict.FAILED))
    assert progress.state(SLOPE) == "started"
    progress.record(report(Verdict.PASSED))
    progress.record(report(Verdict.RAISED))
    assert progress.state(SLOPE) == "passed" and progress.states() == {SLOPE: "passed"}


def test_a_grader_that_broke_is_no_attempt(progress):
    progress.record(report(Verdict.ERROR))
    assert progress.attempts(SLOPE) == ()


def test_only_the_text_that_passed_counts_as_passed(progress):
    progress.record(report(Verdict.PASSED, "one"))
    progress.record(report(Verdict.FAILED, "two"))
    assert progress.passed_sha(SLOPE, "one")
    assert not progress.passed_sha(SLOPE, "two")
    assert not progress.passed_sha("lines/line", "one")


def test_restart_makes_new_and_keeps_the_attempts(progress):
    progress.record(report(Verdict.PASSED))
    progress.restart(SLOPE)
    assert progress.state(SLOPE) == "new" and len(progress.attempts(SLOPE)) == 1
    progress.record(report(Verdict.FAILED))
    assert progress.state(SLOPE) == "started"


def test_the_last_report_comes_back_whole(progress):
    progress.record(report(Verdict.FAILED))
    progress.record(report(Verdict.RAISED))
    assert progress.last_report(SLOPE) == report(Verdict.RAISED)
    assert progress.last_report("lines/line") is None


def test_hints_time_and_place_are_remembered(progress):
    assert (progress.hints_shown(SLOPE), progress.seconds_spent(SLOPE), progress.last_exercise()) == (0, 0.0, None)
    assert [progress.show_hint(SLOPE), progress.show_hint(SLOPE)] == [1, 2]
    progress.add_seconds(SLOPE, 1.5)
    progress.add_seconds(SLOPE, 2)
    progress.set_last("lines/line")
    progress.set_last(SLOPE)
    again = Progress(progress.path)
    assert (again.hints_shown(SLOPE), again.seconds_spent(SLOPE), again.last_exercise()) == (2, 3.5, SLOPE)
    again.close()


RECORD_FOR_EVER = """
import sys
from pathlib import Path
from pathlib import Path
from tutor.core.progress import Progress
from tutor.core.report import Report, Verdict
progress = Progress(Path(sys.argv[1]))
for number in range(10**9):
    progress.record(Report("lines/slope", Verdict.PASSED, "slope.py", str(number)))
    print(number, flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is POSIX")
def test_what_was_recorded_survives_a_kill(tmp_path):
    path = tmp_path / "progress.sqlite3"
    with subprocess.Popen([sys.executable, "-c", RECORD_FOR_EVER, path], stdout=subprocess.PIPE) as writer:
        for line in writer.stdout:
            if line.strip() == b"200":
                writer.send_signal(signal.SIGKILL)
                break
        told = [int(each) for each in writer.stdout.read().split()] or [200]
    progress = Progress(path)
    assert all(progress.passed_sha(SLOPE, str(number)) for number in range(max(told)))
    assert progress.state(SLOPE) == "passed"
    progress.close()


def test_two_processes_may_write_at_once(tmp_path):
    path = tmp_path / "progress.sqlite3"
    code = RECORD_FOR_EVER.replace("10**9", "50")
    writers = [subprocess.Popen([sys.executable, "-c", code, path], stdout=subprocess.DEVNULL) for _ in range(3)]
    assert [each.wait() for each in writers] == [0, 0, 0]
    progress = Progress(path)
    assert len(progress.attempts(SLOPE)) == 150
    progress.close()


def test_a_file_of_a_newer_tutor_is_left_alone(tmp_path):
    path = tmp_path / "progress.sqlite3"
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 9")
    db.close()
    with pytest.raises(WorkspaceError, match="newer tutor"):
        Progress(path)


def test_a_damaged_file_is_told_and_left_alone(tmp_path):
    path = tmp_path / "progress.sqlite3"
    path.write_bytes(b"this is no database" * 100)
    with pytest.raises(WorkspaceError, match="damaged.*Your own files are not touched"):
        Progress(path)
    assert path.read_bytes() == b"this is no database" * 100


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(WorkspaceError, match="Progress is not saved"):
        Progress(tmp_path / "file" / "progress.sqlite3")


def test_what_is_skipped_is_so_until_it_passes_or_is_taken_up_again(progress):
    progress.skip(["lines/slope", "lines/line"])
    assert progress.states() == {"lines/slope": "skipped", "lines/line": "skipped"}
    progress.record(report(Verdict.FAILED))
    assert progress.state("lines/slope") == "skipped"
    progress.record(report(Verdict.PASSED))
    assert progress.states() == {"lines/slope": "passed", "lines/line": "skipped"}
    progress.take_up(["lines/line", "lines/slope"])
    assert progress.states() == {"lines/slope": "passed"}


def test_each_file_draws_a_number_of_its_own_once(tmp_path):
    files = [Progress(tmp_path / name) for name in ("one", "other")]
    one, other = (each.own_number() for each in files)
    assert one != other and (files[0].own_number(), files[1].own_number()) == (one, other)
    for each in files:
        each.close()


def test_a_file_that_was_deleted_is_written_back_with_all_that_was_known(tmp_path):
    path = tmp_path / "ws/.tutor/progress.sqlite3"
    progress = Progress(path)
    progress.record(report(Verdict.PASSED))
    progress.show_hint("lines/slope")
    assert not progress.missing()
    shutil.rmtree(tmp_path / "ws")
    assert progress.missing()
    progress.answer("lines/fall", right=True)
    progress.write_back()
    assert not progress.missing()
    progress.note("after", "kept")
    other = Progress(path)  # as another process: nothing of what follows lies in the file that is gone
    assert other.state("lines/slope") == "passed" and other.hints_shown("lines/slope") == 1
    assert other.answers() == {"lines/fall": True} and other.noted("after") == "kept"
    progress.close()
    other.close()
    last = Progress(path)
    assert last.state("lines/slope") == "passed"
    last.close()


def test_a_file_that_another_program_has_made_again_holds(tmp_path):
    path = tmp_path / "ws/progress.sqlite3"
    one, two = Progress(path), Progress(path)
    one.record(report(Verdict.PASSED))
    shutil.rmtree(tmp_path / "ws")
    one.write_back()
    one.answer("lines/fall", right=True)
    assert two.missing()
    two.write_back()
    assert two.answers() == {"lines/fall": True} and two.state("lines/slope") == "passed"
    two.note("from", "two")
    assert one.noted("from") == "two"
    one.close()
    two.close()


def test_a_database_in_memory_is_never_missing():
    progress = Progress(Path(":memory:"))
    assert not progress.missing()
    progress.close()
