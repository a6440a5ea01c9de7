"""What a sampling is asked for."""

from __future__ import annotations

import math
from dataclasses import dataclass

from tutor.core.errors import RunError


@dataclass(frozen=True)
class Wish:
    """What to write. Raises RunError, with the remedy, for numbers that make no sense."""

    prompt: str = ""
    tokens: int = 500
    """To add to each sample."""
    samples: int = 1
    """Written side by side, as one batch."""
    temperature: float = 1.0
    """Logits are divided by it. Below 1: safer; above: wilder; 0: always the likeliest, nothing is drawn."""
    top_k: int | None = None
    """Only the so many likeliest tokens are drawn."""
    top_p: float | None = None
    """Only the likeliest tokens that together have this probability are drawn, at least one."""
    seed: int = 0
    """The same seed with the same number of samples gives the same texts."""
    stride: int = 1
    """Tokens forgotten at once when the context is full."""
    cache: bool | None = None
    """Whether to keep keys and values; None: where `generate` is not the learner's own."""

    def __post_init__(self) -> None:
        if not (math.isfinite(self.temperature) and self.temperature >= 0):
            raise RunError(f"--temperature is {self.temperature}. Give 0 (always the likeliest) or more; 1 is usual.")
        if self.top_k is not None and self.top_k < 1:
            raise RunError(f"--top-k is {self.top_k}. Give how many tokens may be drawn, 1 or more.")
        if self.top_p is not None and not 0 < self.top_p <= 1:
            raise RunError(f"--top-p is {self.top_p}. Give a probability above 0, 1 at most; 0.9 is usual.")
        if self.tokens < 0 or self.samples < 1:
            raise RunError(f"{self.samples} samples of {self.tokens} tokens cannot be written. Give 1 and 0 or more.")

    def context_length(self, total: int, block_size: int) -> int:
        """How many of the last tokens the model reads when there are `total` (at least 1) of them.

        All of them, as long as they fit. Then `stride` are forgotten at once, and the context grows full again. With
        a stride of 1 it is always the last block_size tokens.
        """
        if total <= block_size:
            return total
        stride = min(self.stride, block_size)
        return block_size - stride + 1 + (total - block_size - 1) % stride
