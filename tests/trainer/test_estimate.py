"""How long it would take: measured here, estimated elsewhere."""

from __future__ import annotations

import json
from dataclasses import replace

import jsonschema
import pytest

from tutor.core import documents
from tutor.core.chips import CHIPS, reach
from tutor.core.presets import PRESETS, Schedule
from tutor.core.run_config import RunConfig
from tutor.trainer import estimate, machine
from tutor.trainer.estimate_text import text_of
from tutor.trainer.forecast import Here, cut_to, elsewhere

HERE = Here(step=0.1, batch=0.01, token=0.001, windows=4, drawn_per_second=900.0, processor=1.0)


@pytest.fixture
def quick(monkeypatch):
    """Measures for moments only."""
    monkeypatch.setattr(estimate, "_STEP_SECONDS", 0.05)
    monkeypatch.setattr(estimate, "_OTHER_SECONDS", 0.02)
    monkeypatch.setattr(machine, "_TRY_SECONDS", 0.005)
    monkeypatch.setitem(machine._MOVED, "cpu", 1 << 22)


def chip(name):
    return next(each for each in CHIPS if each.name == name)


def on(name, preset):
    return next(each for each in elsewhere(training(preset)) if each.device == name)


def training(preset):
    found = PRESETS[preset]
    return RunConfig("", preset, found.shape, found.schedule, "shakespeare", vocab_size=65)


def test_it_measures_trains_and_compares(lab, quick, capfd):
    run = lab.run("run", steps=40, eval_every=20)
    assert estimate.main([str(run.path), "--verify", "--seconds=1", "--format=json"]) == 0
    data = json.loads(capfd.readouterr().out)
    jsonschema.validate(data, documents.schema())
    here, verified = data["here"], data["verified"]
    assert here["tokens_per_second"] == pytest.approx(4 * 6 / here["step_seconds"])
    assert here["seconds"] > 40 * here["step_seconds"]
    assert data["machine"]["matmul"]["float32"] > 0 and data["machine"]["gigabytes_per_second"] > 0
    assert verified["ratio"] == pytest.approx(verified["predicted"] / verified["actual"])
    assert verified["steps"] in (1, 40) or verified["predicted"] <= 1.0  # a slow machine makes one step at least
    assert run.state().step == verified["steps"]

    text = text_of(data)
    assert "(measured)" in text and "estimated" in text and "Verified" in text
    assert all(each.name in text for each in CHIPS)


def test_a_large_batch_is_measured_in_part_and_scaled(lab, quick, monkeypatch):
    run = lab.run("run", batch_size=64)
    monkeypatch.setattr(estimate, "_PATIENCE", 1e-9)
    ready = estimate.make_ready(run, run.config())
    here, memory = estimate.measure_here(ready, machine.measure(ready.device))
    assert here.windows == 1 and memory > 1_000_000
    monkeypatch.setattr(estimate, "_PATIENCE", 100.0)
    whole, _ = estimate.measure_here(ready, machine.measure(ready.device))
    assert whole.windows == 64
    assert here.step > whole.step  # 64 steps of one window cost more than one of 64


def test_too_little_memory_measures_fewer_windows(lab, quick, monkeypatch):
    run = lab.run("run", batch_size=8)
    ready = estimate.make_ready(run, run.config())
    real = estimate.Trial

    def cramped(config, *rest):
        if config.schedule.batch_size > 2:
            raise RuntimeError("DefaultCPUAllocator: can't allocate memory")
        return real(config, *rest)

    monkeypatch.setattr(estimate, "Trial", cramped)
    assert estimate.measure_here(ready, machine.measure(ready.device))[0].windows == 2


def test_a_prediction_is_the_sum_of_its_parts():
    schedule = Schedule(steps=100, batch_size=4, eval_every=30, eval_batches=5, final_batches=7, samples=2)
    batches = 2 * (4 * 5 + 7)  # at 0, 30, 60, 90, and the last
    assert HERE.total(schedule) == pytest.approx(100 * 0.1 + batches * 0.01 + 3 * 250 * 0.001)


@pytest.mark.parametrize("seconds", [3.0, 20.0, 60.0])
def test_a_training_is_cut_to_the_time_there_is(seconds):
    schedule = PRESETS["baby"].schedule
    cut = cut_to(schedule, HERE, seconds)
    assert 0.8 * seconds < HERE.total(cut) <= seconds
    assert HERE.total(replace(cut, steps=cut.steps + 2)) > seconds
    assert cut.steps * HERE.step > 0.5 * seconds  # most of it is steps
    short = replace(schedule, steps=2, eval_batches=1, final_batches=1)
    assert cut_to(short, HERE, seconds) == short


def test_estimates_agree_with_what_was_published():
    """Times of nanoGPT's baby GPT: nanoGPT's own on an A100, and steps on an RTX A6000 like a 3090 (38 to 48 ms)."""
    shape, schedule = PRESETS["baby"].shape, PRESETS["baby"].schedule
    flops = schedule.batch_size * shape.block_size * shape.flops_per_token(65)
    a100 = reach(chip("A100"), shape, shape.parameters(65), flops, schedule.batch_size)
    assert a100.step_seconds == pytest.approx(0.0223, rel=0.1)
    assert 0.036 < reach(chip("RTX 3090"), shape, 0, flops, schedule.batch_size).step_seconds < 0.048
    tiny = PRESETS["cpu"]
    flops = tiny.schedule.batch_size * tiny.shape.block_size * tiny.shape.flops_per_token(65)
    m1 = reach(chip("Apple M1"), tiny.shape, 0, flops, tiny.schedule.batch_size)
    assert 0.055 < m1.step_seconds < 0.067


def test_a_published_time_stands_in_for_an_estimate_of_the_same_training_only():
    assert on("A100", "baby").kind == "published" and on("A100", "baby").seconds == (180.0, 180.0)
    config = training("baby")
    shorter = replace(config, schedule=replace(config.schedule, steps=2500))
    rows = {each.device: each for each in elsewhere(shorter)}
    assert rows["A100"].kind == "estimated"
    assert {each.kind for each in rows.values()} == {"estimated"}


def test_each_chip_computes_in_what_it_is_made_for():
    assert (on("RTX 2080 Ti", "baby").precision, on("GTX 1080 Ti", "baby").precision) == ("float16", "float32")
    assert (on("A100", "l7").precision, on("A100", "baby").precision) == ("tf32", "bfloat16")
    assert on("Apple M1", "baby").precision == "float32"


def test_a_busy_processor_is_told(lab, quick, capfd):
    run = lab.run("run")
    assert estimate.main([str(run.path), "--format=json"]) == 0
    data = json.loads(capfd.readouterr().out)
    data["here"]["processor"] = 0.5
    assert "gave the steps 50 % of its time" in text_of(data)
    data["here"]["processor"] = 0.99
    assert "busy" not in text_of(data)


def test_a_few_words_of_text_are_refused(lab, quick, capfd, tmp_path):
    run = lab.run("run")
    run.save_config(replace(run.config(), asked_text=str(tmp_path / "short.txt")))
    (tmp_path / "short.txt").write_text("abc")
    assert estimate.main([str(run.path)]) == 2
    assert "The text is too short" in capfd.readouterr().err
