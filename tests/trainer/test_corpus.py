"""A text as numbers: characters, byte pairs, and texts that are read where they lie."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace

import pytest
import torch

from tutor.core import launch
from tutor.core.errors import RunError
from tutor.trainer import byte_pairs, corpus, encoding, learner, text_files
from tutor.trainer import text as text_module
from tutor.trainer.corpus import open_corpus, tokenizer_of
from tutor.trainer.text import default_cache
from tutor.trainer.tokenizer import Characters, Decoder
from tutor.trainer.trained import load_trained
from tutor.trainer.wish import Wish
from tutor.trainer.writing import make_writer

ODD = "grüße, \t world\n\n\n  tabs\r and 🙂🙂 emoji\nno end of line"


def opened(run):
    config = run.config()
    return open_corpus(run, config, learner.load_parts(run, config), lambda _: None)


@pytest.fixture
def bpe(lab):
    run = lab.run("bpe")
    run.save_config(replace(run.config(), tokenizer="bpe", asked_vocab=300))
    return run


def test_byte_pairs_come_back_as_the_text_they_were():
    found = byte_pairs.learn([ODD] * 3, 400)
    assert found.decode(found.encode(ODD)) == ODD
    assert found.decode(found.encode("never seen: ਊ€ \0")) == "never seen: ਊ€ \0"
    assert 256 < found.size <= 400
    assert len(found.encode(ODD)) < len(ODD.encode())


def test_a_character_of_several_tokens_comes_out_whole():
    found = byte_pairs.learn(["ab"], 257)
    decoder, tokens = Decoder(found), found.encode("ä🙂!")
    said = [decoder.add(token) for token in tokens]
    assert [each for each in said if each] == ["ä", "🙂", "!"] and decoder.end() == ""
    assert "".join(decoder.add(token) for token in tokens[:1]) + decoder.end() == "\ufffd"


def test_bytes_that_are_no_character_do_not_hold_up_what_follows():
    found = byte_pairs.learn(["ab"], 257)
    broken = found.encode("🙂")[:1] * 9 + found.encode("b")
    decoder = Decoder(found)
    assert ("".join(decoder.add(token) for token in broken) + decoder.end()).endswith("b")


def test_a_run_in_byte_pairs_trains_samples_and_is_the_same_text(lab, bpe):
    assert lab.train(bpe) is True
    config = bpe.config()
    assert config.tokens is not None and config.vocabulary == "" and 256 < config.vocab_size <= 300
    found = opened(bpe)
    tokenizer = tokenizer_of(bpe, config)
    whole = torch.cat((found.train, found.val)).tolist()
    assert tokenizer.decode(whole) == lab.text.read_text(encoding="utf-8")
    assert not bpe.text.exists()

    trained = load_trained(bpe, "cpu")
    writer = make_writer(trained, Wish(prompt="ab€", tokens=20))
    assert trained.tokenizer.decode(writer.start) == "ab€"
    assert len(list(writer.write())) == 20
    assert "a token, " in bpe.last_log()


def test_byte_pairs_that_were_found_once_are_taken_from_the_cache(lab, bpe, monkeypatch):
    opened(bpe)
    monkeypatch.setattr(byte_pairs, "learn", None)
    again = lab.run("again")
    again.save_config(replace(again.config(), tokenizer="bpe", asked_vocab=300))
    assert torch.equal(opened(again).train, opened(bpe).train)
    assert again.tokens.stat().st_ino == bpe.tokens.stat().st_ino

    (kept,) = default_cache().glob("tokens/*.bin")
    kept.unlink()
    kept.write_bytes(b"torn")
    other = lab.run("other")
    other.save_config(replace(other.config(), tokenizer="bpe", asked_vocab=300))
    with pytest.raises(TypeError, match="not callable"):  # it looks for pairs again
        opened(other)


def test_a_text_that_was_changed_since_is_refused(bpe):
    opened(bpe)
    data = bytearray(bpe.tokens.read_bytes())
    data[7] ^= 1
    bpe.tokens.unlink()
    bpe.tokens.write_bytes(data)
    with pytest.raises(RunError, match="was changed since the run began"):
        opened(bpe)


def test_byte_pairs_without_their_package_are_a_sentence(bpe, monkeypatch):
    monkeypatch.setitem(sys.modules, "tokenizers", None)
    with pytest.raises(RunError, match="pip install tokenizers"):
        opened(bpe)


@pytest.mark.parametrize(("options", "remedy"), [({"vocab": 500}, "add --tokenizer bpe"), ({"vocab": 9}, "Give more")])
def test_tokens_that_cannot_be_are_refused_before_a_run_is_laid_out(lab, options, remedy):
    order = launch.Order(text=str(lab.text), tokenizer="char" if options["vocab"] == 500 else "bpe", **options)
    with pytest.raises(RunError, match=remedy):
        launch.prepare_run(lab.place, lab.progress, order)


def test_a_large_text_is_the_same_numbers_as_a_small_one(lab, monkeypatch):
    small = lab.run("small")
    before = opened(small)
    monkeypatch.setattr(text_module, "LARGE_BYTES", 100)
    monkeypatch.setattr(text_files, "_PIECE", 97)
    large = lab.run("large")
    after = opened(large)
    assert after.train.dtype == torch.uint8 and before.train.dtype == torch.int64
    assert torch.equal(after.train.long(), before.train) and torch.equal(after.val.long(), before.val)
    assert after.config.vocabulary == before.config.vocabulary
    assert after.config.text == before.config.text

    lab.train(small)
    lab.train(large)
    assert lab.losses(small) == lab.losses(large)
    assert load_trained(large, "cpu").tokenizer.encode("ab") == [1, 2]
    assert "too large for char_corpus" in large.last_log()


def test_many_characters_take_two_bytes_each(tmp_path):
    text = text_module.Text("t", "o", "".join(map(chr, range(0x4E00, 0x4E00 + 700))) + "🙂")
    tokenizer = Characters(encoding.alphabet(text.pieces()))
    count, dtype, _ = encoding.write_tokens(text, tokenizer, tmp_path / "t", 701, print)
    assert (count, dtype, tokenizer.size) == (701, "uint16", 701)
    record = corpus.TokensRecord(count, dtype, "", "")
    assert encoding.map_tokens(tmp_path / "t", record).tolist() == list(range(701))


@pytest.mark.skipif(sys.platform == "win32", reason="the resource module is POSIX")
def test_memory_stays_flat_for_a_large_file(lab, tmp_path):
    """64 MB are encoded and drawn from in less memory than any half of them would take."""
    path = tmp_path / "large.txt"
    block = "".join(f"{number} bottles of something on a wall\n" for number in range(27_000))
    with path.open("w", encoding="utf-8") as file:
        for _ in range(64):
            file.write(block)
    run = lab.run("large")
    run.save_config(replace(run.config(), asked_text=str(path)))
    code = """
import json, resource, sys
from pathlib import Path
import torch
from tutor.core.runs import Run
from tutor.trainer import corpus, learner
run = Run(Path(sys.argv[1]))
config = run.config()
parts = learner.load_parts(run, config)
parts.get_batch(torch.zeros(100, dtype=torch.uint8), 8, 2, torch.Generator())
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
found = corpus.open_corpus(run, config, parts, print)
for _ in range(20):
    parts.get_batch(found.train, 8, 4, torch.Generator())
grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
print(json.dumps([grown, len(found.train) + len(found.val)]))
"""
    done = subprocess.run([*lab.python, "-c", code, str(run.path)], capture_output=True, encoding="utf-8", check=True)
    grown, count = json.loads(done.stdout.splitlines()[-1])
    unit = 1 if sys.platform == "darwin" else 1024
    assert count == path.stat().st_size > 60_000_000
    assert grown * unit < 32_000_000
