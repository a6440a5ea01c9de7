"""The text that a run learns, as numbers of two splits.

A text of usual size is kept in the run's folder and turned into numbers by the model's own char_corpus. One that is too
large for that, and one in byte pairs, is encoded once by the tutor into the run's tokens.bin, which is mapped into
memory. What was encoded is kept in the cache too, for the next run.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace

from torch import Tensor

from tutor.core.atomic import write_atomically
from tutor.core.errors import RunError
from tutor.core.run_config import RunConfig, TextRecord, TokensRecord
from tutor.core.runs import Run
from tutor.trainer import byte_pairs, encoding
from tutor.trainer.learner import Parts
from tutor.trainer.text import Text, find_text
from tutor.trainer.token_shelf import Shelf
from tutor.trainer.tokenizer import Characters, Tokenizer
from tutor.trainer.tokenizer_file import read_tokenizer, tokenizer_json

Tell = Callable[[str], object]

TRAIN_FRACTION = 0.9
"""As in the exercise gpt/get_batch; the rest is for validation."""


@dataclass(frozen=True)
class Corpus:
    """What is trained on."""

    config: RunConfig
    """With all that was found: the text, the tokens, their number."""
    train: Tensor
    """Tokens [N]; of a small type where they lie on the disk."""
    val: Tensor


def open_corpus(run: Run, config: RunConfig, parts: Parts, tell: Tell) -> Corpus:
    """The run's text, found when it first starts. Raises RunError if it cannot be read or was changed since."""
    if config.text is None:
        try:
            config = _begin(run, config, tell)
        except OSError as error:
            raise RunError(f"The text cannot be kept in {run.path} ({error}). Make room, then start again.") from error
        run.save_config(config)
    if config.tokens is not None:
        data = _mapped(run, config.tokens)
        cut = int(TRAIN_FRACTION * len(data))
        return Corpus(config, data[:cut], data[cut:])
    assert config.text is not None
    train, val, stoi, itos = parts.char_corpus(_content(run, config.text))
    vocabulary = "".join(itos[number] for number in range(len(stoi)))
    return Corpus(replace(config, vocabulary=vocabulary, vocab_size=len(vocabulary)), train, val)


def tokenizer_of(run: Run, config: RunConfig) -> Tokenizer:
    """What the run's tokens mean. Raises RunError if its tokenizer.json cannot be read."""
    return read_tokenizer(run.tokenizer) if config.tokens else Characters(config.vocabulary)


def _begin(run: Run, config: RunConfig, tell: Tell) -> RunConfig:
    text = find_text(config.asked_text)
    config = replace(config, text=text.record)
    if config.tokenizer == "char" and not text.files:
        run.text.write_bytes(text.content.encode())
        return config
    shelf = Shelf.of(config)
    tokens = shelf.take(run)
    if tokens is None:
        tokens = _encode(run, config, text, tell)
        shelf.give(run, tokens)
    tokenizer = tokenizer_of(run, replace(config, tokens=tokens))
    vocabulary = tokenizer.vocabulary if isinstance(tokenizer, Characters) else ""
    return replace(config, tokens=tokens, vocabulary=vocabulary, vocab_size=tokenizer.size)


def _encode(run: Run, config: RunConfig, text: Text, tell: Tell) -> TokensRecord:
    """Writes tokenizer.json and tokens.bin. Raises OSError."""
    assert config.text is not None
    tokenizer: Tokenizer
    if config.tokenizer == "bpe":
        tell("Looking for frequent byte pairs.")
        tokenizer = byte_pairs.learn(text.pieces(), config.asked_vocab or byte_pairs.USUAL)
    else:
        tokenizer = Characters(encoding.alphabet(text.pieces()))
    write_atomically(run.tokenizer, json.dumps(tokenizer_json(tokenizer), ensure_ascii=False) + "\n")
    part = run.tokens.with_suffix(".part")
    count, dtype, sha256 = encoding.write_tokens(text, tokenizer, part, config.text.characters, tell)
    part.replace(run.tokens)
    return TokensRecord(count, dtype, sha256, encoding.file_sha256(run.tokenizer))


def _mapped(run: Run, record: TokensRecord) -> Tensor:
    try:
        unchanged = encoding.file_sha256(run.tokens) == record.sha256
        unchanged = unchanged and encoding.file_sha256(run.tokenizer) == record.tokenizer_sha256
    except OSError as error:
        raise RunError(f"{error.filename} cannot be read ({error.strerror}). Start a new run.") from error
    if not unchanged:
        raise RunError(f"{run.tokens} was changed since the run began. Start a new run with `tutor train`.")
    return encoding.map_tokens(run.tokens, record)


def _content(run: Run, record: TextRecord) -> str:
    try:
        content = run.text.read_bytes().decode()
    except OSError as error:
        raise RunError(f"{run.text} cannot be read ({error.strerror}). Start a new run.") from error
    if hashlib.sha256(content.encode()).hexdigest() != record.sha256:
        raise RunError(f"{run.text} was changed since the run began. Start a new run with `tutor train`.")
    return content
