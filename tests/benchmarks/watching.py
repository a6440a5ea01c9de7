"""What it costs a training to be watched: the whole tutor on a pseudo-terminal, beside a trainer in the background.

Figures are of processor time, so that other work on the machine hardly matters. In turns, with the dashboard open and
without, the trainer's processor time for a step is measured; the dashboard's own time is set against the trainer's.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from tutor.core.launch import request_stop
from tutor.core.metrics import Tail
from tutor.core.runs import Run

TUTOR = [sys.executable, "-m", "tutor"]
SIZES = ((80, 24), (140, 40), (80, 24), (140, 40))
"""Columns and lines of the terminal in each turn with the dashboard."""
_WARM_UP = 10.0
"""Seconds in which the dashboard starts, and opens the training screen."""


def watch(preset: str, data: str, device: str, seconds: float) -> dict[str, object]:
    """Trains the tutor's GPT in the background, and looks at it in turns of so many seconds."""
    with tempfile.TemporaryDirectory() as folder:
        tutor = [*TUTOR, "--workspace", folder]
        command = [*tutor, "train", "--preset", preset, "--data", data, "--device", device, "--name", "run"]
        command += ["--steps", "1000000000", "--reference", "--background"]
        subprocess.run([*command, "--set", "eval_every=1000000000", "--threads", "1"], check=True, capture_output=True)
        run = Run(Path(folder) / "runs" / "run")
        try:
            tail = Tail(run.metrics)
            while not tail.records or tail.records[-1].step < 50:
                time.sleep(0.2)
                tail.read()
            return {"preset": preset, **_turns(run, tutor, seconds)}
        finally:
            request_stop(run)
            while run.state().status == "training":
                time.sleep(0.1)


def _turns(run: Run, tutor: list[str], seconds: float) -> dict[str, object]:
    trainer = psutil.Process(run.state().pid)
    alone, watched, shares, cores = [], [], [], []
    for size in SIZES:
        alone.append(_processor_of_a_step(run, trainer, seconds)[0])
        with _dashboard(tutor, size) as dashboard:
            time.sleep(_WARM_UP)
            before, started = _processor(dashboard), time.monotonic()
            step, whole = _processor_of_a_step(run, trainer, seconds)
            spent = _processor(dashboard) - before
            watched.append(step)
            shares.append(spent / whole)
            cores.append(spent / (time.monotonic() - started))
    return {
        "terminals": SIZES,
        "processor_ms_of_a_step_alone": [round(1000 * each, 3) for each in alone],
        "processor_ms_of_a_step_watched": [round(1000 * each, 3) for each in watched],
        "ratio_of_medians": round(statistics.median(watched) / statistics.median(alone), 4),
        "dashboard_share_of_trainer": [round(each, 5) for each in shares],
        "dashboard_share_of_a_core": [round(each, 5) for each in cores],
    }


def _processor_of_a_step(run: Run, trainer: psutil.Process, seconds: float) -> tuple[float, float]:
    """The trainer's processor time for a step, and for all steps of so many seconds."""
    first, before = _step(run), _processor(trainer)
    time.sleep(seconds)
    last, after = _step(run), _processor(trainer)
    return (after - before) / (last - first), after - before


def _step(run: Run) -> int:
    """Steps done, as the next line of metrics says: so a count begins and ends where a line does."""
    tail = Tail(run.metrics)
    tail.read()
    count = len(tail.records)
    while len(tail.records) == count:
        time.sleep(0.002)
        tail.read()
    return tail.records[-1].step


def _processor(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


@contextlib.contextmanager
def _dashboard(tutor: list[str], size: tuple[int, int]) -> Iterator[psutil.Process]:
    """The tutor on a terminal of that size, with the training screen open."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execvpe(tutor[0], tutor, {**os.environ, "TERM": "xterm-256color"})
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
    reader = threading.Thread(target=_drain, args=(terminal,), daemon=True)
    reader.start()
    time.sleep(_WARM_UP / 2)
    os.write(terminal, b"t")
    process = psutil.Process(pid)
    try:
        yield process
    finally:
        os.write(terminal, b"\x11")  # ctrl+q
        process.wait(timeout=30)
        os.close(terminal)


def _drain(terminal: int) -> None:
    with contextlib.suppress(OSError):
        while os.read(terminal, 65536):
            pass
