"""`tutor place-out` on the toy course."""

from __future__ import annotations

import os
import subprocess
import sys

import click
import pytest

if sys.platform != "win32":
    import fcntl
    import struct
    import termios

SLOPE = "lines/slope"


@pytest.fixture
def here(tutor, workspace):
    """Runs a command inside a workspace in which the first exercise is right."""
    workspace.write(SLOPE, workspace.course.exercise(SLOPE).solution.read_text(encoding="utf-8"))
    return lambda *words: tutor(*words, cwd=workspace.root)


def states(here, validate) -> list[str]:
    data = validate(here("list", "--format", "json").stdout)
    return [each["state"] for track in data["tracks"] for each in track["exercises"]]


def test_what_passes_is_passed_and_nothing_is_skipped_unasked(here, validate):
    done = here("place-out", "lines")
    assert done.returncode == 1 and "1 of 2 passed. Open: lines/line. Why: tutor check lines/line" in done.stdout
    assert states(here, validate) == ["passed", "new", "new", "new"]


def test_the_rest_is_skipped_told_and_can_be_taken_up_again(here, validate):
    done = here("place-out", "lines", "--skip", "--format", "json")
    assert done.returncode == 0, done.stderr
    assert validate(done.stdout)["exercises"] == [
        {"id": SLOPE, "verdict": "passed", "state": "passed"},
        {"id": "lines/line", "verdict": "unwritten", "state": "skipped"},
    ]
    assert "1 of 4 passed, 1 skipped. Next: tutor show sums/total" in here("list").stdout
    undone = validate(here("place-out", "lines", "--undo", "--format", "json").stdout)
    assert [each["state"] for each in undone["exercises"]] == ["passed", "new"]
    assert undone["exercises"][0]["verdict"] is None


def test_both_at_once_is_a_usage_error(here):
    assert here("place-out", "lines", "--skip", "--undo").returncode == 2


def test_statistics_of_a_fresh_course_make_nothing(tutor, home, validate):
    data = validate(tutor("stats", "--format", "json").stdout)
    assert data["total"]["attempts"] == 0 and not (home / "tutor-toy").exists()


def test_statistics_know_attempts_hints_and_mistakes(here, workspace, validate):
    workspace.write(SLOPE, "def slope(x0, y0, x1, y1):\n    return (y1 - y0) / abs(x1 - x0)\n")
    here("check", "slope")
    here("hint", "slope")
    (slope, line) = validate(here("stats", "--format", "json").stdout)["tracks"][0]["exercises"]
    assert (slope["state"], slope["attempts"], slope["hints"], line["state"]) == ("started", 1, 1, "new")
    assert slope["mistakes"] == [{"sentence": "The sign of the run is lost: a slope can fall.", "attempts": 1}]
    assert "lines/slope, once: The sign of the run is lost" in here("stats").stdout


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")
def test_in_a_terminal_long_sentences_are_broken_between_words(here, workspace):
    workspace.write(SLOPE, "def slope(x0, y0, x1, y1):\n    return (y1 - y0) / abs(x1 - x0)\n")
    here("check", "slope")
    whole = here("stats").stdout.split("\n")
    above, below = os.openpty()
    fcntl.ioctl(below, termios.TIOCSWINSZ, struct.pack("HHHH", 60, 80, 0, 0))
    command = [sys.executable, "-P", "-m", "tutor", "--course", workspace.course.root, "stats"]
    assert (
        subprocess.run(list(map(str, command)), cwd=workspace.root, stdout=below, timeout=60, check=False).returncode
        == 0
    )
    lines = [click.unstyle(each) for each in os.read(above, 1 << 16).decode().replace("\r", "").split("\n")]
    for each in (above, below):
        os.close(each)
    assert max(map(len, lines)) <= 80 < max(map(len, whole))
    assert " ".join(" ".join(lines).split()) == " ".join(" ".join(whole).split())
