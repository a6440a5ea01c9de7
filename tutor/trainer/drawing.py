"""From logits to the next token: temperature, top-k, top-p, and the draw."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from tutor.trainer.wish import Wish


def shaped(logits: Tensor, wish: Wish) -> Tensor:
    """Logits [..., V] over the temperature; those that must not be drawn at -inf.

    Top-k comes before top-p, which looks at the probabilities of what is left (nucleus sampling: Holtzman et al.,
    2020).
    """
    top_k = 1 if wish.temperature == 0 else wish.top_k
    if wish.temperature != 0:  # from the largest down, so that a tiny temperature makes no infinities
        logits = (logits - logits.max(-1, keepdim=True).values) / wish.temperature
    if top_k is not None and top_k < logits.shape[-1]:
        kept = logits.topk(top_k, dim=-1)
        logits = torch.full_like(logits, -torch.inf).scatter(-1, kept.indices, kept.values)
    if wish.top_p is not None and wish.top_p < 1:
        logits = _nucleus(logits, wish.top_p)
    return logits


def draw(logits: Tensor, wish: Wish, generator: torch.Generator) -> Tensor:
    """One token [B,1] for each row of logits [B,V]."""
    return torch.multinomial(shaped(logits, wish).softmax(-1), 1, generator=generator)


class Shaped(nn.Module):
    """A model with shaped logits, for a `generate` to draw from; all else is the model's own."""

    def __init__(self, model: nn.Module, wish: Wish) -> None:
        super().__init__()
        self.model, self.wish = model, wish

    def __getattr__(self, name: str) -> Tensor | nn.Module:
        """Such as `config`, which `generate` asks for its block size."""
        try:
            return super().__getattr__(name)
        except AttributeError:
            found: Tensor | nn.Module = getattr(super().__getattr__("model"), name)
            return found

    def forward(self, idx: Tensor, targets: Tensor | None = None) -> tuple[Tensor, Tensor | None]:
        """The model's answer with its logits shaped."""
        logits, loss = self.model(idx, targets)
        return shaped(logits, self.wish), loss


def _nucleus(logits: Tensor, top_p: float) -> Tensor:
    """-inf for all but the likeliest that reach top_p together: one is kept if those before it do not reach it."""
    ordered, order = logits.sort(stable=True, dim=-1, descending=True)
    probabilities = ordered.softmax(-1)
    reached = probabilities.cumsum(-1) - probabilities >= top_p
    reached[..., 0] = False
    return torch.full_like(logits, -torch.inf).scatter(-1, order, ordered.masked_fill(reached, -torch.inf))
