"""Two processes train as one does, on the processor over gloo."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from tutor.core import launch
from tutor.core.runs import Run
from tutor.trainer import checkpoint

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="gloo and process groups as on Linux")

TOLERANCE = 1e-6
"""Relative. The sums of a batch are added in another order, and AdamW divides small numbers by small ones."""


def torchrun(run: Run) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    pipe = subprocess.PIPE
    return subprocess.Popen(
        [*command, "-m", "tutor.trainer", str(run.path)],
        stdout=pipe,
        stderr=pipe,
        encoding="utf-8",
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
    )


def ranks(process: subprocess.Popen[str]) -> dict[str, psutil.Process]:
    return {each.environ()["RANK"]: each for each in psutil.Process(process.pid).children(recursive=True)}


def test_two_processes_have_the_losses_of_one(lab):
    one, two = (lab.run(name, steps=60, accumulation=2, dropout=0.0, learning_rate=1e-2) for name in ("one", "two"))
    lab.train(one)
    with torchrun(two) as process:
        out, err = process.communicate()
    assert process.returncode == 0, err
    assert out.count("step 60/60") == 1  # only one of them speaks
    assert "2 processes" in out
    ours, theirs = lab.losses(one), lab.losses(two)
    assert [each[0] for each in ours] == [each[0] for each in theirs]
    numbers = [each for line in ours for each in line[1:] if each is not None]
    found = [each for line in theirs for each in line[1:] if each is not None]

    assert found == pytest.approx(numbers, rel=TOLERANCE)
    assert numbers[0] - numbers[-1] > 0.05  # there was something to agree on
    assert checkpoint.load(two) is not None and two.state().status == "finished"


def test_a_pause_and_a_stop_reach_both_and_a_dead_one_ends_the_training_with_a_sentence(lab):
    run = lab.run("long", steps=1_000_000, checkpoint_seconds=0.1)
    with torchrun(run) as process:
        wait_for(lab, run, process, 50)
        launch.request_pause(run)
        while run.state().status != "paused":
            assert process.poll() is None
            time.sleep(0.01)
        paused = lab.losses(run)[-1][0]
        time.sleep(1)
        assert lab.losses(run)[-1][0] == paused
        launch.end_pause(run)
        wait_for(lab, run, process, paused + 50)
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate()
    assert run.state().status == "stopped" and "tutor train --resume long" in out
    step = run.state().step
    with torchrun(run) as process:
        wait_for(lab, run, process, step + 50)
        ranks(process)["1"].send_signal(signal.SIGKILL)
        out, err = process.communicate()
    assert process.returncode != 0
    assert f"Resumed at step {step}." in out
    assert "Another process of this training died" in err and "start the same torchrun line again" in err
    assert run.state().status == "failed"


def wait_for(lab, run: Run, process: subprocess.Popen[str], step: int) -> None:
    while not lab.losses(run) or lab.losses(run)[-1][0] < step:
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)
