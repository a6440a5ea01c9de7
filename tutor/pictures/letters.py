"""Two pictures of a small network of names: letters as points in the plane, and the loss while the rate grows."""

from __future__ import annotations

import importlib
import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from tutor.core.picture import Lines, Picture, Point, Scatter, Series
from tutor.pictures.names import LETTERS, contexts
from tutor.pictures.network import network, train

STEPS, HIDDEN, BATCH = 1200, 64, 64
RATES = 200


def embedding(order: dict[str, Any], say: Callable[[str], None]) -> Picture:
    """A table of 27 points, trained together with a layer of tanh that guesses the next letter from three."""
    table, loss = _trained_table(say)
    points = tuple(Point(x, y, letter) for letter, (x, y) in zip(LETTERS, table.tolist(), strict=True))
    limits = [(_low(column), _high(column)) for column in table.T]
    says = (
        f"After {STEPS} steps, loss {loss:.2f}. Each letter is a point that the network may move.",
        "Letters that are used alike come to lie side by side: look for the vowels. The sign . ends a name.",
    )
    panel = Scatter("", "first number of each letter", "second number", points, limits[0], limits[1])
    return Picture("embedding", "Letters in the plane", says, "", (panel,))


def learning_rate(order: dict[str, Any], say: Callable[[str], None]) -> Picture:
    """One training in which the rate grows from 0.001 to 10: the smoothed loss of each step over log10 of the rate."""
    seen: list[tuple[float, float]] = []
    made = network(1.0, False, layers=1)
    train(made, RATES, rate_at, after=lambda step, rate, loss: seen.append((math.log10(rate), loss)))
    smooth = _smoothed([loss for _, loss in seen])
    best = min(range(len(smooth)), key=lambda n: smooth[n])
    ys = tuple(min(each, 2 * smooth[0]) for each in smooth)
    says = (
        f"The loss is lowest at a rate of {10 ** seen[best][0]:.2g}; take a third of it to be safe: "
        f"{10 ** seen[best][0] / 3:.1g}.",
        "Left of the valley the loss hardly moves, right of it training breaks (drawn up to twice the first loss).",
    )
    series = Series("loss", tuple(x for x, _ in seen), ys)
    panel = Lines("Loss while the rate grows with each step", "log10 of the learning rate", "loss", (series,))
    return Picture("learning_rate", "Finding the learning rate", says, "", (panel,))


def rate_at(step: int) -> float:
    """0.001 at the first step, 10 at the last, each the same factor above the one before."""
    return float(10 ** (-3 + 4 * step / (RATES - 1)))


def _trained_table(say: Callable[[str], None]) -> tuple[Tensor, float]:
    cross_entropy = importlib.import_module("exercises.bigram.cross_entropy").cross_entropy
    generator = torch.Generator().manual_seed(5)
    X, Y = contexts()
    table = 0.1 * torch.randn(27, 2, generator=generator)  # close together: what parts them is how they are used
    W1 = torch.randn(6, HIDDEN, generator=generator) * 5 / 3 / math.sqrt(6)
    W2 = torch.randn(HIDDEN, 27, generator=generator) * 0.1
    parameters = [table, W1, W2, torch.zeros(HIDDEN), torch.zeros(27)]
    for each in parameters:
        each.requires_grad_()
    optimizer = torch.optim.Adam(parameters, lr=0.01)
    last: list[float] = []
    for step in range(STEPS):
        batch = torch.randint(len(X), (BATCH,), generator=generator)
        hidden = torch.tanh(table[X[batch]].flatten(1) @ W1 + parameters[3])
        loss = cross_entropy(hidden @ W2 + parameters[4], Y[batch])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        last = [*last[-99:], loss.item()]
        if step % 500 == 0:
            say(f"Training: step {step} of {STEPS}")
    return table.detach(), sum(last) / len(last)


def _smoothed(losses: list[float]) -> list[float]:
    """Exponential mean, corrected for its start: single batches jump."""
    mean, found = 0.0, []
    for step, loss in enumerate(losses, 1):
        mean = 0.9 * mean + 0.1 * min(loss if math.isfinite(loss) else 1e3, 1e3)
        found.append(mean / (1 - 0.9**step))
    return found


def _low(column: Tensor) -> float:
    return float(column.min()) - 0.2


def _high(column: Tensor) -> float:
    return float(column.max()) + 0.2
