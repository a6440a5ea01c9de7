"""The README's pipelines, run as they stand there on the toy course; only the folders are other ones."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

README = Path(__file__).parents[2] / "README.md"


def block(language: str, word: str) -> str:
    """The README's block in that language that has the word in it."""
    blocks = re.findall(rf"^```{language}\n(.*?)^```$", README.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    (found,) = [each for each in blocks if word in each]
    return found


@pytest.fixture
def shell(toy, tmp_path):
    """Runs a script with `tutor` on the path, as it is installed but on the toy course."""
    program = tmp_path / "bin/tutor"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -P -m tutor --course "{toy.root}" "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    environment = {**os.environ, "PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}"}

    def run(script: str, cwd: Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["/bin/sh", "-c", script], cwd=cwd, env=environment, capture_output=True, encoding="utf-8", check=False
        )

    return run


@pytest.fixture
def answers(toy, tmp_path) -> Path:
    """A folder with one right and one wrong answer."""
    folder = tmp_path / "answers"
    (folder / "exercises/lines").mkdir(parents=True)
    for name in ("slope", "line"):
        shutil.copy(toy.root / f"solutions/lines/{name}.py", folder / "exercises/lines")
    line = folder / "exercises/lines/line.py"
    line.write_text(line.read_text(encoding="utf-8").replace("x - x0", "x"), encoding="utf-8")
    return folder


def test_github_actions(shell, answers):
    (command,) = re.findall(r"- run: (tutor .*)", block("yaml", "actions/checkout"))
    done = shell(command, answers)
    first, last = done.stdout.splitlines()
    assert done.returncode == 1
    assert first.startswith("::error file=exercises/lines/line.py,line=6,title=lines/line%3A failed::")
    assert last.startswith("::notice title=tutor::1 of 2 passed, 1 failed.%0A1")


def test_gradescopes_run_autograder(shell, answers, tmp_path):
    script = block("sh", "/autograder/").replace("/autograder", str(tmp_path / "autograder"))
    (tmp_path / "autograder/results").mkdir(parents=True)
    shutil.copytree(answers, tmp_path / "autograder/submission")
    done = shell(script, tmp_path)
    data = json.loads((tmp_path / "autograder/results/results.json").read_text(encoding="utf-8"))
    assert done.returncode == 0, done.stderr  # a wrong answer is a grade, not a failure of the grader
    assert [each["status"] for each in data["tests"]] == ["passed", "failed"]


def test_cron(shell, answers, tmp_path):
    line = block("crontab", "tutor grade").strip()
    command = line.split(" ", 5)[5].replace("\\%", "%").replace("/srv/class", str(tmp_path / "class"))
    shutil.copytree(answers, tmp_path / "class/handed-in/alice")
    shutil.copytree(answers, tmp_path / "class/handed-in/bob and carol")
    assert "%" not in re.sub(r"\\%", "", line)  # cron would end the command there
    done = shell(command, tmp_path)
    (file,) = (tmp_path / "class").glob("grades-2*.csv")
    rows = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8")), strict=True))
    assert [each["student"] for each in rows] == ["alice"] * 2 + ["bob and carol"] * 2, done.stderr
