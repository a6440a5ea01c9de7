"""Starting and stopping trainings: a run's folder is laid out here, the trainer works on it in its own process."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from tutor.core.course import Exercise
from tutor.core.errors import RunError, SubmissionError, UnknownExercise
from tutor.core.order import TEXTS, Order, refuse_impossible, refuse_tokens, shape_and_schedule
from tutor.core.parts import PARTS
from tutor.core.run_config import CodeRecord, RunConfig
from tutor.core.runs import Run, folder_of_runs
from tutor.core.submission import Source, solution_source
from tutor.core.workspace import Passed, Workspace

TOOLS = ("gpt/init", "recurrent/clip_grad_norm", "training/adamw", "training/param_groups", "training/lr_schedule")
"""The exercises that a training calls where the course has them and the learner's own has passed; else PyTorch's."""


def model_sources(workspace: Workspace, progress: Passed) -> tuple[Source, ...]:
    """The texts that a training is made of, in the order of the course: own ones that have passed, else borrowed."""
    try:
        parts = part_sources(workspace, progress, PARTS)
    except UnknownExercise as error:
        raise RunError(f"{error} So {workspace.course.title} has no GPT to train.") from error
    found = {source.exercise: source for source in parts}
    known = {exercise.id: exercise for exercise in workspace.course.exercises}
    for id in TOOLS:
        if id in known and not (sources := _with_needs(workspace, known[id], progress))[-1].borrowed:
            found |= {source.exercise: source for source in sources}
    return tuple(found[id] for id in known if id in found)


def part_sources(workspace: Workspace, progress: Passed, parts: Iterable[str]) -> tuple[Source, ...]:
    """The texts of these exercises and of all that they import, in the order of the course: own ones that have passed,
    else borrowed. Raises UnknownExercise."""
    course = workspace.course
    found: dict[str, Source] = {}
    for id in parts:
        for source in _with_needs(workspace, course.exercise(id), progress):
            found[source.exercise] = source
    return tuple(found[each.id] for each in course.exercises if each.id in found)


def prepare_run(workspace: Workspace, progress: Passed, order: Order, runs: Path | None = None) -> Run:
    """Lays out a new run's folder in `runs`, by default the workspace's.

    Raises RunError if the order makes no sense or the folder cannot be written.
    """
    config = _config(order)
    sources = () if order.reference else model_sources(workspace, progress)
    try:
        run = _new_folder(runs or folder_of_runs(workspace.root), order)
        for source in sources:
            copy = run.code(source.exercise)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_text(source.text, encoding="utf-8", newline="")
        code = tuple(CodeRecord(each.exercise, each.path, each.sha256, each.borrowed) for each in sources)
        run.save_config(replace(config, name=run.name, created=time.time(), code=code))
    except OSError as error:
        raise RunError(
            f"A run cannot be started in {workspace.root} ({error.strerror}). Make room or make it writable."
        ) from error
    return run


def lengthen(run: Run, steps: int | None) -> None:
    """Gives a run another number of steps; its learning rate falls as it was to. Raises RunError."""
    if steps is not None:
        config = run.config()
        schedule = replace(
            config.schedule, steps=steps, decay_steps=config.schedule.decay_steps or config.schedule.steps
        )
        refuse_impossible(config.shape, schedule)
        run.save_config(replace(config, schedule=schedule))


def trainer_command(run: Run, device: str | None = None) -> list[str]:
    """The command line of the process that trains a run, anew or from its checkpoint."""
    command = [sys.executable, "-m", "tutor.trainer", str(run.path)]
    return command + (["--device", device] if device else [])


def start_in_background(run: Run, device: str | None = None) -> int:
    """Starts a trainer that outlives this process and its terminal; returns its process id."""
    with run.log.open("ab") as log:
        process = subprocess.Popen(
            [*trainer_command(run, device), "--quiet"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=log,
            env=trainer_environment(),
            start_new_session=True,
            cwd=run.path,
        )
    # A program that stays (the TUI) takes the exit code up when it comes, so that no zombie is left.
    threading.Thread(target=process.wait, daemon=True).start()
    return process.pid


def request_stop(run: Run) -> None:
    """Asks a trainer to checkpoint and stop; it looks after every step."""
    with contextlib.suppress(OSError):
        run.stop.touch()


def request_pause(run: Run) -> None:
    """Asks a trainer to save and to wait with its next step; it keeps its memory and its place."""
    with contextlib.suppress(OSError):
        run.pause.touch()


def end_pause(run: Run) -> None:
    """Lets a trainer that waits go on."""
    with contextlib.suppress(OSError):
        run.pause.unlink(missing_ok=True)


def trainer_environment() -> dict[str, str]:
    """This environment without what would fix the number of threads: the trainer measures that itself.

    Threads that wait for each other soon give the processor back. By default GNU OpenMP spins, and a step of the
    preset `cpu` on two cores took 1170 ms beside two busy processes; so it takes 50 to 200, and without them the same.
    """
    kept = {name: value for name, value in os.environ.items() if name not in _THREAD_VARIABLES}
    return {"GOMP_SPINCOUNT": "1000", **kept}


def spoken_to(command: Sequence[str]) -> subprocess.Popen[str]:
    """A process of the trainer's kind that reads lines from stdin and writes lines to stdout. Raises OSError."""
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
        errors="replace",
        env=trainer_environment(),
    )


