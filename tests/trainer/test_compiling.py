"""torch.compile is tried where it can pay, and never needed."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from tutor.trainer import compiling


class Linear(nn.Linear):
    """A model of one layer, with the signature of a GPT."""

    def forward(self, x, targets=None):
        logits = super().forward(x)
        return logits, (logits - targets).exp().mean()


def attempt(forward) -> float:
    _, loss = forward(torch.ones(2, 3), torch.ones(2, 3))
    loss.backward()
    return 1.0


@pytest.fixture
def no_compiler(monkeypatch, tmp_path):
    torch._dynamo.reset()
    monkeypatch.setenv("TORCHINDUCTOR_CACHE_DIR", str(tmp_path))  # what was compiled before needs no compiler
    monkeypatch.setattr("torch._inductor.config.cpp.cxx", (None, "/nonexistent/compiler"))
    yield
    torch._dynamo.reset()


def test_without_a_compiler_the_model_runs_as_it_is_and_the_reason_is_told(no_compiler):
    model = Linear(3, 3)
    forward, reason = compiling.compiled(model, attempt)
    assert forward is model
    assert reason.startswith("left out, it does not work here: ") and "/nonexistent/compiler" in reason
    assert attempt(forward) == 1.0


def test_what_gains_nothing_is_left_out(monkeypatch):
    monkeypatch.setattr(torch, "compile", lambda model: lambda *_: model(*_))
    times = iter([10.0, 9.9])
    model = Linear(3, 3)
    forward, reason = compiling.compiled(model, lambda _: next(times))
    assert forward is model and reason == "left out: a step takes 10.0 ms without and 9.9 ms with it"


@pytest.mark.parametrize(
    ("asked", "device", "seconds", "reason"),
    [
        ("on", "cpu", 1.0, ""),
        ("off", "cuda", 1e6, "off"),
        ("auto", "cpu", 1e6, "not tried on cpu"),
        ("auto", "mps", 1e6, "not tried on mps"),
    ],
)
def test_when_it_is_tried(asked, device, seconds, reason):
    assert compiling.worth_trying(asked, device, seconds).startswith(reason)
    assert bool(compiling.worth_trying(asked, device, seconds)) is bool(reason)
