"""A tokenizer as the `tokenizers` library's tokenizer.json, which `transformers` reads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tutor.core.errors import RunError
from tutor.trainer import byte_pairs
from tutor.trainer.tokenizer import Characters, Tokenizer


def tokenizer_json(tokenizer: Tokenizer) -> dict[str, Any]:
    """The file's content."""
    return _characters(tokenizer.vocabulary) if isinstance(tokenizer, Characters) else tokenizer.to_json()


def read_tokenizer(path: Path) -> Tokenizer:
    """The reverse. Raises RunError if the file cannot be read, or needs a package that is missing."""
    try:
        model = json.loads(path.read_text(encoding="utf-8"))["model"]
        if model["type"] != "WordLevel":
            return byte_pairs.load(path)
        return Characters("".join(sorted(model["vocab"], key=model["vocab"].__getitem__)))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RunError(f"{path} cannot be read ({error}). Start a new run with `tutor train`.") from error


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
