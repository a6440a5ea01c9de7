"""What a teacher without tutor would write for `attention/single_head`: pytest with Hypothesis in one process.

`grading.py` runs this file cold, as `python -m pytest FILE`, with the submission in SUBMISSION. It is a yardstick
for time, not a grader: nothing is confined, and learner code shares the judge's process.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import torch
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from tutor.worker.finder import install

ROOT = Path(__file__).parents[2]
install(
    {
        "exercises.attention.scaled_scores": (
            (ROOT / "solutions/attention/scaled_scores.py").read_text(),
            "scaled_scores.py",
        ),
        "exercises.attention.single_head": (Path(os.environ["SUBMISSION"]).read_text(), "single_head.py"),
    }
)

from exercises.attention.single_head import Head  # type: ignore[import-not-found]  # noqa: E402

quick = settings(max_examples=100, database=None, deadline=None)
sizes = st.tuples(*[st.integers(1, 5)] * 4)


def build(B: int, T: int, C: int, D: int, number: int) -> tuple[torch.nn.Module, torch.Tensor]:
    generator = torch.Generator().manual_seed(number)
    head = Head(C, D, T).double()
    with torch.no_grad():
        for weight in head.parameters():
            weight.copy_(torch.randn(weight.shape, generator=generator, dtype=torch.float64))
    return head, torch.randn(B, T, C, generator=generator, dtype=torch.float64)


def expected(head: torch.nn.Module, x: torch.Tensor) -> torch.Tensor:
    q, k, v = (x @ layer.weight.mT for layer in (head.query, head.key, head.value))
    return torch.nn.functional.scaled_dot_product_attention(q, k, v, is_causal=True)


@seed(0)
@quick
@given(sizes, st.integers(0, 1 << 16))
def test_value(size, number):
    head, x = build(*size, number)
    torch.testing.assert_close(head(x), expected(head, x), rtol=1e-9, atol=1e-11)


@seed(0)
@quick
@given(sizes, st.integers(0, 1 << 16))
def test_gradient(size, number):
    head, x = build(*size, number)
    x.requires_grad_()
    leaves = [x, *head.parameters()]
    weights = torch.randn_like(head(x))
    mine = torch.autograd.grad((head(x) * weights).sum(), leaves)
    right = torch.autograd.grad((expected(head, x) * weights).sum(), leaves)
    torch.testing.assert_close(mine, right, rtol=1e-7, atol=1e-9)


@seed(0)
@quick
@given(sizes, st.integers(0, 1 << 16))
def test_causal(size, number):
    head, x = build(*size, number)
    changed = x.clone()
    changed[:, -1] += 1
    assert torch.equal(head(x)[:, :-1], head(changed)[:, :-1])


@seed(0)
@quick
@given(sizes, st.integers(0, 1 << 16))
def test_shorter_inputs(size, number):
    head, x = build(*size, number)
    shorter = x[:, : (x.shape[1] + 1) // 2]
    torch.testing.assert_close(head(shorter), expected(head, shorter), rtol=1e-9, atol=1e-11)


@seed(0)
@quick
@given(sizes, st.integers(0, 1 << 16))
def test_pure(size, number):
    head, x = build(*size, number)
    before = x.clone()
    head(x)
    assert torch.equal(x, before)


def test_contract():
    head = Head(4, 2, 3)
    assert len(list(head.parameters())) == 3
    with pytest.raises(Exception):  # noqa: B017
        head(torch.zeros(1, 4, 4))
