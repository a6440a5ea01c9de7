"""What someone may have meant by a word that nobody knows."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(word: str, known: Iterable[str]) -> str:
    """'Did you mean …?' with the known word that is nearest; the first known words where none is near."""
    known = list(known)
    near = get_close_matches(word, known, n=1, cutoff=0.4) or [each for each in known if each.endswith(f"/{word}")]
    if near:
        return f"Did you mean {near[0]!r}?"
    return f"There are: {', '.join(known[:8])}{', …' if len(known) > 8 else ''}."
