"""The heat map of letter pairs: counts of the shipped names through the learner's row_probs."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

from torch import Tensor

from tutor.core.picture import Grid, Picture
from tutor.pictures.names import LETTERS, names, pair_counts
from tutor.pictures.settings import number


def bigram(order: dict[str, Any], say: Callable[[str], None]) -> Picture:
    """Rows of probabilities; each entry's note says how often the pair occurs."""
    smoothing = number("The smoothing", order["on"].removeprefix("smoothing="), 0, 1e6)
    counts = pair_counts()
    probs = importlib.import_module("exercises.bigram.probs").row_probs(counts.clone(), smoothing).double()
    values = tuple(tuple(row) for row in probs.tolist())
    letters = tuple(LETTERS)
    notes = tuple(tuple(f"{count} times" for count in row) for row in counts.tolist())
    grid = Grid("", values, letters, letters, 0.0, _full(probs), "after", "comes", notes)
    likeliest = probs[0].argmax().item()
    says = (
        f"{len(names())} names. Row: the letter that stands first; column: the one that follows. Each row sums to 1.",
        f"Most names begin with {LETTERS[int(likeliest)]} ({probs[0].max().item():.1%}); . is start and end.",
    )
    return Picture("bigram", "Which letter follows which", says, "", (grid,))


def _full(probs: Tensor) -> float:
    """Full is what only one entry in forty exceeds: few pairs are that frequent, and the others should be seen too."""
    return max(probs.flatten().quantile(0.975).item(), 1e-6)
