"""How fast a model wrote with a KV cache and without, so that one sees what it buys."""

from __future__ import annotations

from tutor.core.playing import Ask


class Paces:
    """Tokens a second of finished texts; those with another length or number of samples are not compared."""

    def __init__(self) -> None:
        self.now = 0.0
        """Of what is being written."""
        self._kept: dict[tuple[int, int, bool], float] = {}

    def add(self, ask: Ask, *, cached: bool) -> None:
        """The text is finished."""
        self._kept[(ask.tokens, ask.samples, cached)] = self.now

    def told(self, ask: Ask) -> str:
        """'with cache 2,000, without 400 tokens/s: 5.0 times as fast'; '' until both are known."""
        kept, bare = (self._kept.get((ask.tokens, ask.samples, cached)) for cached in (True, False))
        if not kept or not bare:
            return ""
        return f"with the cache {kept:,.0f}, without {bare:,.0f} tokens/s: {kept / bare:.1f} times as fast"
