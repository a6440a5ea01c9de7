"""The trainer as a process: signals, the lock, exit codes, what it says."""

from __future__ import annotations

import signal
import sys
import time
from dataclasses import replace

import pytest

from tutor.core import launch
from tutor.core.runlock import RunLock, is_held
from tutor.core.runs import Run


def wait_for_step(lab, run: Run, step: int, process) -> None:
    while not lab.losses(run) or lab.losses(run)[-1][0] < step:
        assert process.poll() is None
        time.sleep(0.005)


def wait_for_status(run: Run, status: str, process) -> None:
    while run.state().status != status:
        assert process.poll() is None
        time.sleep(0.005)


def test_it_tells_what_it_trains_and_ends_with_0(lab, solve):
    solve("gpt/block")
    with lab.process(lab.run("told")) as process:
        out, err = process.communicate()
    assert process.returncode == 0, err
    assert "Yours   gpt/block\n" in out
    assert "Borrowed from the course's solutions: gpt/get_batch, gpt/model, gpt/generate" in out
    assert "step 60/60" in out and "tutor sample told" in out
    assert err == ""


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_saves_and_ends_with_130(lab, number):
    run = lab.run("signalled", steps=100_000)
    with lab.process(run) as process:
        wait_for_step(lab, run, 14, process)
        process.send_signal(number)
        out, err = process.communicate()
    assert process.returncode == 130, err
    assert "tutor train --resume signalled" in out
    assert run.state().status == "stopped" and run.checkpoint.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX")
def test_a_hang_up_that_nohup_ignores_stops_nothing(lab):
    run = lab.run("nohup", steps=100_000)
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as nohup hands it down
    try:
        process = lab.process(run)
    finally:
        signal.signal(signal.SIGHUP, before)
    with process:
        wait_for_step(lab, run, 14, process)
        process.send_signal(signal.SIGHUP)
        wait_for_step(lab, run, lab.losses(run)[-1][0] + 100, process)
        process.send_signal(signal.SIGTERM)
        process.communicate()
    assert process.returncode == 130


def test_the_stop_file_stops_a_trainer_in_the_background(lab):
    run = lab.run("background", steps=100_000)
    launch.start_in_background(run)
    until = time.monotonic() + 60
    while not lab.losses(run) or lab.losses(run)[-1][0] < 14:
        assert time.monotonic() < until, run.last_log()
        time.sleep(0.01)
    assert run.state().status == "training"
    launch.request_stop(run)
    while run.state().status == "training":
        assert time.monotonic() < until
        time.sleep(0.01)
    assert run.state().status == "stopped"


def test_a_second_trainer_is_refused(lab):
    run = lab.run("taken")
    with RunLock(run.lock):
        assert is_held(run.lock)
        with lab.process(run) as process:
            _, err = process.communicate()
    assert process.returncode == 2
    assert "being trained already" in err
    assert not is_held(run.lock)
    assert not run.metrics.exists()


def test_what_the_learners_code_raises_is_told_with_its_line(lab, place, solve, progress):
    solve("gpt/block")
    run = lab.run("broken")
    code = run.code("gpt/block")
    code.write_text(code.read_text().replace("past = ", "past = undefined_name + "))
    line = next(number for number, line in enumerate(code.read_text().splitlines(), 1) if "undefined" in line)
    with lab.process(run) as process:
        _, err = process.communicate()
    assert process.returncode == 1
    assert "NameError" in err and "undefined_name" in err
    assert f"{place.file('gpt/block')}, line {line} (your file)" in err
    assert run.state().status == "failed"
    assert "Traceback" in run.last_log() and "Traceback" not in err


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"asked_text": "/no/such/file"}, "There is no file /no/such/file"),
        ({"asked_device": "cuda"}, "Choose --device auto or --device cpu"),
    ],
)
def test_what_cannot_be_trained_is_a_sentence(lab, changes, sentence):
    import torch

    if "asked_device" in changes and torch.cuda.is_available():
        pytest.skip("there is a CUDA device")
    run = lab.run("refused")
    run.save_config(replace(run.config(), **changes))
    with lab.process(run) as process:
        _, err = process.communicate()
    assert process.returncode == 2
    assert sentence in err and "Traceback" not in err


def test_a_text_that_is_too_short_is_refused(lab, text):
    text.write_text("abcdefghij")
    with lab.process(lab.run("short")) as process:
        _, err = process.communicate()
    assert process.returncode == 2
    assert "too short" in err


def test_a_pause_outlives_whoever_asked_for_it_and_changes_nothing(lab):
    plain, run = lab.run("plain", decay_steps=60), lab.run("paused", decay_steps=60, steps=100_000)
    lab.train(plain)
    with lab.process(run) as process:
        wait_for_step(lab, run, 14, process)
        launch.request_pause(run)
        wait_for_status(run, "paused", process)
        step = run.state().step
        assert lab.losses(run)[-1][0] <= step and run.checkpoint.exists()
        seconds = lab.records(run)[-1].seconds
        time.sleep(0.5)
        assert lab.losses(run)[-1][0] <= step, "it does not train while it waits"
        launch.end_pause(run)
        wait_for_step(lab, run, step + 14, process)
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate()
    assert f"Paused at step {step}" in out and "Goes on after" in out
    first = next(each for each in lab.records(run) if each.step > step)
    assert first.seconds - seconds < 0.5, "waiting is no training"
    same = [each for each in lab.losses(run) if each[0] < 60]
    assert same == lab.losses(plain)[: len(same)] and len(same) > 3


def test_a_paused_trainer_can_be_stopped(lab):
    run = lab.run("stopped", steps=100_000)
    with lab.process(run) as process:
        wait_for_step(lab, run, 14, process)
        launch.request_pause(run)
        wait_for_status(run, "paused", process)
        launch.request_stop(run)
        process.communicate()
    assert process.returncode == 130 and run.state().status == "stopped"
    with lab.process(run) as process:  # and a pause of then does not hold up a resumed run
        wait_for_step(lab, run, run.state().step + 14, process)
        process.terminate()
        process.communicate()
