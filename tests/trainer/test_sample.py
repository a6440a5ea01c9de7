"""Text from a trained model."""

from __future__ import annotations

import pytest

from tutor.core.errors import RunError
from tutor.trainer import devices
from tutor.trainer.sample import Wish, write


@pytest.fixture
def trained(lab):
    run = lab.run("trained", steps=300, eval_every=100, learning_rate=1e-2)
    lab.train(run)
    return run


def written(run, **wish):
    return "".join(write(run, Wish(**wish), devices.choose("cpu", 8)))


def test_a_seed_gives_its_text_and_another_another(trained):
    assert written(trained, seed=1, tokens=50) == written(trained, seed=1, tokens=50)
    assert written(trained, seed=1, tokens=50) != written(trained, seed=2, tokens=50)
    assert len(written(trained, tokens=50)) == 50 and written(trained, tokens=0) == ""


def test_the_likeliest_character_follows_at_temperature_0_and_with_top_k_1(trained):
    greedy = written(trained, prompt="ab", temperature=0, tokens=20)
    assert greedy == written(trained, prompt="ab", top_k=1, tokens=20, seed=9)
    assert {a + b for a, b in zip(greedy[::2], greedy[1::2], strict=True)} <= {
        "ab",
        "ec",
        "id",
        "of",
        "f\n",
        "\na",
        "\ne",
        "\ni",
        "\no",
    }


def test_a_higher_temperature_is_wilder(trained):
    def rare(temperature):
        text = written(trained, prompt="a", tokens=400, temperature=temperature, seed=3)
        return sum(
            pair not in "ab ec id of" for pair in (a + b for a, b in zip(text, text[1:], strict=False) if a in "aeio")
        )

    assert rare(0.2) < rare(1.0) < rare(20.0)


def test_top_k_draws_from_no_more_than_k(trained):
    first = {written(trained, prompt="a", tokens=1, top_k=2, temperature=100.0, seed=seed) for seed in range(60)}
    assert len(first) == 2


def test_a_prompt_may_be_longer_than_the_context(trained):
    assert len(written(trained, prompt="abecidof\n" * 5, tokens=5)) == 5


def test_unknown_characters_are_refused_by_naming_the_allowed(trained):
    with pytest.raises(RunError, match=r"'Z' \(U\+005A\).*Allowed are: ↵abcdefio"):
        written(trained, prompt="aZb")


def test_a_run_without_a_checkpoint_is_a_sentence(lab):
    with pytest.raises(RunError, match="Train it"):
        written(lab.run("empty"))


def test_an_edited_model_does_not_fit_its_checkpoint(trained):
    code = trained.code("gpt/block")
    code.write_text(code.read_text().replace("4 * config.n_embd", "5 * config.n_embd"))
    with pytest.raises(RunError, match="gpt/block was another text"):
        written(trained)
