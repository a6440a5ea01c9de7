"""What a training does to the model, and what it measures."""

from __future__ import annotations

import math

import pytest
import torch

from tutor.core.errors import RunError
from tutor.core.presets import PRESETS
from tutor.core.run_config import RunConfig, TextRecord
from tutor.trainer import pace, tools
from tutor.trainer.checkpoint import load
from tutor.trainer.reference_gpt import GPT, GPTConfig


def test_the_loss_falls_from_uniform_to_what_the_text_allows(lab):
    run = lab.run("run", steps=400, eval_every=200, learning_rate=1e-2)
    lab.train(run)
    val = [val for _, _, _, val in lab.losses(run) if val is not None]
    assert val[0] == pytest.approx(math.log(9), abs=0.05)
    assert val[-1] < 1.0  # half of the characters are certain, the others one of four: ln 4 / 2 = 0.69
    assert len(val) == 3


def test_records_stand_at_their_steps(lab):
    run = lab.run("run", steps=30)
    lab.train(run)
    assert [step for step, loss, _, _ in lab.losses(run) if loss is not None] == [7, 14, 21, 28, 30]
    assert [step for step, _, _, val in lab.losses(run) if val is not None] == [0, 20, 30]
    assert run.samples.read_text().count("--- step") == 3


def test_first_weights_are_those_of_gpt_2():
    config = GPTConfig(block_size=64, vocab_size=65, n_layer=8, n_head=4, n_embd=128)
    model = GPT(config)
    tools.init_weights(model, torch.Generator().manual_seed(1))
    for name, parameter in model.named_parameters():
        if parameter.dim() == 1:
            assert torch.equal(parameter, torch.full_like(parameter, float(name.endswith("weight"))))
            continue
        std = 0.02 / 4 if name.endswith("c_proj.weight") else 0.02
        assert parameter.std().item() == pytest.approx(std, rel=5 / math.sqrt(2 * parameter.numel()))


@pytest.mark.parametrize("preset", PRESETS.values(), ids=str)
@pytest.mark.parametrize("bias", [True, False])
def test_the_formula_counts_the_parameters(preset, bias):
    from dataclasses import asdict, replace

    shape = replace(preset.shape, bias=bias)
    with torch.device("meta"):
        model = GPT(GPTConfig(vocab_size=65, **asdict(shape)))
    assert shape.parameters(65) == sum(each.numel() for each in model.parameters())


def test_a_loss_that_overflows_ends_the_training_and_keeps_the_last_good_checkpoint(lab):
    run = lab.run("run", learning_rate=1e30)
    with pytest.raises(RunError, match=r"The loss is (nan|inf)"):
        lab.train(run)
    found = load(run)
    assert found is None or all(
        torch.isfinite(each).all() for name, each in found[0].items() if name.startswith("model")
    )


def test_evaluating_and_sampling_use_none_of_the_trainings_random_numbers(lab):
    often, never = lab.run("often", eval_every=5), lab.run("never", eval_every=1000)
    lab.train(often)
    lab.train(never)
    ours, theirs = load(often), load(never)
    assert ours is not None and theirs is not None
    assert all(torch.equal(ours[0][name], theirs[0][name]) for name in ours[0])


def test_the_fastest_number_of_threads_is_one_that_was_tried():
    best, times = pace.fastest_threads(lambda: None)
    assert best in times and 1 in times
    assert torch.get_num_threads() == best


def test_a_reference_run_needs_no_code(lab, place, progress, text):

    from tutor.core import launch
    from tutor.core.order import Order

    run = launch.prepare_run(place, progress, Order(text=str(text), reference=True, threads=1))
    lab.shrink(run)
    assert lab.train(run) is True
    assert run.name == "l7-reference-1" and not (run.path / "code").exists()


def test_the_config_comes_back_as_it_was_written(lab):
    run = lab.run("run")
    config: RunConfig = run.config()
    assert config.shape == lab.shape
    lab.train(run)
    config = run.config()
    assert config.text is not None and isinstance(config.text, TextRecord)
    assert config.vocabulary == "\nabcdefio"
    assert config.device is not None and config.device.threads == 1
    run.save_config(config)
    assert run.config() == config
