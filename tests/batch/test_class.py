"""A whole class through the command: the same results whatever the jobs, however often it is killed or stopped."""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import psutil
import pytest

from tutor.core.course import Course

HERE = Path(__file__).parent
TOY = HERE.parent / "toy"
ATTACKS = (
    "walk_up_the_frames", "number_equal_to_everything", "exit_with_a_result", "abort", "exit_when_imported",
    "print_what_a_terminal_obeys", "fork_without_end", "right_five_times",
)  # fmt: skip
OPTIONS = ("--cases", "5", "--timeout", "0.3", "--format", "json")


def load(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def school(toy: Course, tmp_path: Path) -> Path:
    folder = tmp_path / "school"
    folder.mkdir()
    texts = {name: (HERE.parent / f"attacks/submissions/{name}.py").read_text() for name in ATTACKS}
    attacks = {name: ("sums/total", text) for name, text in texts.items()}
    load(HERE / "classroom.py").make_class(toy, folder, [each.id for each in toy.exercises], 36, attacks)
    return folder


def told(document: str) -> list[Any]:
    """What a document says of each submission, without the time it took."""
    found = []
    for each in json.loads(document)["results"]:
        report = each["report"] or {"verdict": "", "properties": [], "mistake": "", "message": "", "seed": 0}
        properties = [(p["name"], p["verdict"], p["message"]) for p in report["properties"]]
        facts = (report["verdict"], report["message"], report["mistake"], report["seed"], properties)
        found.append((each["student"], each["submission"], each["exercise"], each["outcome"], each["problem"], *facts))
    return found


@pytest.fixture
def whole(tutor, school: Path) -> list[Any]:
    done = tutor("grade", school, *OPTIONS, "--jobs", 1)
    assert done.returncode == 1, done.stderr
    return told(done.stdout)


def start(school: Path, journal: Path, *words: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-P", "-m", "tutor", "--course", TOY, "grade", school, *OPTIONS, "--journal", journal]
    pipe = subprocess.PIPE
    signal.signal(signal.SIGINT, signal.default_int_handler)  # or Ctrl-C would be ignored below whoever ignores it
    return subprocess.Popen([*command, *words], stdout=pipe, stderr=pipe, text=True, env=dict(os.environ))


def lines(journal: Path) -> int:
    return journal.read_bytes().count(b"\n") if journal.exists() else 0


def until(journal: Path, count: int, process: subprocess.Popen[str]) -> None:
    while lines(journal) < count and process.poll() is None:
        time.sleep(0.01)


def ended(children: list[psutil.Process]) -> bool:
    return psutil.wait_procs(children, timeout=20)[1] == []


def test_jobs_and_kills_change_nothing(tutor, school: Path, whole: list[Any], tmp_path: Path) -> None:
    assert len({each[0] for each in whole}) == 40
    verdicts = Counter(each[5] for each in whole)
    assert set(verdicts) >= {"", "passed", "failed", "raised", "unwritten", "timeout", "crashed", "flaky"}
    assert verdicts["error"] == 0 and {each[3] for each in whole} == {"graded", "refused"}
    assert told(tutor("grade", school, *OPTIONS, "--jobs", 2).stdout) == whole
    journal, more = tmp_path / "journal", ("--jobs", "2")
    for count in (8, 30, 60):
        process = start(school, journal, *more)
        until(journal, count, process)
        children = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert ended(children)
        more = ("--jobs", "2", "--resume")
    process = start(school, journal, *more)
    out, err = process.communicate()
    assert "results are there already" in err
    assert told(out) == whole
    kept = [json.loads(line) for line in journal.read_bytes().splitlines()[1:]]
    graded = Counter((each["submission"], each["exercise"]) for each in kept if each["outcome"] == "graded")
    assert max(graded.values()) == 1


def test_ctrl_c_ends_with_what_is_done(school: Path, tmp_path: Path) -> None:
    process = start(school, tmp_path / "journal")
    until(tmp_path / "journal", 10, process)
    children = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 1 and ended(children)
    assert "give the same command with --resume" in err and "Traceback" not in err
    assert 9 <= len(json.loads(out)["results"]) < 100
    assert {each["outcome"] for each in json.loads(out)["results"]} <= {"graded", "refused"}


def test_without_a_name_the_journal_is_our_own_and_goes_at_the_end(tutor, school: Path, tmp_path: Path, home: Path):
    words = ("grade", school / "Zoë 0000 right", "--format", "json")
    nothing = tutor(*words, "--resume")
    assert nothing.returncode == 0 and "no grading of these submissions to go on with" in nothing.stderr
    assert [each for each in home.rglob("grades/*")] == []


def test_a_grader_that_dies_takes_one_submission_with_it(toy: Course, school: Path) -> None:
    from tutor.core.grading import Grader, GradingSettings
    from tutor.core.intake import entries
    from tutor.core.jobs import Work, grade_on_cores

    settings = GradingSettings(cases=5, call_seconds=3, shrink_seconds=0)
    folders = [each for each in sorted(school.iterdir()) if each.is_dir() and each.name.split()[-1] != "hangs"]
    work = Work(toy, list(entries(folders[:6], toy, ["sums/total"])), ["sums/total"], "auto")
    outcomes = []
    for _, result in grade_on_cores(work, 1, lambda: Grader(toy, settings=settings), lambda _: None):
        outcomes.append(result.outcome)
        if len(outcomes) == 1:
            for each in psutil.Process().children():
                if "tutor.worker.zygote" in each.cmdline() and str(toy.root) not in each.name():
                    each.kill()
    assert len(outcomes) == 6 and outcomes.count("broken") <= 1 and outcomes[-1] != "broken"
