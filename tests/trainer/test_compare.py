"""The learner's model beside the tutor's, and what each step of speed buys."""

from __future__ import annotations

import jsonschema
import pytest
import torch

from tutor.core import documents
from tutor.core.errors import RunError
from tutor.trainer import compare, naive_attention
from tutor.trainer.reference_gpt import GPT, GPTConfig
from tutor.trainer.rung import Impossible, run_rung


def gpt(dropout: float) -> GPT:
    torch.manual_seed(2)
    return GPT(GPTConfig(block_size=9, vocab_size=11, n_layer=2, n_head=2, n_embd=16, dropout=dropout))


def test_written_out_attention_computes_what_the_fused_one_computes():
    fused, naive = gpt(0.0), gpt(0.0)
    naive_attention.write_out(naive)
    idx = torch.randint(11, (3, 9))
    for model in (fused, naive):
        model(idx, idx.roll(-1, 1))[1].backward()
    torch.testing.assert_close(naive(idx, idx)[0], fused(idx, idx)[0], atol=1e-5, rtol=1e-5)
    for ours, theirs in zip(naive.parameters(), fused.parameters(), strict=True):
        torch.testing.assert_close(ours.grad, theirs.grad, atol=1e-6, rtol=1e-4)


def test_written_out_attention_drops_weights_while_training_only():
    model = gpt(0.5)
    naive_attention.write_out(model)
    idx = torch.randint(11, (3, 9))
    assert not torch.equal(model(idx, idx)[0], model(idx, idx)[0])
    model.eval()
    assert torch.equal(model(idx, idx)[0], model(idx, idx)[0])


def test_rungs_are_climbed_in_processes_and_told(lab, capsys):
    rows = compare.climb(lab.run("run"), 0.2, ("yours", "tf32", "fused"))
    data = compare._document(lab.run("other").config(), 0.2, rows)
    jsonschema.validate(data, documents.schema())
    yours, tf32, fused = data["rungs"]
    assert yours["tokens_per_second"] > 0 and yours["memory_bytes"] > 0 and yours["steps"] >= 5
    assert yours["windows"] == fused["windows"] == 4 and yours["threads"] == fused["threads"] == 1
    assert fused["times_yours"] == pytest.approx(fused["tokens_per_second"] / yours["tokens_per_second"])
    assert tf32["tokens_per_second"] is None and "Ampere" in tf32["reason"]
    assert 0 < yours["loss"] < 3 and 0 < fused["loss"] < 3
    text = compare.text_of(data)
    assert "left out: only NVIDIA's chips" in text and "4 windows of 6 tokens a step, threads: 1" in text


def test_all_rungs_of_the_tutors_own_start_alike(lab):
    run = lab.run("run", batch_size=2)
    first = [run_rung(run, name, "float32", 0.0, 2, 1) for name in ("naive", "fused")]
    assert first[0].steps == first[1].steps == 5
    assert first[0].loss == pytest.approx(first[1].loss, rel=1e-3)


def test_a_compiler_that_is_missing_is_the_reason(lab, monkeypatch):
    """A C++ compiler that does not exist, as on many laptops."""
    monkeypatch.setenv("CXX", "/nonexistent/c++")
    monkeypatch.setenv("TORCHINDUCTOR_FORCE_DISABLE_CACHES", "1")
    (row,) = compare.climb(lab.run("run"), 0.1, ("compile",))
    assert row.measured is None and "does not work here" in row.reason


def test_a_model_that_raises_is_told_with_its_line(lab, capsys):
    run = lab.run("run")
    code = run.code("gpt/block")
    code.write_text(code.read_text().replace("torch.tanh(", "torch.no_such_thing("))
    with pytest.raises(RunError, match=r"no_such_thing[\s\S]*block.py, line"):
        compare.climb(run, 0.1, ("yours",))


def test_a_processor_without_a_fast_smaller_type_says_how_slow_it_is(lab, monkeypatch):
    from tutor.trainer import machine

    monkeypatch.setattr(machine, "matmul", lambda device, name: {"bfloat16": 0.01, "float32": 1.0}[name])
    with pytest.raises(Impossible, match=r"multiplies bfloat16 at 0.01 of float32's speed"):
        run_rung(lab.run("run"), "half", "float32", 0.1)
