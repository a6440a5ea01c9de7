"""A training that was stopped or killed and resumed equals one that never was, to the last bit."""

from __future__ import annotations

import shutil
import signal
import sys
import time
from dataclasses import replace

import pytest
import torch

from tutor.core.errors import RunError
from tutor.core.runlock import is_held
from tutor.core.runs import Run
from tutor.trainer import checkpoint

if sys.platform != "win32":
    import resource


def assert_same_end(lab, left: Run, right: Run) -> None:
    (ours, at), (theirs, there) = checkpoint.load(left), checkpoint.load(right)  # type: ignore[misc]
    assert at.step == there.step
    assert ours.keys() == theirs.keys()
    assert [name for name in ours if not torch.equal(ours[name], theirs[name])] == []
    assert lab.losses(left) == lab.losses(right)
    assert left.samples.read_text() == right.samples.read_text()


@pytest.mark.parametrize("stops", [[1], [7], [19], [20], [21], [59], [3, 30, 2]])
def test_resuming_after_a_stop_changes_nothing(lab, stops):
    whole, parts = lab.run("whole"), lab.run("parts")
    assert lab.train(whole) is True
    for stop in stops:
        assert lab.train(parts, stop_at=stop) is False
    assert lab.train(parts) is True
    assert_same_end(lab, whole, parts)


def test_random_numbers_matter_here(lab):
    """Else the tests above could not fail: another seed ends elsewhere."""
    one, other = lab.run("one"), lab.run("other", seed=6)
    lab.train(one)
    lab.train(other)
    assert lab.losses(one) != lab.losses(other)


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is POSIX")
def test_resuming_after_kill_9_changes_nothing(lab):
    long = {"steps": 800, "eval_every": 200, "checkpoint_seconds": 0.05}
    whole, killed = lab.run("whole", **long), lab.run("killed", **long)
    lab.train(whole)
    with lab.process(killed, "--quiet") as process:
        while not lab.losses(killed) or lab.losses(killed)[-1][0] < 300:
            assert process.poll() is None
            time.sleep(0.001)
        process.send_signal(signal.SIGKILL)
        process.communicate()
    assert killed.state().status == "interrupted"
    assert lab.losses(killed)[-1][0] < 800
    with lab.process(killed, "--quiet") as process:
        process.communicate()
    assert process.returncode == 0 and killed.state().status == "finished"
    assert_same_end(lab, whole, killed)


def test_the_checkpoint_before_is_taken_where_the_newest_is_torn(lab):
    whole, torn = lab.run("whole"), lab.run("torn")
    lab.train(whole)
    lab.train(torn, stop_at=25)
    torn.checkpoint.write_bytes(torn.checkpoint.read_bytes()[:1000])
    torn.checkpoint.with_suffix(".part").write_bytes(b"half")
    with torn.metrics.open("ab") as file:
        file.write(b'{"step": 26, "sec')
    assert lab.train(torn) is True
    assert_same_end(lab, whole, torn)


def test_two_torn_checkpoints_are_a_clear_error(lab):
    run = lab.run("torn")
    lab.train(run, stop_at=45)
    for path in run.path.glob("checkpoint*.safetensors"):
        path.write_bytes(b"\0" * 10)
    with pytest.raises(RunError, match="Start a new run"):
        lab.train(run)


def test_a_run_stopped_before_its_first_checkpoint_starts_anew(lab):
    whole, early = lab.run("whole"), lab.run("early")
    lab.train(whole)
    lab.train(early, stop_at=2)
    for path in early.path.glob("checkpoint*"):
        path.unlink()
    lab.train(early)
    assert_same_end(lab, whole, early)


def test_a_longer_training_goes_on_where_the_shorter_ended(lab):
    from tutor.core import launch

    run = lab.run("run", steps=20)
    lab.train(run)
    launch.lengthen(run, 50)
    lab.train(run)
    steps = [step for step, *_ in lab.losses(run)]
    assert steps[-1] == 50 and steps == sorted(steps)


def end_of(lab, run: Run) -> str:
    with lab.process(run, "--quiet") as process:
        _, err = process.communicate()
    assert process.returncode == 0, err
    return run.last_log()


