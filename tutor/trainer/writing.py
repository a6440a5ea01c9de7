"""Samples of a trained model, token by token.

The learner's own `generate` writes where it has passed. Else the tutor's loop does, with the same draws and a cache.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from tutor.core.errors import RunError
from tutor.trainer import kv_cache
from tutor.trainer.drawing import Shaped, draw
from tutor.trainer.kv_cache import Cached
from tutor.trainer.tokenizer import line_start
from tutor.trainer.trained import Trained
from tutor.trainer.wish import Wish

Next = Callable[[Tensor, torch.Generator], Tensor]
"""From a context [B,T] to the token [B,1] that follows."""

_GENERATE = "gpt/generate"


@dataclass(frozen=True)
class Writer:
    """Writes samples."""

    trained: Trained
    wish: Wish
    start: list[int]
    """The tokens to go on from, one at least."""
    next: Next
    cached: bool
    """Whether keys and values are kept."""
    means: str
    """Who draws the tokens, in a sentence."""

    @torch.no_grad()
    def write(self) -> Iterator[list[int]]:
        """The next token of each sample, `wish.tokens` times."""
        generator = torch.Generator(self.trained.device).manual_seed(self.wish.seed)
        idx = torch.tensor([self.start] * self.wish.samples, device=self.trained.device)
        for _ in range(self.wish.tokens):
            length = self.wish.context_length(idx.shape[1], self.trained.config.shape.block_size)
            following = self.next(idx[:, -length:], generator)
            idx = torch.cat((idx, following), dim=1)
            yield following[:, 0].tolist()


def make_writer(trained: Trained, wish: Wish) -> Writer:
    """Whoever is to write. Raises RunError for a prompt that cannot be encoded or a cache that cannot be had."""
    start = trained.tokenizer.encode(wish.prompt) or [line_start(trained.tokenizer)]
    reason = _why_no_cache(trained, wish)
    if not reason:
        means = "Drawn by the tutor's loop, which keeps keys and values (KV cache)."
        return Writer(trained, wish, start, _by_cache(trained, wish), True, means)
    whose = whose_generate(trained)
    return Writer(trained, wish, start, _by_generate(trained, wish), False, f"Drawn by {whose} without a cache{reason}")


def cache_of(trained: Trained) -> tuple[bool, str]:
    """Whether keys and values are kept where nothing is asked for, and why they cannot be kept, '' if they can."""
    trouble = kv_cache.why_not(trained.model, trained.device)
    return not trouble and not _is_own(trained), trouble


def _why_no_cache(trained: Trained, wish: Wish) -> str:
    """The end of a sentence, '' if keys and values are kept."""
    if wish.cache is False:
        return ", as asked for."
    if _is_own(trained) and wish.cache is None:
        return "; --cache takes the tutor's loop instead, which keeps keys and values."
    trouble = kv_cache.why_not(trained.model, trained.device)
    if trouble and wish.cache:
        raise RunError(f"{trained.run.name} cannot be sampled with a cache: {trouble}. Leave --cache out.")
    return f": {trouble}." if trouble else ""


def whose_generate(trained: Trained) -> str:
    """Who draws the tokens where no keys and values are kept."""
    if trained.config.reference:
        return "the tutor's plain loop"
    borrowed = _GENERATE in trained.borrowed
    return f"the course's {_GENERATE} (borrowed)" if borrowed else f"your {_GENERATE}"


def _is_own(trained: Trained) -> bool:
    return whose_generate(trained).startswith("your")


def _by_generate(trained: Trained, wish: Wish) -> Next:
    shaped, generate = Shaped(trained.model, wish).eval(), trained.parts.generate
    return lambda context, generator: generate(shaped, context, 1, generator)[:, -1:]


def _by_cache(trained: Trained, wish: Wish) -> Next:
    cache = Cached(trained.model)
    return lambda context, generator: draw(cache.follow(context), wish, generator)
