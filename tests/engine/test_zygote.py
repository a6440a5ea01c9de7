"""The zygote looks after its children: what dies is told, what ends leaves nothing behind."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tutor.core.course import load_course
from tutor.core.errors import GraderFailed
from tutor.core.events import Broken, Finished, Opened
from tutor.core.grading import Grader, GradingSettings

TOY = Path(__file__).parents[1] / "toy"
RIGHT = "def total(numbers):\n    return float(sum(numbers))\n"
Submit = Callable[..., object]


def children(pid: int) -> list[int]:
    """All processes below this one."""
    direct = [
        int(each) for task in Path(f"/proc/{pid}/task").iterdir() for each in (task / "children").read_text().split()
    ]
    return [*direct, *(below for each in direct for below in children(each))]


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.fixture
def grader() -> Grader:
    return Grader(load_course(TOY), settings=GradingSettings(cases=10))


def zygote(grader: Grader) -> int:
    assert grader._process is not None
    return grader._process.child.pid


def test_closing_leaves_no_process_and_no_file(
    grader: Grader, submit: Submit, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with grader:
        assert grader.grade(submit(grader.course, "sums/total", RIGHT)).passed  # type: ignore[arg-type]
        family = [zygote(grader), *children(zygote(grader))]
        assert len(family) >= 2
    deadline = time.monotonic() + 5
    while any(map(alive, family)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not [pid for pid in family if alive(pid)]
    assert list(tmp_path.iterdir()) == []


def test_many_checks_leave_no_processes_and_no_descriptors(grader: Grader, submit: Submit) -> None:
    with grader:
        wrong = "def total(numbers):\n    return 1.0\n"

        def check() -> None:
            for text in (RIGHT, wrong):
                grader.grade(submit(grader.course, "sums/total", text))  # type: ignore[arg-type]

        def count() -> tuple[int, int]:
            time.sleep(1)  # a report is told before its workers have ended
            family = [zygote(grader), *children(zygote(grader))]
            return len(family), sum(len(list(Path(f"/proc/{pid}/fd").iterdir())) for pid in family)

        check()
        before = count()
        for _ in range(16):
            check()
        after = count()
        assert after[0] <= before[0] + 1
        assert after[1] <= before[1] + 12


def test_a_killed_grader_is_told_as_our_error_and_started_again(grader: Grader, submit: Submit) -> None:
    with grader:
        slow = submit(grader.course, "sums/total", "import time\ndef total(numbers):\n    time.sleep(60)\n")
        ticket = grader.check(slow)  # type: ignore[arg-type]
        while not (found := children(zygote(grader))):
            time.sleep(0.01)
        time.sleep(0.3)
        os.kill(found[0], signal.SIGKILL)
        event = next(event for event in grader.events() if isinstance(event, Broken | Finished))
        assert isinstance(event, Broken)
        assert event.ticket == ticket
        assert grader.grade(submit(grader.course, "sums/total", RIGHT)).passed  # type: ignore[arg-type]


def test_a_killed_zygote_is_told_and_started_again(grader: Grader, submit: Submit) -> None:
    with grader:
        slow = submit(grader.course, "sums/total", "import time\ndef total(numbers):\n    time.sleep(60)\n")
        grader.check(slow)  # type: ignore[arg-type]
        os.kill(zygote(grader), signal.SIGKILL)
        event = next(event for event in grader.events() if isinstance(event, Broken | Finished))
        assert isinstance(event, Broken)
        assert grader.grade(submit(grader.course, "sums/total", RIGHT)).passed  # type: ignore[arg-type]


def test_a_broken_reference_is_our_error(toy_root: Path, submit: Submit) -> None:
    (toy_root / "reference" / "sums" / "total.py").write_text("1 / 0\n")
    course = load_course(toy_root)
    with Grader(course) as grader, pytest.raises(GraderFailed, match="our error"):
        grader.grade(submit(course, "sums/total", RIGHT))  # type: ignore[arg-type]


def test_a_broken_property_is_our_error_and_the_others_are_judged(toy_root: Path, submit: Submit) -> None:
    reference = toy_root / "reference" / "sums" / "total.py"
    reference.write_text(reference.read_text().replace("close(you.total([]), 0.0)", "close(you.total([]), 1 / 0)"))
    course = load_course(toy_root)
    with Grader(course) as grader:
        report = grader.grade(submit(course, "sums/total", RIGHT))  # type: ignore[arg-type]
    assert report.verdict == "error"
    assert sorted(str(each.verdict) for each in report.properties) == ["error", "passed"]


def test_the_temporary_folder_of_a_run_is_gone(grader: Grader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))  # other graders come and go beside this one
    with grader:
        grader.open("sums/total")
        opened = next(event for event in grader.events() if isinstance(event, Opened))
        assert opened.exercise == "sums/total"
        assert list(tmp_path.glob("tutor-*"))
    assert not list(tmp_path.glob("tutor-*"))
