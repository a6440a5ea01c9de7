"""What other programs get."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
import torch
from safetensors import safe_open
from torch import nn

from tutor.core import launch
from tutor.core.errors import RunError
from tutor.core.presets import Shape
from tutor.trainer import export
from tutor.trainer.gpt2_format import as_gpt2
from tutor.trainer.reference_gpt import GPT, GPTConfig
from tutor.trainer.trained import load_trained

SHAPE = Shape(block_size=7, n_layer=2, n_head=2, n_embd=12)


@pytest.fixture
def transformers(monkeypatch):
    """The library, without a network."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    import transformers

    return transformers


def random_gpt(**changes) -> GPT:
    torch.manual_seed(1)
    sizes = {"block_size": 7, "vocab_size": 11, "n_layer": 2, "n_head": 2, "n_embd": 12, "dropout": 0.0} | changes
    model = GPT(GPTConfig(**sizes))
    for parameter in model.parameters():
        nn.init.normal_(parameter, std=0.4)
    return model.eval()


@torch.no_grad()
def test_transformers_loads_it_with_equal_logits_and_the_same_characters(real, tmp_path, transformers):
    folder = tmp_path / "gpt"
    export.to_huggingface(real, folder)
    theirs = transformers.AutoModelForCausalLM.from_pretrained(folder).eval()
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    assert type(theirs).__name__ == "GPT2LMHeadModel"

    text = "ab\nof"
    tokens = tokenizer(text, return_tensors="pt").input_ids
    assert tokens[0].tolist() == real.tokenizer.encode(text)
    assert tokenizer.decode(tokens[0]) == text
    for model in (real.model, theirs):
        with torch.no_grad():  # larger weights, so that no part of the model is lost in the noise
            for parameter in model.parameters():
                parameter.mul_(5)
    ours = real.model(tokens, tokens)[0]
    torch.testing.assert_close(theirs(tokens).logits, ours, atol=1e-5, rtol=1e-4)


@torch.no_grad()
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize(("activation", "layer"), [("relu", nn.ReLU()), ("gelu", nn.GELU()), ("silu", nn.SiLU())])
def test_another_activation_is_found(activation, layer, bias, tmp_path, transformers):
    model = random_gpt(bias=bias)
    for block in model.h:
        block.mlp.forward = lambda x, mlp=block.mlp: mlp.c_proj(layer(mlp.c_fc(x)))
    gpt2, gap = as_gpt2(model, replace(SHAPE, bias=bias), 11)
    assert gpt2.activation == activation and gap < 1e-4
    idx = torch.randint(11, (3, 7))
    theirs = transformers.GPT2LMHeadModel(transformers.GPT2Config(**gpt2.config)).eval()
    theirs.load_state_dict(gpt2.tensors, strict=False)
    torch.testing.assert_close(theirs(idx).logits, model(idx, idx)[0], atol=1e-4, rtol=1e-4)


@torch.no_grad()
def test_a_head_of_its_own_is_kept(transformers):
    model = random_gpt()
    model.lm_head = nn.Linear(12, 11, bias=False)
    plain = model.forward

    def forward(idx, targets=None):
        hidden = []
        hook = model.ln_f.register_forward_hook(lambda module, inputs, output: hidden.append(output))
        plain(idx, targets)
        hook.remove()
        return model.lm_head(hidden[0]), None

    model.forward = forward
    gpt2, _ = as_gpt2(model, SHAPE, 11)
    theirs = transformers.GPT2LMHeadModel(transformers.GPT2Config(**gpt2.config)).eval()
    theirs.load_state_dict(gpt2.tensors)
    idx = torch.randint(11, (3, 7))
    torch.testing.assert_close(theirs(idx).logits, forward(idx, idx)[0], atol=1e-4, rtol=1e-4)


def test_byte_pairs_are_exported_too(lab, tmp_path, transformers):
    order = launch.Order(text=str(lab.text), tokenizer="bpe", vocab=300, reference=True, threads=1)
    run = lab.shrink(launch.prepare_run(lab.place, lab.progress, order), steps=5)
    lab.train(run)
    trained = load_trained(run, "cpu")
    export.to_huggingface(trained, tmp_path / "gpt")
    tokenizer = transformers.AutoTokenizer.from_pretrained(tmp_path / "gpt")
    theirs = transformers.AutoModelForCausalLM.from_pretrained(tmp_path / "gpt").eval()
    text = "ab of\n grüße"
    tokens = tokenizer(text, return_tensors="pt").input_ids[:, -6:]
    assert tokenizer(text).input_ids == trained.tokenizer.encode(text)
    assert tokenizer.decode(tokenizer(text).input_ids) == text
    with torch.no_grad():
        torch.testing.assert_close(theirs(tokens).logits, trained.model(tokens, tokens)[0], atol=1e-5, rtol=1e-4)


def test_a_model_that_computes_something_else_is_refused_with_the_difference():
    model = random_gpt()
    model.h[0].register_forward_hook(lambda module, inputs, output: output.relu())
    with pytest.raises(RunError, match=r"the logits differ by up to [\d.]+, and.*--to safetensors"):
        as_gpt2(model, SHAPE, 11)


def test_a_model_of_other_parts_is_refused_by_naming_them():
    model = random_gpt()
    del model.ln_f
    model.register_module("final", nn.Linear(12, 12))
    with pytest.raises(RunError, match=r"it has no ln_f.weight; GPT-2 has no final.weight"):
        as_gpt2(model, SHAPE, 11)


def test_safetensors_keeps_the_models_own_names_and_what_is_needed_to_use_them(lab, tmp_path):
    run = lab.run("run", steps=5)
    lab.train(run)
    trained = load_trained(run, "cpu")
    file = tmp_path / "run.safetensors"
    export.to_safetensors(trained, file)
    with safe_open(file, framework="pt") as opened:
        header = opened.metadata()
        saved = {name: opened.get_tensor(name) for name in opened.keys()}  # noqa: SIM118
    state = trained.model.state_dict()
    assert saved.keys() == state.keys() - {"lm_head.weight"}  # which is the token table
    assert all(torch.equal(saved[name], state[name]) for name in saved)
    assert json.loads(header["shape"])["n_embd"] == 8 and header["step"] == "5"
    vocabulary = json.loads(header["tokenizer"])["model"]["vocab"]
    assert "".join(sorted(vocabulary, key=vocabulary.get)) == trained.config.vocabulary


def test_nothing_is_replaced_and_nothing_half_written_stays(lab, tmp_path, monkeypatch, capsys):
    run = lab.run("run", steps=5)
    lab.train(run)
    taken = tmp_path / "taken"
    taken.write_text("mine")
    assert export.main([str(run.path), "safetensors", str(taken)]) == 2
    assert "is there already" in capsys.readouterr().err and taken.read_text() == "mine"

    assert export.main([str(run.path), "huggingface", str(tmp_path / "folder")]) == 2
    assert "not made of GPT-2's parts" in capsys.readouterr().err

    def no_room(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(export, "save_file", no_room)
    before = sorted(tmp_path.iterdir())
    assert export.main([str(run.path), "safetensors", str(tmp_path / "new")]) == 2
    assert "No space left" in capsys.readouterr().err
    assert sorted(tmp_path.iterdir()) == before
