"""What is asked for: presets, a file, settings and options, in this order."""

from __future__ import annotations

from dataclasses import fields

import pytest

from tutor.core.errors import RunError
from tutor.core.order import Order, make_order, refuse_impossible, shape_and_schedule
from tutor.core.presets import PRESETS, Schedule, Shape


def ordered(*settings: str, config=None, **options):
    order = make_order(config, settings, options)
    return order, *shape_and_schedule(order)


def test_what_stands_nearer_wins(tmp_path):
    file = tmp_path / "my.toml"
    file.write_text('preset = "cpu"\nn_layer = 2\ndropout = 0.3\nsteps = 700\ndata = "names"\nreference = true\n')
    order, shape, schedule = ordered("dropout=0.1", "seed=7", config=file, steps=900)
    assert (order.preset, order.text, order.seed, order.reference) == ("cpu", "names", 7, True)
    assert (shape.n_layer, shape.dropout, schedule.steps) == (2, 0.1, 900)
    assert shape.n_embd == PRESETS["cpu"].shape.n_embd and schedule.batch_size == 12


def test_a_preset_by_itself_is_unchanged():
    for preset in PRESETS.values():
        _, shape, schedule = ordered(preset=preset.name)
        assert (shape, schedule) == (preset.shape, preset.schedule)


def test_every_value_can_be_set():
    odd = {"n_head": 8, "bias": False, "dropout": 0.25, "n_embd": 64, "accumulation": 4, "batch_size": 64}
    odd |= {"min_learning_rate": 5e-4, "beta1": 0.5, "beta2": 0.5, "steps": 123, "warmup": 3}
    for holder in (Shape, Schedule):
        for each in fields(holder):
            value = odd.get(each.name, 7)
            _, *found = ordered(f"{each.name}={str(value).lower()}")
            assert getattr(found[0 if holder is Shape else 1], each.name) == value


def test_a_shorter_training_warms_up_shorter_and_a_lower_rate_ends_no_higher():
    _, _, schedule = ordered(steps=50, learning_rate=5e-5)
    assert schedule.warmup == 5 and schedule.min_learning_rate == 5e-5


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        ("n_layers=3", "There is no setting n_layers. Did you mean n_layer?"),
        ("learningrate=1", "Did you mean learning_rate?"),
        ("batchsize=1", "Did you mean batch_size?"),
        ("qqq=1", "There are: preset, data, "),
        ("steps", "has no value"),
        ("steps=0", "steps must be at least 1; it is 0."),
        ("steps=-3", "at least 1"),
        ("steps=ten", "steps must be a whole number; it is 'ten'."),
        ("steps=1.5", "a whole number"),
        ("dropout=1", "dropout must be at least 0 and below 1; it is 1."),
        ("dropout=true", "dropout must be a number; it is True."),
        ("bias=1", "bias must be true or false"),
        ("n_head=5", "n_embd=32 channels cannot be shared by n_head=5 heads. Use n_head=4, or n_embd=30."),
        ("n_head=64", "Use n_head=32, or n_embd=64."),
        ("accumulation=5", "batch_size=32 cannot be computed in accumulation=5 equal parts. Use accumulation=4 or"),
        ("min_learning_rate=1", "is above learning_rate=0.001"),
        ("warmup=6000", "warmup=6000 is longer than steps=5000"),
        ("learning_rate=nan", "learning_rate must be at least 0; it is nan."),
        ("preset=huge", "preset must be one of l7, cpu, baby, gpt2; it is 'huge'."),
        ("device=tpu", "device must be one of"),
        ("beta2=1.0", "beta2 must be at least 0 and below 1"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(setting, sentence):
    with pytest.raises(RunError) as refused:
        ordered(setting)
    assert sentence in str(refused.value)


def test_whole_numbers_may_be_written_as_toml_writes_large_ones():
    assert ordered("steps=1e4")[2].steps == 10_000


def test_files_that_are_none_are_refused(tmp_path):
    with pytest.raises(RunError, match="cannot be read"):
        make_order(tmp_path / "none.toml", (), {})
    (tmp_path / "bad.toml").write_text("steps == 3")
    with pytest.raises(RunError, match="is not TOML"):
        make_order(tmp_path / "bad.toml", (), {})
    (tmp_path / "table.toml").write_text("[schedule]\nsteps = 3")
    with pytest.raises(RunError, match="There is no setting schedule"):
        make_order(tmp_path / "table.toml", (), {})


def test_an_order_that_was_made_by_hand_is_checked_too():
    with pytest.raises(RunError, match="no preset 'huge'"):
        shape_and_schedule(Order(preset="huge"))
    with pytest.raises(RunError, match="block_size must be at least 1"):
        refuse_impossible(Shape(0, 1, 1, 1), PRESETS["l7"].schedule)


def test_the_work_of_the_baby_gpt_is_as_published():
    preset = PRESETS["baby"]
    assert preset.shape.parameters(65) - 256 * 384 == 10_646_784
    assert preset.shape.flops_per_token(65) == 70_958_592
    training = preset.schedule.steps * 64 * 256 * 70_958_592
    assert training == pytest.approx(5.81e15, rel=1e-3)
    assert training < preset.flops(65) < 1.2 * training
    assert PRESETS["gpt2"].shape.parameters(50_257) == 124_439_808


def test_every_preset_says_what_to_expect():
    for preset in PRESETS.values():
        assert preset.band.low < preset.band.expected < preset.band.high
        assert preset.durations and all(low <= high for low, high in (each.seconds for each in preset.durations))
        refuse_impossible(preset.shape, preset.schedule)
