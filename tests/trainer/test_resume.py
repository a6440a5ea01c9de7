"""A training that was stopped or killed and resumed equals one that never was, to the last bit."""

from __future__ import annotations

import signal
import sys
import time

import pytest
import torch

from tutor.core.errors import RunError
from tutor.core.runs import Run
from tutor.trainer import checkpoint


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
    long = {"steps": 1500, "eval_every": 200, "checkpoint_seconds": 0.05}
    whole, killed = lab.run("whole", **long), lab.run("killed", **long)
    with lab.process(whole, "--quiet") as process:
        process.communicate()
    with lab.process(killed, "--quiet") as process:
        while not lab.losses(killed) or lab.losses(killed)[-1][0] < 300:
            assert process.poll() is None
            time.sleep(0.001)
        process.send_signal(signal.SIGKILL)
        process.communicate()
    assert killed.state().status == "interrupted"
    assert lab.losses(killed)[-1][0] < 1500
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


def test_a_full_disk_leaves_the_last_good_checkpoint(lab, monkeypatch):
    run = lab.run("full")
    lab.train(run, stop_at=25)

    def no_room(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(checkpoint, "save_file", no_room)
    with pytest.raises(RunError, match="No space left"):
        lab.train(run)
    found = checkpoint.load(run)
    assert found is not None and found[1].step == 25
    assert not list(run.path.glob("*.part"))
