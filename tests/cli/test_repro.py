"""`tutor check X --repro`: the script that it writes shows the very difference that the report tells."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tutor.core.course import load_course

pytest.importorskip("torch")

COURSE = Path(__file__).parents[2]
WRONG_GRADIENT = """

_right = attention_weights


def attention_weights(q, k, mask=None):
    return _right(q, k, mask) + (q - q.detach()).sum()
"""
WRONG = {
    "a function": ("attention/scaled_scores", " / q.shape[-1] ** 0.5", ""),
    "a gradient": ("attention/scaled_scores", None, WRONG_GRADIENT),
    "a module by a probe": ("gpt/model", "self.ln_f(x)", "x"),
    "plain objects": ("micrograd/value", "self.data + other.data", "self.data - other.data"),
}


@pytest.mark.parametrize("kind", WRONG)
def test_the_script_shows_the_difference_of_the_report(tutor, tmp_path, kind):
    exercise, old, new = WRONG[kind]
    text = load_course(COURSE).exercise(exercise).solution.read_text(encoding="utf-8")
    assert old is None or old in text
    tutor("init", tmp_path / "mine", course=None)
    file = tmp_path / "mine" / "exercises" / f"{exercise}.py"
    file.write_text(text + new if old is None else text.replace(old, new), encoding="utf-8")

    told = tutor("check", exercise, "--repro", "--format", "json", "--cases", 20, course=None, cwd=tmp_path / "mine")
    script = tmp_path / "mine" / ".tutor" / "repro" / f"{exercise.replace('/', '_')}.py"
    assert f"python {script}" in told.stderr

    report = json.loads(told.stdout)["results"][0]["report"]
    failed = next(each for each in report["properties"] if each["counterexample"])
    ran = subprocess.run(
        [sys.executable, str(script)], capture_output=True, encoding="utf-8", timeout=120, check=False, cwd=tmp_path
    )
    assert ran.returncode == 0, ran.stderr
    assert failed["counterexample"]["difference"] in ran.stdout
    assert "yours:" in ran.stdout
    assert ("Borrowed from the solutions" in ran.stdout) == any(each["borrowed"] for each in report["needs"])


def test_a_pass_writes_no_script(tutor, solved):
    told = tutor("check", "sums/total", "--repro", cwd=solved.root)
    assert told.returncode == 0
    assert not (solved.notes / "repro").exists()


def test_a_script_that_raises_shows_the_learners_line(tutor, workspace):
    workspace.write("sums/total", "def total(numbers):\n    return numbers[99]\n")
    tutor("check", "sums/total", "--repro", cwd=workspace.root)
    script = workspace.notes / "repro" / "sums_total.py"
    ran = subprocess.run([sys.executable, str(script)], capture_output=True, encoding="utf-8", timeout=60, check=False)
    assert "return numbers[99]" in ran.stderr
    assert "IndexError" in ran.stderr