def _with_needs(workspace: Workspace, exercise: Exercise, progress: Passed) -> tuple[Source, ...]:
    try:
        own = workspace.submission(exercise.id, progress)
    except SubmissionError:
        borrowed = solution_source(exercise)
        needs = tuple(
            source
            for each in exercise.needs
            for source in _with_needs(workspace, workspace.course.exercise(each), progress)
        )
        return (*needs, borrowed)
    if progress.passed_sha(exercise.id, own.sha256):
        return (*own.needs, Source(exercise.id, own.path, own.text, own.sha256))
    return (*own.needs, solution_source(exercise))


def _config(order: Order) -> RunConfig:
    shape, schedule = shape_and_schedule(order)
    refuse_tokens(order)
    return RunConfig(
        name="",
        preset=order.preset,
        shape=shape,
        schedule=schedule,
        asked_text=_text(order.text),
        tokenizer=order.tokenizer,
        asked_vocab=order.vocab,
        asked_device=order.device,
        asked_precision=order.precision,
        asked_threads=order.threads,
        seed=order.seed,
        reference=order.reference,
        compile=order.compile,
        auto_batch=order.auto_batch,
        deterministic=order.deterministic,
    )


def _text(asked: str) -> str:
    """A text's name, or the whole path of a file. Raises RunError if it is neither."""
    path = Path(asked).expanduser().resolve()
    if asked in TEXTS or path.exists():
        return asked if asked in TEXTS else str(path)
    raise RunError(f"There is no file {path} and no text of that name. Give a file, or one of: {', '.join(TEXTS)}.")


def _new_folder(runs: Path, order: Order) -> Run:
    runs.mkdir(parents=True, exist_ok=True)
    if order.name is not None:
        if not re.fullmatch(r"[A-Za-z0-9][\w.-]*", order.name):
            raise RunError(f"{order.name!r} cannot be a run's name. Use letters, digits, '-', '_' and '.'.")
        try:
            (runs / order.name).mkdir()
        except FileExistsError:
            raise RunError(
                f"There is a run {order.name!r} already. Continue it with `tutor train --resume {order.name}`, "
                "or choose another name."
            ) from None
        return Run(runs / order.name)
    stem = f"{order.preset}-reference" if order.reference else order.preset
    number = 1
    while True:
        try:
            (runs / f"{stem}-{number}").mkdir()
            return Run(runs / f"{stem}-{number}")
        except FileExistsError:
            number += 1


_THREAD_VARIABLES = {"OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"}
