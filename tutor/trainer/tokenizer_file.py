"""A tokenizer as the `tokenizers` library's tokenizer.json, which `transformers` reads."""

from __future__ import annotations

from typing import Any

from tutor.trainer.tokenizer import Characters, Tokenizer


def tokenizer_json(tokenizer: Tokenizer) -> dict[str, Any]:
    """The file's content."""
    assert isinstance(tokenizer, Characters)
    return _characters(tokenizer.vocabulary)


def _characters(vocabulary: str) -> dict[str, Any]:
    """Each character is a word. There is no word for unknown ones, so those are an error and not another character."""
    every_one = {"type": "Split", "pattern": {"Regex": r"[\s\S]"}, "behavior": "Isolated", "invert": False}
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [],
        "normalizer": None,
        "pre_tokenizer": every_one,
        "post_processor": None,
        "decoder": {"type": "Fuse"},
        "model": {
            "type": "WordLevel",
            "vocab": {character: number for number, character in enumerate(vocabulary)},
            "unk_token": "",
        },
    }
