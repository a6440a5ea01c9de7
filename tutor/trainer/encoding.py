"""A text as numbers in a file, written piece by piece and read where it lies: memory stays flat for any length."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from tutor.core.run_config import TokensRecord
from tutor.trainer.byte_pairs import BytePairs
from tutor.trainer.text import Text
from tutor.trainer.tokenizer import Characters, Tokenizer

Tell = Callable[[str], object]

_CODES = 0x110000
"""Unicode's code points."""
_TALK_SECONDS = 10.0
_HASHED = 1 << 22
"""Bytes that are hashed at once."""


def alphabet(pieces: Iterable[str]) -> str:
    """All characters of a text, in the order of their code points."""
    seen = np.zeros(_CODES, dtype=bool)
    for piece in pieces:
        seen[_codes(piece)] = True
    return "".join(map(chr, np.flatnonzero(seen)))


def write_tokens(text: Text, tokenizer: Tokenizer, path: Path, characters: int, tell: Tell) -> tuple[int, str, str]:
    """Writes the text's tokens: returns their number, their type and the file's SHA-256. Raises OSError.

    `characters` is how long the text is, to tell how far it is.
    """
    dtype = "uint8" if tokenizer.size <= 1 << 8 else "uint16" if tokenizer.size <= 1 << 16 else "int32"
    digest, count, done, told = hashlib.sha256(), 0, 0, time.monotonic()
    encode = _by_table(tokenizer) if isinstance(tokenizer, Characters) else _by_pairs(tokenizer)
    with path.open("wb") as file:
        for piece in _at_lines(text.pieces()):
            data = encode(piece).astype(dtype)
            file.write(data.tobytes())
            digest.update(data.tobytes())
            count, done = count + len(data), done + len(piece)
            if time.monotonic() > told + _TALK_SECONDS:
                told = time.monotonic()
                tell(f"Turning the text into numbers: {100 * done // characters} % done.")
    return count, dtype, digest.hexdigest()


def map_tokens(path: Path, record: TokensRecord) -> Tensor:
    """The file as a tensor [N] that is read from the disk where it is looked at."""
    dtype: torch.dtype = getattr(torch, record.dtype)
    return torch.from_file(str(path), shared=False, size=record.count, dtype=dtype)


def file_sha256(path: Path) -> str:
    """Of a file of any length. Raises OSError."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while data := file.read(_HASHED):
            digest.update(data)
    return digest.hexdigest()


def _codes(piece: str) -> np.ndarray:
    return np.frombuffer(piece.encode("utf-32-le"), dtype=np.uint32)


def _by_table(tokenizer: Characters) -> Callable[[str], np.ndarray]:
    table = np.zeros(_CODES, dtype=np.int32)
    table[_codes(tokenizer.vocabulary)] = np.arange(tokenizer.size)
    return lambda piece: table[_codes(piece)]


def _by_pairs(tokenizer: BytePairs) -> Callable[[str], np.ndarray]:
    return lambda piece: np.array(tokenizer.encode_lines(piece), dtype=np.int64)


def _at_lines(pieces: Iterable[str]) -> Iterator[str]:
    """The same text in pieces that end with a line where they can."""
    held = ""
    for piece in pieces:
        whole, end, rest = (held + piece).rpartition("\n")
        if end:
            yield whole + end
        elif len(rest) > 2 * len(piece):  # a line without an end
            yield rest
            rest = ""
        held = rest
    if held:
        yield held
