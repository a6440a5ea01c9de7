"""The network of lecture 4: three letters to the next one, through tanh layers, with the learner's BatchNorm or not.

Layers are matrices, so that every activation, gradient and update can be looked at.
"""

from __future__ import annotations

import importlib
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

from tutor.core.errors import PictureError
from tutor.pictures.names import contexts
from tutor.pictures.settings import number, read_settings, yes

EMBEDDING, HIDDEN, LAYERS, CONTEXT, LETTERS = 10, 64, 5, 3, 27
BATCH = 32


@dataclass
class Network:
    """A table of letters, hidden layers of tanh, and a last layer that makes 27 logits."""

    table: Tensor
    """[27, EMBEDDING]"""
    weights: list[Tensor]
    """[fan_in, fan_out] of each hidden layer, then of the last."""
    norms: list[Any] = field(default_factory=list)
    """The learner's BatchNorm1d before each tanh; none if it is switched off."""
    activations: list[Tensor] = field(default_factory=list)
    """[B, HIDDEN] of each tanh, from the last forward pass."""

    def forward(self, X: Tensor) -> Tensor:
        """X [B, CONTEXT] int64 to logits [B, 27]."""
        x = self.table[X].flatten(1)
        self.activations = []
        for place, weight in enumerate(self.weights[:-1]):
            x = x @ weight
            x = torch.tanh(self.norms[place](x) if self.norms else x)
            self.activations.append(x)
        return x @ self.weights[-1]

    def parameters(self) -> list[Tensor]:
        """Everything that gradient descent changes."""
        return [self.table, *self.weights, *(each for norm in self.norms for each in norm.parameters())]


def network(gain: float, batchnorm: bool, *, hidden: int = HIDDEN, layers: int = LAYERS, seed: int = 1) -> Network:
    """A fresh one: weights drawn with standard deviation gain / sqrt(fan_in); the last layer is made less sure."""
    generator = torch.Generator().manual_seed(seed)
    sizes = [EMBEDDING * CONTEXT, *[hidden] * layers, LETTERS]
    weights = []
    for fan_in, fan_out in zip(sizes, sizes[1:], strict=False):
        scale = gain if fan_out != LETTERS else 0.1
        weights.append(torch.randn(fan_in, fan_out, generator=generator) * scale / math.sqrt(fan_in))
    norms = []
    if batchnorm:
        layer = importlib.import_module("exercises.diagnostics.batchnorm_layer").BatchNorm1d
        norms = [layer(hidden) for _ in range(layers)]
    made = Network(torch.randn(LETTERS, EMBEDDING, generator=generator), weights, norms)
    for each in made.parameters():
        each.requires_grad_()
    return made


def asked(text: str) -> tuple[float, bool]:
    """Gain and batchnorm of a line such as `gain=1.667 batchnorm=no`. Raises PictureError."""
    found = read_settings(text, {"gain": "1.667", "batchnorm": "no"})
    return number("gain", found["gain"], 0.2, 5), yes("batchnorm", found["batchnorm"])


def train(
    made: Network,
    steps: int,
    rate: float | Callable[[int], float],
    *,
    after: Callable[[int, float, float], None] | None = None,
) -> float:
    """Plain gradient descent on random batches; `after` sees step, rate and loss. Returns the last loss."""
    X, Y = contexts(CONTEXT)
    cross_entropy = importlib.import_module("exercises.bigram.cross_entropy").cross_entropy
    generator = torch.Generator().manual_seed(2)
    loss_now = math.nan
    for step in range(steps):
        batch = torch.randint(len(X), (BATCH,), generator=generator)
        logits = made.forward(X[batch])
        for each in made.activations:
            each.retain_grad()
        loss = cross_entropy(logits, Y[batch])
        for parameter in made.parameters():
            parameter.grad = None
        loss.backward()
        loss_now = float(loss.item())
        now = rate(step) if callable(rate) else rate
        if after is not None:
            after(step, now, loss_now)
        with torch.no_grad():
            for parameter in made.parameters():
                if parameter.grad is None:
                    raise PictureError(
                        "A parameter got no gradient. Check that your BatchNorm keeps gamma and beta in the graph."
                    )
                parameter -= now * parameter.grad
    return loss_now
