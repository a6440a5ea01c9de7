"""What a learner has put in, from the progress file."""

from __future__ import annotations

import pytest

from tutor.core.effort import Effort, effort_fields, effort_text, efforts, right_answers
from tutor.core.progress import Progress
from tutor.core.render import Style
from tutor.core.report import Report, Verdict

SLOPE, LINE = "lines/slope", "lines/line"


@pytest.fixture
def progress(tmp_path):
    """Two attempts with one mistake, one with another, one that passed, an untouched file, and a skipped exercise."""
    found = Progress(tmp_path / "progress.sqlite3")
    tries = [
        (SLOPE, Verdict.UNWRITTEN, ""),
        (SLOPE, Verdict.FAILED, "The sign."),
        (SLOPE, Verdict.FAILED, "The sign."),
        (SLOPE, Verdict.FAILED, "A \x1b[2J mistake."),
        (SLOPE, Verdict.PASSED, ""),
    ]
    for id, verdict, mistake in tries:
        found.record(Report(id, verdict, "x.py", "0" * 64, mistake=mistake))
    found.add_seconds(SLOPE, 125.0)
    found.show_hint(SLOPE)
    found.skip([LINE])
    found.answer("lines/fall", right=True)
    found.answer("lines/order", right=False)
    yield found
    found.close()


def test_each_exercise_has_its_figures(toy, progress):
    figures = efforts(toy, progress)
    assert [each.exercise for each in figures] == list(toy.ids)
    assert figures[0] == Effort(SLOPE, "passed", 4, 125.0, 1, (("The sign.", 2), ("A \x1b[2J mistake.", 1)))
    assert figures[1] == Effort(LINE, "skipped")
    assert not figures[2].touched


def test_tracks_are_sums(toy, progress):
    quiz = right_answers(toy, progress.answers())
    data = effort_fields(toy, efforts(toy, progress), quiz)
    assert data["total"] == {"passed": 1, "skipped": 1, "attempts": 4, "seconds": 125, "hints": 1}
    assert data["tracks"][0]["quiz"] == {"right": 1, "of": 3}
    assert data["tracks"][1]["attempts"] == 0


def test_the_table_names_what_was_touched_only_and_is_safe_to_print(toy, progress):
    text = effort_text(toy, efforts(toy, progress), right_answers(toy, progress.answers()), Style())
    lines = text.splitlines()
    assert "1 of 4 exercises passed, 1 skipped." in text
    assert "  lines/slope                    passed          4   2:05 min     1" in lines
    assert "lines/line" in text and "sums/total" not in text
    assert "lines/slope, 2 times: The sign." in text and "\x1b" not in text
    assert max(map(len, lines[3:8])) <= 74
    assert "streak" not in text
