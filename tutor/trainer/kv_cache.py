"""A GPT that remembers the keys and values of the tokens it has read, so that the next token costs one token's work.

It calls the model's own layers by GPT-2's names, with one attention for all of them. Positions are learned by number,
so keys and values hold for a context that grows at its end; one that loses its first tokens is read anew.
"""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812 (its usual name)
from torch import Tensor, nn

_CHECKED = 12
"""Tokens on which the cache is compared with the model."""
_TOLERANCE = 1e-3
"""Largest difference of logits, in standard deviations of the logits; float32 sums in another order differ by 1e-6."""


class Cached:
    """Reads tokens and tells what may follow them."""

    def __init__(self, model: nn.Module) -> None:
        """`model` is a GPT with the parts that the course asks for, in evaluation mode."""
        self.model: Any = model
        self._keys: list[Tensor] = []
        self._values: list[Tensor] = []
        self.length = 0
        """Tokens read so far."""

    def clear(self) -> None:
        """Forgets all tokens."""
        self._keys, self._values, self.length = [], [], 0

    def follow(self, context: Tensor) -> Tensor:
        """The whole context [B,T], as it is for the next token: the logits [B,V] of that.

        Where it is the last call's context and one token more, only that one is read. Any other must have another
        length: it has lost tokens at its beginning, which moved all the others to new positions, and is read anew.
        """
        if context.shape[1] != self.length + 1:
            self.clear()
            return self.read(context)
        return self.read(context[:, -1:])

    @torch.no_grad()
    def read(self, idx: Tensor) -> Tensor:
        """More tokens [B,T]: the logits [B,V] of what follows the last of them, as the model tells them.

        With what was read before they must fit into the context.
        """
        start, self.length = self.length, self.length + idx.shape[1]
        x = self.model.wte(idx) + self.model.wpe.weight[start : self.length]
        for number, block in enumerate(self.model.h):
            x = x + self._attend(block.attn, block.ln_1(x), number)
            x = x + block.mlp(block.ln_2(x))
        head = getattr(self.model, "lm_head", None)
        x = self.model.ln_f(x[:, -1])
        logits: Tensor = head(x) if head is not None else F.linear(x, self.model.wte.weight)
        return logits

    def _attend(self, attn: Any, x: Tensor, number: int) -> Tensor:
        """Tokens [B,T,C] hear all before them and those in the cache."""
        heads = self.model.config.n_head
        q, k, v = (part.unflatten(-1, (heads, -1)).transpose(1, 2) for part in attn.c_attn(x).chunk(3, dim=-1))
        if number == len(self._keys):  # memory for a full context at once: growing by a token copies everything
            rows = (len(x), heads, self.model.config.block_size, k.shape[-1])
            self._keys.append(k.new_empty(rows))
            self._values.append(v.new_empty(rows))
        start = self.length - x.shape[1]
        self._keys[number][:, :, start : self.length] = k
        self._values[number][:, :, start : self.length] = v
        k, v = self._keys[number][:, :, : self.length], self._values[number][:, :, : self.length]
        mask = None if x.shape[1] == 1 else torch.ones(x.shape[1], self.length, dtype=torch.bool, device=x.device)
        y = F.scaled_dot_product_attention(q, k, v, attn_mask=None if mask is None else mask.tril(start))
        projected: Tensor = attn.c_proj(y.transpose(1, 2).flatten(2))
        return projected


@torch.no_grad()
def why_not(model: Any, device: str) -> str:
    """Why the model cannot be cached, '' if it can: it is tried on a few random tokens."""
    length = min(_CHECKED, model.config.block_size)
    draw = torch.Generator().manual_seed(0)
    idx = torch.randint(model.config.vocab_size, (2, length), generator=draw).to(device)
    cached = Cached(model)
    first = (length + 1) // 2
    try:
        pairs = [(_told(model, idx[:, :first]), cached.read(idx[:, :first]))]
        for count in range(first + 1, length + 1):
            pairs.append((_told(model, idx[:, :count]), cached.read(idx[:, count - 1 : count])))
    except (AttributeError, RuntimeError, TypeError, ValueError, IndexError) as error:
        return f"the model is not made of GPT-2's parts ({error})"
    gap = max(float((theirs - ours).abs().max() / theirs.std()) for theirs, ours in pairs)
    return "" if gap < _TOLERANCE else "the model computes something else than GPT-2's parts do"


def _told(model: Any, idx: Tensor) -> Tensor:
    logits: Tensor = model(idx)[0][:, -1]
    return logits
