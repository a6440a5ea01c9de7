"""Byte-level BPE, by the library tokenizers: tokens are runs of bytes that are frequent in the text that is learnt.

Any text can be encoded, since each single byte is a token too. Words are cut as GPT-2 cuts them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tutor.core.errors import RunError

if TYPE_CHECKING:
    import tokenizers

USUAL = 1024
"""Tokens that are found where nothing else is asked for."""
_LEARNT = 100
"""Pieces of a text, of about a megabyte each, that pairs are looked for in; more would change little."""
_BATCH = 1 << 16
"""Characters that one thread encodes at once."""


class BytePairs:
    """Turns text into byte pairs and back."""

    def __init__(self, library: tokenizers.Tokenizer) -> None:
        self._library = library

    @property
    def size(self) -> int:
        """How many tokens there are."""
        return self._library.get_vocab_size()

    def encode(self, text: str) -> list[int]:
        """The text's tokens."""
        return self._library.encode(text).ids

    def decode(self, tokens: Iterable[int]) -> str:
        """The reverse; bytes that are no whole character become U+FFFD."""
        return self._library.decode(list(tokens), skip_special_tokens=False)

    def encode_lines(self, text: str) -> list[int]:
        """The tokens of a long text, by all cores; it is cut at ends of lines, and no token reaches over a cut."""
        parts = self._library.encode_batch_fast(list(_batches(text)))
        return [token for part in parts for token in part.ids]

    def to_json(self) -> dict[str, Any]:
        """The content of tokenizer.json."""
        data: dict[str, Any] = json.loads(self._library.to_str())
        return data


def learn(pieces: Iterable[str], vocab_size: int) -> BytePairs:
    """The most frequent byte pairs of a text, until there are `vocab_size` tokens or no pair is left."""
    library = _library()
    found = library.Tokenizer(library.models.BPE())
    found.pre_tokenizer = library.pre_tokenizers.ByteLevel(add_prefix_space=False)
    found.decoder = library.decoders.ByteLevel()
    alphabet = library.pre_tokenizers.ByteLevel.alphabet()
    trainer = library.trainers.BpeTrainer(vocab_size=vocab_size, initial_alphabet=alphabet, show_progress=False)
    found.train_from_iterator(islice(pieces, _LEARNT), trainer)
    return BytePairs(found)


def load(path: Path) -> BytePairs:
    """The tokenizer of a tokenizer.json. Raises RunError if it cannot be read."""
    library = _library()
    try:
        return BytePairs(library.Tokenizer.from_file(str(path)))
    except Exception as error:  # the library raises nothing narrower
        raise RunError(f"{path} cannot be read ({error}). Start a new run with `tutor train`.") from error


def _batches(text: str) -> Iterator[str]:
    start = 0
    while start < len(text):
        end = text.find("\n", start + _BATCH) + 1 or len(text)
        yield text[start:end]
        start = end


def _library() -> Any:
    try:
        import tokenizers
        import tokenizers.decoders
        import tokenizers.models
        import tokenizers.pre_tokenizers
        import tokenizers.trainers
    except ImportError as error:
        raise RunError(
            "Byte pairs need the package tokenizers, which is not installed. Install it with `pip install tokenizers`, "
            "or train on characters with --tokenizer char."
        ) from error
    return tokenizers
