"""Which tokens may be drawn, and how often."""

from __future__ import annotations

import pytest
import torch

from tutor.trainer.drawing import draw, shaped
from tutor.trainer.wish import Wish

ODDS = torch.tensor([[0.1, 0.5, 0.05, 0.3, 0.05]])
LOGITS = ODDS.log() + 3.0


def kept(**wish: float) -> list[float]:
    return [round(each, 4) for each in shaped(LOGITS, Wish(**wish)).softmax(-1)[0].tolist()]


def test_nothing_is_changed_by_default():
    assert kept() == [0.1, 0.5, 0.05, 0.3, 0.05]


def test_top_p_keeps_the_fewest_that_reach_it():
    assert kept(top_p=0.5) == [0, 1, 0, 0, 0]
    assert kept(top_p=0.51) == [0, 0.625, 0, 0.375, 0]
    assert kept(top_p=0.79) == kept(top_p=0.51)
    assert kept(top_p=0.85) == [0.1111, 0.5556, 0, 0.3333, 0]
    assert kept(top_p=1.0) == kept()
    assert kept(top_p=1e-6) == [0, 1, 0, 0, 0]


def test_top_k_comes_before_top_p():
    assert kept(top_k=2, top_p=0.62) == [0, 1, 0, 0, 0]  # 0.5 / 0.8 reaches 0.62 alone
    assert kept(top_k=2) == [0, 0.625, 0, 0.375, 0]


def test_the_temperature_comes_before_top_p():
    assert kept(temperature=0.5, top_p=0.7) == [0, 1, 0, 0, 0]  # squared, 0.5 has 0.25 / 0.355
    assert kept(temperature=0) == [0, 1, 0, 0, 0]


def test_tokens_are_drawn_as_often_as_they_are_probable():
    drawn = draw(LOGITS.expand(20_000, -1), Wish(top_k=3), torch.Generator().manual_seed(0))
    shares = torch.bincount(drawn[:, 0], minlength=5) / 20_000
    assert shares.tolist() == pytest.approx([0.1111, 0.5556, 0, 0.3333, 0], abs=0.015)
