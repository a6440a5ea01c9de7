"""Text from a trained model."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tutor.core.errors import RunError
from tutor.core.runs import Run
from tutor.trainer.sample import SEPARATOR, Telling, main
from tutor.trainer.trained import load_trained
from tutor.trainer.wish import Wish
from tutor.trainer.writing import make_writer

PAIRS = {"ab", "ec", "id", "of", "f\n", "\na", "\ne", "\ni", "\no"}


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    """Where the run is kept that all tests here look at: it is trained once."""
    return tmp_path_factory.mktemp("shelf") / "trained"


@pytest.fixture
def trained(lab, shelf, tmp_path):
    if not shelf.exists():
        run = lab.run("trained", steps=300, eval_every=100, learning_rate=1e-2)
        lab.train(run)
        shutil.copytree(run.path, shelf)
    return Run(Path(shutil.copytree(shelf, tmp_path / "trained")))


def texts(run, **wish):
    telling = Telling(make_writer(load_trained(run, "cpu"), Wish(**wish)))
    return ["".join(telling.first()), *telling.others]


def written(run, **wish):
    (text,) = texts(run, **wish)
    return text


def test_a_seed_gives_its_text_and_another_another(trained):
    assert written(trained, seed=1, tokens=50) == written(trained, seed=1, tokens=50)
    assert written(trained, seed=1, tokens=50) != written(trained, seed=2, tokens=50)
    assert len(written(trained, tokens=50)) == 50 and written(trained, tokens=0) == ""


def test_several_samples_are_as_many_different_texts(trained):
    found = texts(trained, seed=1, tokens=50, samples=4)
    assert len(set(found)) == 4 and {len(each) for each in found} == {50}
    assert found == texts(trained, seed=1, tokens=50, samples=4)
    assert len(set(texts(trained, tokens=20, samples=3, temperature=0))) == 1


def test_the_likeliest_character_follows_at_temperature_0_and_with_top_k_1(trained):
    greedy = written(trained, prompt="ab", temperature=0, tokens=20)
    assert greedy == written(trained, prompt="ab", top_k=1, tokens=20, seed=9)
    assert greedy == written(trained, prompt="ab", top_p=1e-9, tokens=20, seed=9)
    assert greedy == written(trained, prompt="ab", temperature=1e-30, tokens=20, seed=9)
    assert {a + b for a, b in zip(greedy[::2], greedy[1::2], strict=True)} <= PAIRS


def test_a_higher_temperature_is_wilder(trained):
    def rare(temperature):
        found = texts(trained, prompt="a", tokens=50, samples=8, temperature=temperature, seed=3)
        pairs = [a + b for text in found for a, b in zip(text, text[1:], strict=False) if a in "aeio"]
        return sum(pair not in PAIRS for pair in pairs)

    assert rare(0.2) < rare(1.0) < rare(20.0)


def test_top_k_draws_from_no_more_than_k(trained):
    first = set(texts(trained, prompt="a", tokens=1, top_k=2, temperature=100.0, samples=200))
    assert len(first) == 2


def test_a_prompt_may_be_longer_than_the_context(trained):
    assert len(written(trained, prompt="abecidof\n" * 5, tokens=5)) == 5


def test_a_longer_stride_reads_a_shorter_context(trained):
    assert len(written(trained, tokens=40, stride=4)) == len(written(trained, tokens=40, stride=99)) == 40
    block = 6
    lengths = [Wish(stride=3).context_length(total, block) for total in range(1, 14)]
    assert lengths == [1, 2, 3, 4, 5, 6, 4, 5, 6, 4, 5, 6, 4]
    assert {Wish().context_length(total, block) for total in range(6, 30)} == {6}
    assert {Wish(stride=99).context_length(total, block) for total in range(7, 30)} == {1, 2, 3, 4, 5, 6}


def test_unknown_characters_are_refused_by_naming_the_allowed(trained):
    with pytest.raises(RunError, match=r"'Z' \(U\+005A\).*Allowed are: ↵abcdefio"):
        written(trained, prompt="aZb")


@pytest.mark.parametrize(
    ("wish", "remedy"),
    [
        ({"temperature": -1.0}, "Give 0 .always the likeliest. or more"),
        ({"temperature": float("nan")}, "Give 0"),
        ({"top_p": 0.0}, "Give a probability above 0"),
        ({"top_p": 1.5}, "Give a probability above 0"),
        ({"top_k": 0}, "1 or more"),
    ],
)
def test_wishes_without_sense_are_refused(wish, remedy):
    with pytest.raises(RunError, match=remedy):
        Wish(**wish)


def test_a_run_without_a_checkpoint_is_a_sentence(lab):
    with pytest.raises(RunError, match="Train it"):
        written(lab.run("empty"))


def test_an_edited_model_does_not_fit_its_checkpoint(trained):
    code = trained.code("gpt/block")
    code.write_text(code.read_text().replace("4 * config.n_embd", "5 * config.n_embd"))
    with pytest.raises(RunError, match="gpt/block was another text"):
        written(trained)


def test_stdout_is_the_texts_and_nothing_else(trained, capfdbinary):
    words = [str(trained.path), "--tokens=8", "--seed=3", "--prompt=a", "--device=cpu", "--samples=3"]
    assert main(words) == 0
    out, err = (each.decode() for each in capfdbinary.readouterr())
    expected = ["a" + each for each in texts(trained, tokens=8, seed=3, prompt="a", samples=3)]
    assert out == f"\n{SEPARATOR}\n".join(expected) + "\n"
    assert "24 tokens in 3 samples in " in err and "--seed 3" in err
    assert main([*words, "--prompt=Z"]) == 2
    assert capfdbinary.readouterr().out == b""
