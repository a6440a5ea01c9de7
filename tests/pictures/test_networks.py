"""Pictures of networks, held against facts that can be computed without them."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
import torch
from torch.nn import functional

import tutor.core
from tutor.core.errors import PictureError


def test_bigram_rows_sum_to_one_and_come_from_the_counts(paint):
    (grid,) = paint("bigram").panels
    names = (Path(tutor.core.__file__).parent / "names.txt").read_text().split()
    for row, values in zip(grid.rows, grid.values, strict=True):
        assert sum(values) == pytest.approx(1), row
    a, n = grid.rows.index("a"), grid.columns.index("n")
    pairs = [pair for name in names for pair in zip(f".{name}", f"{name}.", strict=True)]
    follows = [second for first, second in pairs if first == "a"]
    assert grid.values[a][n] == pytest.approx(follows.count("n") / len(follows))
    assert grid.notes[a][n] == f"{follows.count('n')} times"


def test_bigram_smoothing_moves_towards_even_rows(paint):
    (rough,), (smooth,) = paint("bigram", "0").panels, paint("bigram", "1e6").panels
    assert max(map(max, smooth.values)) == pytest.approx(1 / 27, rel=1e-2)
    assert max(map(max, rough.values)) > 0.5


@pytest.mark.parametrize(
    ("name", "on", "told"),
    [
        ("bigram", "much", "The smoothing must be a number"),
        ("activations", "gain=99", "gain must be a number from 0.2 to 5"),
        ("activations", "gain", "no setting of this picture"),
        ("updates", "batchnorm=maybe", "must be yes or no"),
        ("moons", "steps=1.5", "must be a whole number"),
        ("vanishing", "lags=nan", "lags must be a number"),
    ],
)
def test_what_makes_no_sense_is_told(paint, name, on, told):
    with pytest.raises(PictureError, match=told):
        paint(name, on)


@pytest.mark.parametrize("name", ["activations", "gradients", "parameters"])
def test_each_histogram_has_the_area_one(paint, monkeypatch, name):
    monkeypatch.setattr("tutor.pictures.diagnosed.STEPS", 20)
    panel = paint(name, "gain=1.667 batchnorm=yes").panels[0]
    assert len(panel.series) >= 5
    for series in panel.series:
        width = series.xs[1] - series.xs[0]
        assert sum(series.ys) * width == pytest.approx(1)


def test_an_update_is_the_rate_times_the_gradient(solutions):
    from tutor.pictures.diagnosed import ratio
    from tutor.pictures.network import network, train

    made = network(1.0, False)
    before = [each.detach().clone() for each in made.weights]
    train(made, 1, 0.25)
    for old, new in zip(before, made.weights, strict=True):
        moved = math.log10(((new.detach() - old).std() / old.std()).item())
        assert ratio(old, new.grad, 0.25) == pytest.approx(moved, abs=1e-3)


def test_the_line_of_updates_has_a_point_for_each_few_steps_and_the_healthy_line(paint, monkeypatch):
    monkeypatch.setattr("tutor.pictures.diagnosed.STEPS", 20)
    (panel,) = paint("updates").panels
    assert [each.name for each in panel.series][-2:] == ["last", "healthy: -3"]
    assert all(len(each.xs) == 4 for each in panel.series[:-1])


def test_saturation_falls_with_the_gain_and_with_the_learners_batchnorm(paint):
    def share(on):
        (grid,) = paint("saturation", on).panels
        values = [value for row in grid.values for value in row]
        assert len(values) == 20 * 50
        return sum(value > 0.99 for value in values) / len(values)

    wild, tame, normed = share("gain=5 batchnorm=no"), share("gain=0.5 batchnorm=no"), share("gain=5 batchnorm=yes")
    assert wild > 0.4 and tame < 0.05 and normed < 0.05


def test_a_gradient_that_is_halved_by_each_step_is_halved_in_the_curve():
    from tutor.pictures.vanishing import BATCH, INPUTS, reach

    turn, turn_again = (torch.linalg.qr(torch.randn(INPUTS, INPUTS))[0] for _ in range(2))
    h = torch.zeros(BATCH, INPUTS)

    def step(x):
        nonlocal h
        h = x @ turn + 0.5 * h @ turn_again
        return h

    assert reach(step, 6) == pytest.approx([0.5**lag for lag in range(7)], rel=1e-4)


def test_the_lstm_remembers_what_the_rnn_forgets(paint):
    (panel,) = paint("vanishing", "lags=30").panels
    ends = {each.name: each.ys[-1] for each in panel.series}
    assert ends["plain RNN"] < ends["LSTM, forget bias 1"] - 2 < ends["LSTM, forget bias 3"] - 2
    assert [len(each.xs) for each in panel.series] == [31] * 4


def test_letters_that_are_used_alike_lie_side_by_side(paint):
    (panel,) = paint("embedding").panels
    at = {each.sign: (each.x, each.y) for each in panel.points}
    assert "".join(sorted(at)) == ".abcdefghijklmnopqrstuvwxyz"

    def spread(letters):
        pairs = [(a, b) for a in letters for b in letters if a < b]
        return sum(math.dist(at[a], at[b]) for a, b in pairs) / len(pairs)

    assert spread("aeiou") < 0.8 * spread("abcdefghijklmnopqrstuvwxyz")


def test_the_rate_grows_by_the_same_factor_and_has_a_valley(paint):
    from tutor.pictures.letters import RATES, rate_at

    assert rate_at(0) == pytest.approx(1e-3) and rate_at(RATES - 1) == pytest.approx(10)
    assert rate_at(7) / rate_at(6) == pytest.approx(rate_at(101) / rate_at(100))
    (panel,) = paint("learning_rate").panels
    (series,) = panel.series
    best = min(range(RATES), key=lambda n: series.ys[n])
    assert -1.5 < series.xs[best] < 0.9
    assert series.ys[0] == pytest.approx(math.log(27), rel=0.15)  # knows nothing yet
    assert series.ys[best] < series.ys[0] < series.ys[-1]


@pytest.fixture
def reader(solutions):
    """An untrained GPT of two layers: what holds for its maps holds for any."""
    from exercises.gpt.model import GPT, GPTConfig
    from tutor.pictures.attention import Reader

    torch.manual_seed(0)
    model = GPT(GPTConfig(block_size=16, vocab_size=5, n_layer=2, n_head=2, n_embd=8, dropout=0.5))
    return Reader(model, {letter: n for n, letter in enumerate("abcd ")}, 16, 2, "")


def test_attention_rows_sum_to_one_and_look_back_only(reader):
    from tutor.pictures.attention import head_maps

    maps = head_maps(reader, "abc dab")
    assert [tuple(each.shape) for each in maps] == [(2, 7, 7)] * 2
    for each in maps:
        assert torch.allclose(each.sum(-1), torch.ones(2, 7))
        assert torch.equal(each.triu(1), torch.zeros_like(each))


def test_attention_maps_are_those_that_the_layer_uses(reader):
    from tutor.pictures.attention import head_maps

    layer = reader.model.h[0].attn
    inputs = []
    hook = layer.register_forward_pre_hook(lambda _, given: inputs.append(given[0]))
    weights = head_maps(reader, "abca")[0]
    hook.remove()
    q, k, v = (each.view(4, 2, 4).transpose(0, 1) for each in layer.c_attn(inputs[0])[0].split(8, dim=-1))
    expected = functional.scaled_dot_product_attention(q, k, v, is_causal=True)
    assert torch.allclose(weights @ v, expected, atol=1e-6)


@pytest.mark.parametrize(("text", "told"), [("", "reads 1 to 16"), ("a" * 17, "are 17"), ("aéz", "never seen 'zé'")])
def test_a_sentence_that_cannot_be_read_is_told(reader, text, told):
    from tutor.pictures.attention import head_maps

    with pytest.raises(PictureError, match=told):
        head_maps(reader, text)


def test_without_a_training_a_small_gpt_is_trained_and_says_so(paint, monkeypatch):
    monkeypatch.setattr("tutor.pictures.attention.STEPS", 2)
    made = paint("attention", "layer=2; to be or not")
    assert len(made.panels) == 4
    assert made.panels[0].title == "layer 2, head 1"
    assert "You have trained no GPT yet" in made.says[0]
    assert made.panels[0].rows[2] == "_"
    with pytest.raises(PictureError, match="no layer 9"):
        paint("attention", "layer=9; to be")
