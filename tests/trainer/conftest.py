"""A course whose GPT trains in a second, a workspace of it, and runs in that."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from tutor.core import launch
from tutor.core.course import default_course_root, load_course
from tutor.core.metrics import Record, Tail
from tutor.core.order import Order
from tutor.core.presets import Schedule, Shape
from tutor.core.progress import Progress
from tutor.core.report import PropertyResult, Report, Verdict
from tutor.core.runs import Run
from tutor.core.submission import read_source
from tutor.core.workspace import Workspace, init_workspace
from tutor.trainer import session
from tutor.trainer.trained import Trained, load_trained
from tutor.trainer.voice import Voice

COURSE = Path(__file__).parent / "course"
SHAPE = Shape(block_size=6, n_layer=2, n_head=2, n_embd=8, dropout=0.1)
SCHEDULE = Schedule(steps=60, batch_size=4, eval_every=20, eval_batches=3, log_every=7, final_batches=5, samples=2)

Pass = Callable[[str], None]


@pytest.fixture(autouse=True)
def torch_as_it_was() -> Iterator[None]:
    """The trainer owns its process and sets torch up for itself; here it is put back."""
    threads, deterministic = torch.get_num_threads(), torch.are_deterministic_algorithms_enabled()
    yield
    torch.set_num_threads(threads)
    torch.use_deterministic_algorithms(deterministic)


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    """A fresh workspace."""
    course = load_course(COURSE)
    init_workspace(tmp_path / "ws", course)
    return Workspace.open(tmp_path / "ws", course)


@pytest.fixture
def progress(place: Workspace) -> Iterator[Progress]:
    """What has passed in it."""
    progress = Progress(place.progress_path)
    yield progress
    progress.close()


@pytest.fixture
def solve(place: Workspace, progress: Progress) -> Pass:
    """Writes an exercise's solution, with a line of the learner's own, and records that it passed."""

    def write(id: str) -> None:
        exercise = place.course.exercise(id)
        place.write(id, exercise.solution.read_text(encoding="utf-8") + "\nMINE = True\n")
        result = PropertyResult("all", "It holds.", Verdict.PASSED)
        sha256 = read_source(place.file(id))[1]
        progress.record(Report(id, Verdict.PASSED, "x.py", sha256, (result,)))

    return write


@pytest.fixture
def text(tmp_path: Path) -> Path:
    """A text with something to learn: after each vowel its own consonant."""
    draw = random.Random(1)
    path = tmp_path / "text.txt"
    path.write_text("".join(draw.choice(["ab", "ec", "id", "of\n"]) for _ in range(1500)), encoding="utf-8")
    return path


@pytest.fixture
def lab(place: Workspace, progress: Progress, text: Path) -> Lab:
    """Makes and trains runs in the workspace."""
    return Lab(place, progress, text)


class Lab:
    """Runs of a tiny GPT."""

    shape, schedule, course, python = SHAPE, SCHEDULE, COURSE, (sys.executable, "-P")

    def __init__(self, place: Workspace, progress: Progress, text: Path) -> None:
        self.place, self.progress, self.text = place, progress, text

    def run(self, name: str = "run", *, seed: int = 5, **changes: float) -> Run:
        """Lays out a run; keywords change its shape or schedule."""
        order = Order(text=str(self.text), device="cpu", name=name, seed=seed, threads=1)
        return self.shrink(launch.prepare_run(self.place, self.progress, order), **changes)

    def shrink(self, run: Run, **changes: float) -> Run:
        """Makes a run's model and schedule tiny."""
        sizes = {name: value for name, value in changes.items() if hasattr(SHAPE, name)}
        plan = {name: value for name, value in changes.items() if name not in sizes}
        shape, schedule = replace(SHAPE, **sizes), replace(SCHEDULE, **plan)  # type: ignore[arg-type]
        run.save_config(replace(run.config(), shape=shape, schedule=schedule))
        return run

    def train(self, run: Run, *, stop_at: int | None = None) -> bool:
        """Trains in this process; with `stop_at`, as if Ctrl-C came after so many more steps."""
        steps = iter(range(1, 10**9))
        return session.train(run, None, Voice(run, quiet=True), lambda: next(steps) == stop_at)

    def process(self, run: Run, *options: str) -> subprocess.Popen[str]:
        """Trains in a process of its own, as the program does."""
        command = launch.trainer_command(run)
        pipe = subprocess.PIPE
        return subprocess.Popen([*self.python, *command[1:], *options], stdout=pipe, stderr=pipe, encoding="utf-8")

    def losses(self, run: Run) -> list[tuple[int, float | None, float | None, float | None]]:
        """All that was measured but times."""
        return [(each.step, each.loss, each.train, each.val) for each in self.records(run)]

    def records(self, run: Run) -> list[Record]:
        """All that was measured."""
        tail = Tail(run.metrics)
        tail.read()
        return tail.records


@pytest.fixture(params=["reference", "solutions"])
def real(request: pytest.FixtureRequest, lab: Lab, tmp_path: Path) -> Trained:
    """A tiny GPT after some steps: the tutor's own, and the one that this course's solutions make."""
    course = load_course(default_course_root())
    init_workspace(tmp_path / "real", course)
    place = Workspace.open(tmp_path / "real", course)
    progress = Progress(place.progress_path)
    order = launch.Order(text=str(lab.text), device="cpu", threads=1, reference=request.param == "reference")
    run = lab.shrink(launch.prepare_run(place, progress, order), steps=30)
    progress.close()
    lab.train(run)
    return load_trained(run, "cpu")
