"""What needs a real system under it: folders that cannot be written, terminals, signals."""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tutor.core.workspace import Workspace

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="permissions and signals as on Linux")

SLOPE = "lines/slope"
PR_CAPBSET_DROP, CAP_DAC_OVERRIDE = 24, 1
RIGHT = "def slope(x0, y0, x1, y1):\n    return (y1 - y0) / (x1 - x0)\n"


def obey_permissions() -> None:
    """In a child before exec: permissions hold for it even where tests run as root."""
    if os.geteuid() == 0:
        ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, 0, 0, 0)


@pytest.fixture
def read_only(solved):
    """A solved workspace in which nothing can be written."""
    folders = [solved.root, *(each for each in solved.root.rglob("*") if each.is_dir())]
    for each in folders:
        each.chmod(0o555)
    yield solved
    for each in folders:
        each.chmod(0o755)


def test_a_read_only_workspace_is_graded_and_the_progress_is_said_to_be_lost(tutor, read_only):
    done = tutor("check", cwd=read_only.root, preexec_fn=obey_permissions)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "4 of 4 passed" in done.stdout and "Progress is not saved" in done.stderr


def test_reset_in_a_read_only_workspace_changes_nothing_and_exits_2(tutor, read_only):
    text = read_only.read(SLOPE)
    done = tutor("reset", "slope", cwd=read_only.root, preexec_fn=obey_permissions)
    assert done.returncode == 2 and "Nothing was changed" in done.stderr and "Traceback" not in done.stderr
    assert read_only.read(SLOPE) == text


def test_init_where_nothing_can_be_made_exits_2(tutor, tmp_path):
    (tmp_path / "closed").mkdir(mode=0o555)
    done = tutor("init", tmp_path / "closed/ws", preexec_fn=obey_permissions)
    assert done.returncode == 2 and "Choose another folder" in done.stderr


def test_doctor_says_that_the_workspace_cannot_be_written(tutor, read_only):
    done = tutor("doctor", cwd=read_only.root, preexec_fn=obey_permissions)
    assert done.returncode == 2 and "cannot be written" in done.stdout


@pytest.mark.parametrize("poll", ["0", "1"])
def test_watch_grades_what_is_saved_until_ctrl_c(workspace, tmp_path, monkeypatch, poll):
    monkeypatch.setenv("TUTOR_POLL", poll)
    command = [sys.executable, "-P", "-m", "tutor", "check", "slope", "--watch", "--format", "json"]
    with subprocess.Popen(command, cwd=workspace.root, stdout=subprocess.PIPE, encoding="utf-8") as watcher:
        assert watcher.stdout is not None
        assert verdict(watcher.stdout.readline()) == "unwritten"
        workspace.write("sums/total", "not asked for")
        workspace.write(SLOPE, RIGHT)
        assert verdict(watcher.stdout.readline()) == "passed"
        save_in_place(workspace.file(SLOPE), RIGHT.replace("y1 - y0", "y0 - y1"))
        assert verdict(watcher.stdout.readline()) == "failed"
        watcher.send_signal(signal.SIGINT)
        assert watcher.stdout.read() == ""
    assert watcher.returncode == 0


def save_in_place(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def verdict(line: str) -> str:
    (result,) = json.loads(line)["results"]
    return str(result["report"]["verdict"])


def on_a_terminal(workspace: Workspace, *words: str) -> str:
    """What a command writes to a terminal."""
    ours, theirs = os.openpty()
    command = [sys.executable, "-P", "-m", "tutor", *words]
    with subprocess.Popen(command, cwd=workspace.root, stdin=subprocess.DEVNULL, stdout=theirs) as process:
        os.close(theirs)
        pieces = []
        with contextlib.suppress(OSError):  # Linux says so when the other end has gone
            while piece := os.read(ours, 4096):
                pieces.append(piece)
    os.close(ours)
    assert process.returncode == 0
    return b"".join(pieces).decode()


def test_colours_are_for_terminals_and_not_under_no_color(tutor, workspace, monkeypatch):
    assert "\x1b[1m" in on_a_terminal(workspace, "list")
    assert "\x1b" not in tutor("list", cwd=workspace.root).stdout
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in on_a_terminal(workspace, "list")


def test_a_terminal_that_lacks_a_character_shows_another(tutor, workspace, monkeypatch):
    monkeypatch.setenv("PYTHONIOENCODING", "iso8859-5")
    done = tutor("check", "slope", cwd=workspace.root)
    assert done.returncode == 1 and "slope.py * sha256" in done.stdout
