"""A cache changes the time and nothing else."""

from __future__ import annotations

import pytest
import torch

from tutor.core.errors import RunError
from tutor.trainer import kv_cache
from tutor.trainer.kv_cache import Cached
from tutor.trainer.reference_gpt import GPT, GPTConfig
from tutor.trainer.trained import load_trained
from tutor.trainer.wish import Wish
from tutor.trainer.writing import make_writer

BLOCK = 10


def random_gpt(**changes) -> GPT:
    torch.manual_seed(3)
    sizes = {"block_size": BLOCK, "vocab_size": 13, "n_layer": 3, "n_head": 2, "n_embd": 16, "dropout": 0.3} | changes
    model = GPT(GPTConfig(**sizes))
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=0.3)
    return model.eval()


@pytest.mark.parametrize("bias", [True, False])
@torch.no_grad()
def test_cached_logits_are_the_models(bias):
    model = random_gpt(bias=bias)
    idx = torch.randint(13, (4, BLOCK))
    for first in (1, 3, BLOCK):
        cached = Cached(model)
        found = [cached.read(idx[:, :first])]
        found += [cached.read(idx[:, count : count + 1]) for count in range(first, BLOCK)]
        wanted = [model(idx[:, :count])[0][:, -1] for count in range(first, BLOCK + 1)]
        torch.testing.assert_close(torch.stack(found), torch.stack(wanted), atol=1e-5, rtol=1e-5)


@torch.no_grad()
def test_tokens_may_be_read_in_parts():
    model = random_gpt()
    idx = torch.randint(13, (2, BLOCK))
    cached = Cached(model)
    cached.read(idx[:, :4])
    torch.testing.assert_close(cached.read(idx[:, 4:]), model(idx)[0][:, -1], atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("stride", [1, 2, 3, BLOCK])
@torch.no_grad()
def test_past_the_context_a_cache_tells_what_the_model_tells_of_the_same_tokens(stride):
    model, wish = random_gpt(), Wish(stride=stride)
    idx = torch.randint(13, (2, 4 * BLOCK))
    cached = Cached(model)
    for total in range(1, 4 * BLOCK + 1):
        context = idx[:, :total][:, -wish.context_length(total, BLOCK) :]
        torch.testing.assert_close(cached.follow(context), model(context)[0][:, -1], atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("stride", [1, 3])
def test_texts_are_the_same_with_a_cache_and_without(real, stride):
    def drawn(cache):
        wish = Wish(tokens=60, samples=3, seed=2, stride=stride, top_k=5, top_p=0.9, prompt="ab", cache=cache)
        return list(make_writer(real, wish).write())

    assert drawn(True) == drawn(False)


def test_a_cache_is_kept_where_generate_is_not_the_learners(real):
    assert make_writer(real, Wish()).cached
    assert "KV cache" in make_writer(real, Wish()).means
    assert not make_writer(real, Wish(cache=False)).cached


def test_the_learners_own_generate_writes_and_is_named(lab, solve):
    solve("gpt/generate")
    run = lab.run("own", steps=5)
    lab.train(run)
    writer = make_writer(load_trained(run, "cpu"), Wish())
    assert not writer.cached
    assert writer.means.startswith("Drawn by your gpt/generate without a cache; --cache takes")


def test_a_model_of_other_parts_is_not_cached_and_says_so(lab):
    run = lab.run("other", steps=5)
    lab.train(run)
    trained = load_trained(run, "cpu")
    assert "not made of GPT-2's parts" in make_writer(trained, Wish()).means
    with pytest.raises(RunError, match="Leave --cache out"):
        make_writer(trained, Wish(cache=True))


def test_a_model_that_computes_something_else_is_not_cached():
    model = random_gpt()
    assert kv_cache.why_not(model, "cpu") == ""
    model.h[1].register_forward_hook(lambda module, inputs, output: output + 0.01 * output.relu())
    assert "something else" in kv_cache.why_not(model, "cpu")


def test_the_second_token_costs_one_tokens_work():
    """Counted in rows that the layers are given, not in seconds."""
    model = random_gpt()
    rows = []
    model.h[0].mlp.register_forward_hook(lambda module, inputs, output: rows.append(inputs[0].shape[1]))
    cached = Cached(model)
    for total in range(3, BLOCK + 2):
        cached.follow(torch.zeros(1, min(total, BLOCK), dtype=torch.long))
    assert rows == [3, 1, 1, 1, 1, 1, 1, 1, BLOCK]
