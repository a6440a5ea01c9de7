"""The first names that come with the program, as numbers: 0 is `.`, the start and end of each name; 1 to 26 a to z."""

from __future__ import annotations

from importlib import resources

import torch
from torch import Tensor

LETTERS = ".abcdefghijklmnopqrstuvwxyz"


def names() -> list[str]:
    """The names, in lower case."""
    return resources.files("tutor.core").joinpath("names.txt").read_text(encoding="utf-8").split()


def pair_counts() -> Tensor:
    """How often each letter follows each: [27, 27] int64, the letter that stands first in the row."""
    counts = torch.zeros(27, 27, dtype=torch.int64)
    for name in names():
        for first, second in zip(f".{name}", f"{name}.", strict=True):
            counts[LETTERS.index(first), LETTERS.index(second)] += 1
    return counts


def contexts(length: int = 3) -> tuple[Tensor, Tensor]:
    """The letters before each letter and the letter itself: X [N, length], Y [N], both int64."""
    X, Y = [], []
    for name in names():
        window = [0] * length
        for letter in [LETTERS.index(each) for each in f"{name}."]:
            X.append(window)
            Y.append(letter)
            window = [*window[1:], letter]
    return torch.tensor(X), torch.tensor(Y)
