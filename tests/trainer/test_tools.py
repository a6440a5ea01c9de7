"""Whose optimizer, schedule, clipping and first weights train: the learner's own once they have passed."""

from __future__ import annotations

import math

import pytest
import torch

from tutor.core.launch import TOOLS
from tutor.core.runs import Run
from tutor.trainer import checkpoint, tools


def weights(run: Run) -> dict[str, torch.Tensor]:
    found = checkpoint.load(run, "model.")
    assert found is not None
    return found[0]


def test_the_learners_own_tools_train_as_pytorchs_do(lab, solve):
    theirs = lab.run("theirs", warmup=10)
    lab.train(theirs)
    for id in TOOLS:
        solve(id)
    own = lab.run("own", warmup=10)
    lab.train(own)
    assert {each.exercise for each in own.config().code if not each.borrowed} == set(TOOLS)
    ours, right = weights(own), weights(theirs)
    for name in ours:
        torch.testing.assert_close(ours[name], right[name], rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize(
    ("id", "change"),
    [
        ("training/lr_schedule", ("def get_lr", "def get_lr(*_):\n    return 0.0\n\n\ndef other")),
        ("training/adamw", ("def step(self):", "def step(self):\n        return\n")),
        ("recurrent/clip_grad_norm", ("norm + 1e-6", "norm + 1e9")),
        ("gpt/init", ("0.02", "0.2")),
        ("training/param_groups", ('"weight_decay": weight_decay', '"weight_decay": 9.0')),
    ],
)
def test_each_of_them_is_really_called(lab, solve, id, change):
    solve(id)
    usual, changed = lab.run("usual"), lab.run("changed")
    code = changed.code(id)
    assert change[0] in code.read_text()
    code.write_text(code.read_text().replace(*change))
    lab.train(usual)
    lab.train(changed)
    assert any(not torch.equal(weights(usual)[name], each) for name, each in weights(changed).items())


def test_a_training_with_the_learners_optimizer_resumes_to_the_last_bit(lab, solve):
    for id in TOOLS:
        solve(id)
    whole, parts = lab.run("whole"), lab.run("parts")
    lab.train(whole)
    lab.train(parts, stop_at=31)
    lab.train(parts)
    assert lab.losses(whole) == lab.losses(parts)
    assert all(torch.equal(each, weights(parts)[name]) for name, each in weights(whole).items())


def test_what_is_whose_is_named(lab, solve):
    solve("training/adamw")
    run = lab.run("named")
    lab.train(run)
    assert "Yours   training/adamw\n" in run.last_log()
    borrowed = next(line for line in run.last_log().splitlines() if line.startswith("Borrowed"))
    assert "gpt/model" in borrowed and "lr_schedule" not in borrowed
    ours = next(line for line in run.last_log().splitlines() if line.startswith("Ours"))
    assert "learning rate" in ours and "clipping" in ours and "AdamW" not in ours


def test_a_state_that_a_checkpoint_cannot_hold_is_told(lab, solve):
    from tutor.core.errors import RunError

    solve("training/adamw")
    run = lab.run("odd")
    code = run.code("training/adamw")
    code.write_text(code.read_text().replace('return {"averages": ', 'return {"odd": self, "averages": '))
    with pytest.raises(RunError, match="holds a AdamW.*state_dict"):
        lab.train(run)


def test_the_learning_rate_rises_falls_and_stays():
    rates = [tools.get_lr(it, 1.0, 0.1, 10, 100) for it in range(150)]
    assert rates[0] == pytest.approx(1 / 11) and rates[10] == 1.0
    assert rates[:11] == sorted(rates[:11]) and rates[10:] == sorted(rates[10:], reverse=True)
    assert rates[55] == pytest.approx(0.55) and rates[100] == pytest.approx(0.1) and rates[149] == 0.1
    assert tools.get_lr(0, 1.0, 0.1, 0, 0) == 1.0


def test_clipping_is_pytorchs():
    generator = torch.Generator().manual_seed(1)
    for limit in (0.1, 1e3):
        ours, theirs = ([torch.zeros(3, 4, requires_grad=True), torch.zeros(5, requires_grad=True)] for _ in range(2))
        for left, right in zip(ours, theirs, strict=True):
            left.grad = torch.randn(left.shape, generator=generator)
            right.grad = left.grad.clone()
        norm = tools.clip_grad_norm_(ours, limit)
        assert float(norm) == pytest.approx(float(torch.nn.utils.clip_grad_norm_(theirs, limit)))
        for left, right in zip(ours, theirs, strict=True):
            torch.testing.assert_close(left.grad, right.grad)
        assert math.isfinite(float(norm))