@pytest.mark.skipif(sys.platform != "linux", reason="limits of another process are Linux's")
def test_a_training_on_a_full_disk_goes_on_says_so_and_loses_nothing(lab):
    whole, full = lab.run("whole", steps=200), lab.run("full", steps=200)
    lab.train(whole)
    with lab.process(full, "--quiet") as process:
        while not full.checkpoint.exists():
            assert process.poll() is None
            time.sleep(0.001)
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (3000, -1))  # no file can become larger
        while "tries again" not in full.last_log() or process.poll() is not None:
            assert process.poll() is None, full.last_log()
            time.sleep(0.01)
        assert full.state().status == "training"
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (-1, -1))
        process.communicate()
    assert process.returncode == 0 and full.state().status == "finished"
    assert "was not written" in full.last_log() and "Writing works again" in full.last_log()
    assert_same_end(lab, whole, full)


@pytest.mark.skipif(sys.platform != "linux", reason="limits of another process are Linux's")
def test_who_stops_a_training_on_a_full_disk_keeps_the_last_good_checkpoint(lab):
    run = lab.run("full", steps=100_000)
    with lab.process(run, "--quiet") as process:
        while not run.checkpoint.exists():
            assert process.poll() is None
            time.sleep(0.001)
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (3000, -1))
        while "tries again" not in run.last_log():
            time.sleep(0.01)
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate()
    assert process.returncode == 2
    assert "Make room, then continue with `tutor train --resume full`" in err
    found = checkpoint.load(run)
    assert found is not None and found[1].step >= 20
    assert not list(run.path.glob("*.part"))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows removes no folder that is in use")
def test_a_folder_that_is_removed_is_laid_out_anew(lab):
    long = {"steps": 800, "eval_every": 200, "checkpoint_seconds": 0.05}
    whole, removed = lab.run("whole", **long), lab.run("removed", **long)
    lab.train(whole)
    with lab.process(removed, "--quiet") as process:
        while not lab.losses(removed) or lab.losses(removed)[-1][0] < 300:
            assert process.poll() is None
            time.sleep(0.001)
        removed.path.rename(removed.path.with_name("gone"))  # at one stroke: it is being written to
        shutil.rmtree(removed.path.with_name("gone"))
        while not removed.checkpoint.exists():
            assert process.poll() is None
            time.sleep(0.001)
        assert is_held(removed.lock)
        process.send_signal(signal.SIGKILL)
        process.communicate()
    assert "was removed" in removed.last_log()
    end_of(lab, removed)
    assert_same_end(lab, whole, removed)


def test_a_number_that_changed_on_the_disk_is_seen(lab):
    whole, damaged = lab.run("whole"), lab.run("damaged")
    lab.train(whole)
    lab.train(damaged, stop_at=25)
    data = bytearray(damaged.checkpoint.read_bytes())
    data[-3] ^= 1
    damaged.checkpoint.write_bytes(data)
    lab.train(damaged)
    assert "The newest checkpoint is damaged" in damaged.last_log() and "of step 20, is used" in damaged.last_log()
    assert_same_end(lab, whole, damaged)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda run: run.save_config(replace(run.config(), shape=replace(run.config().shape, n_layer=3))), "n_layer=2"),
        (
            lambda run: run.code("gpt/block").write_text(run.code("gpt/block").read_text() + "#"),
            "gpt/block was another text",
        ),
        (lambda run: run.save_config(replace(run.config(), reference=True)), "of another version of the tutor's own"),
    ],
    ids=["shape", "course", "reference"],
)
def test_a_checkpoint_of_another_model_is_refused_with_the_reason(lab, change, reason):
    run = lab.run("run")
    lab.train(run, stop_at=25)
    change(run)
    with pytest.raises(RunError, match=reason):
        lab.train(run)


def test_a_checkpoint_of_other_characters_is_refused(lab):
    one, other = lab.run("one"), lab.run("other")
    lab.train(one, stop_at=25)
    lab.text.write_text(lab.text.read_text() + "xyz")
    lab.train(other, stop_at=25)
    shutil.copy(other.checkpoint, one.checkpoint)
    with pytest.raises(RunError, match="it knows other characters"):
        lab.train(one)
