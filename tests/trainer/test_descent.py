"""One update: in parts, in less precision, in too little memory."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest
import torch

from tutor.core.errors import RunError
from tutor.core.order import Order
from tutor.core.presets import PRESETS
from tutor.trainer import checkpoint, devices, memory, settling
from tutor.trainer.ranks import World


def numbers(lab, run) -> list[float]:
    return [each for line in lab.losses(run) for each in line[1:] if each is not None]


@pytest.mark.parametrize("parts", [2, 4])
def test_a_batch_in_parts_makes_the_same_update(lab, parts):
    whole, cut = lab.run("whole", dropout=0.0), lab.run("cut", dropout=0.0, accumulation=parts)
    lab.train(whole)
    lab.train(cut)
    assert numbers(lab, cut) == pytest.approx(numbers(lab, whole), rel=1e-5)


@pytest.mark.parametrize("precision", ["bfloat16", "float16"])
def test_less_precision_learns_too_and_resumes_to_the_last_bit(lab, precision):
    whole, parts, full = (lab.run(name, learning_rate=1e-2, eval_every=10) for name in ("whole", "parts", "full"))
    for run in (whole, parts):
        run.save_config(replace(run.config(), asked_precision=precision))
    for run in (whole, full):
        lab.train(run)
    lab.train(parts, stop_at=23)
    lab.train(parts)
    assert numbers(lab, whole) == numbers(lab, parts)
    assert numbers(lab, whole) != numbers(lab, full)
    assert numbers(lab, whole) == pytest.approx(numbers(lab, full), rel=0.05)
    assert whole.config().device.precision == precision
    tensors, position = checkpoint.load(whole)
    assert all(each.dtype == torch.float32 for name, each in tensors.items() if name.startswith("model."))
    assert bool(position.plain["scaler"]) is (precision == "float16")


def test_a_gradient_that_overflows_float16_is_left_out_and_the_scale_comes_down(lab):
    run = lab.run("scaled", steps=20)
    run.save_config(replace(run.config(), asked_precision="float16"))
    lab.train(run, stop_at=10)
    tensors, position = checkpoint.load(run)
    position.plain["scaler"]["scale"] = 2.0**40
    checkpoint.save(run, tensors, position)
    lab.train(run)
    found = checkpoint.load(run)
    assert found[1].plain["scaler"]["scale"] < 2.0**40
    assert all(torch.isfinite(each).all() for name, each in found[0].items() if name.startswith("model."))


def test_a_precision_that_the_device_has_not_is_refused():
    if torch.cuda.is_available() or torch.backends.mps.is_available():
        pytest.skip("there is a GPU")
    assert devices.choose("auto", 32, "bfloat16").precision == torch.bfloat16
    with pytest.raises(RunError, match="--device cpu"):
        devices.choose("cuda", 32, "bfloat16")


def test_a_large_model_takes_bfloat16_where_it_is_measured_to_be_faster(lab):
    """Either answer is right, if it is the measured one."""
    run = lab.run("large", n_embd=256, n_layer=1)
    run.save_config(replace(run.config(), reference=True, vocabulary="ab", vocab_size=2))
    from tutor.trainer import learner

    model = learner.load_parts(run, run.config()).model(2)
    record, _ = settling.settle(run.config(), devices.choose("cpu", 256), model, World())
    assert "in bfloat16 and" in record.reason
    assert (record.precision == "bfloat16") is ("But a step takes" in record.reason)
    assert all(each.grad is None for each in model.parameters())


@pytest.mark.parametrize(("windows", "parts", "more"), [(12, 1, 2), (12, 2, 4), (12, 4, 12), (9, 1, 3), (7, 1, 7)])
def test_more_parts_are_equal_ones(windows, parts, more):
    assert memory.more_parts(windows, parts) == more
    assert memory.more_parts(windows, windows) is None


LIMITED = """
import resource, sys
from pathlib import Path
from tutor.trainer import session
from tutor.trainer.main import main
pages = int(Path("/proc/self/statm").read_text().split()[0])
most = pages * resource.getpagesize() + int(sys.argv[1]) * 2**20
resource.setrlimit(resource.RLIMIT_AS, (most, most))
sys.exit(main(sys.argv[2:]))
"""


def with_little_memory(lab, run, megabytes: int) -> subprocess.CompletedProcess[str]:
    command = [*lab.python, "-c", LIMITED, str(megabytes), str(run.path)]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=False)


@pytest.fixture
def large(lab, place, progress, text):
    """Makes a run whose batch needs about half a gigabyte."""
    from tutor.core import launch

    def make(name: str, **options: bool):
        order = Order(text=str(text), device="cpu", name=name, threads=1, reference=True, **options)
        run = launch.prepare_run(place, progress, order)
        shape = replace(PRESETS["cpu"].shape, n_layer=1, n_embd=64)
        plan = replace(
            lab.schedule, steps=3, batch_size=768, eval_every=9, eval_batches=1, final_batches=1, log_every=1
        )
        run.save_config(replace(run.config(), shape=shape, schedule=plan))
        return run

    return make


@pytest.mark.skipif(sys.platform != "linux", reason="limits of memory as on Linux")
def test_too_little_memory_names_what_fits_or_takes_it(lab, large):
    told, taken = large("told"), large("taken", auto_batch=True)
    done = with_little_memory(lab, told, 260)
    assert done.returncode == 2, done.stderr
    assert (
        "Out of memory with 768 windows at once" in done.stderr and "Start a new run with --accumulation" in done.stderr
    )
    done = with_little_memory(lab, taken, 260)
    assert done.returncode == 0, done.stderr
    parts = taken.config().schedule.accumulation
    assert parts > 1 and f"768 = {768 // parts} windows × {parts} parts" in done.stdout
    plenty = large("plenty")
    lab.train(plenty)
    assert numbers(lab, taken) == pytest.approx(numbers(lab, plenty), rel=1e-4)


@pytest.mark.skipif(sys.platform != "linux", reason="limits of memory as on Linux")
def test_where_not_one_window_fits_a_smaller_model_is_advised(lab, large):
    run = large("hopeless", auto_batch=True)
    run.save_config(replace(run.config(), shape=replace(run.config().shape, n_embd=1024, n_head=1)))
    done = with_little_memory(lab, run, 170)
    assert done.returncode == 2
    assert "Out of memory" in done.stderr and "smaller" in done.stderr and "Traceback" not in done.stderr
