"""The lecture's four pictures of a network in training, and the map of its saturated tanh.

Each looks at a network after 300 steps of plain gradient descent at 0.1; the saturation map at the very start.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from tutor.core.picture import Grid, Lines, Picture, Row, Series, Table
from tutor.pictures.names import contexts
from tutor.pictures.network import CONTEXT, Network, asked, network, train

STEPS, RATE, BINS = 300, 0.1, 30
SATURATED = 0.99
"""A tanh beyond that passes less than 2 % of its gradient."""
_Say = Callable[[str], None]


def activations(order: dict[str, Any], say: _Say) -> Picture:
    """Histogram of each layer's tanh outputs."""
    made, told = _trained(order, say)
    says = told, "Heaps at -1 and 1 are saturated; a peak at 0 has shrunk away. All layers should look alike."
    names = [f"layer {n + 1}" for n in range(len(made.activations))]
    curves = _histograms(names, made.activations)
    rows = [
        (name, f"{t.mean().item():+.2f}", f"{t.std().item():.2f}", f"{saturated(t):.1%}")
        for name, t in zip(names, made.activations, strict=True)
    ]
    table = Table("", ("", "mean", "std", "saturated"), tuple(rows))
    panel = Lines("How often each output occurs", "output of tanh", "density", curves)
    return Picture("activations", "Activations of each layer", says, "", (panel, table))


def gradients(order: dict[str, Any], say: _Say) -> Picture:
    """Histogram of the gradients of each layer's tanh outputs."""
    made, told = _trained(order, say)
    says = told, "All layers should agree: where the peak is narrow and high, hardly any gradient arrives."
    grads = [_grad(each) for each in made.activations]
    names = [f"layer {n + 1}" for n in range(len(grads))]
    rows = [(name, f"{g.mean().item():+.1e}", f"{g.std().item():.1e}") for name, g in zip(names, grads, strict=True)]
    panel = Lines("How often each gradient occurs", "gradient of the loss", "density", _histograms(names, grads))
    table = Table("", ("", "mean", "std"), tuple(rows))
    return Picture("gradients", "Gradients of each layer's activations", says, "", (panel, table))


def parameters(order: dict[str, Any], say: _Say) -> Picture:
    """Histogram of the gradients of each weight matrix, and their spread over that of the weights."""
    made, told = _trained(order, say)
    says = told, "Where grad/data stands out, a step changes that layer more than the others: often the last one."
    grads = [_grad(each) for each in made.weights]
    names = [*(f"layer {n + 1}" for n in range(len(grads) - 1)), "last"]
    rows = [
        (
            name,
            "×".join(map(str, w.shape)),
            f"{w.std().item():.2f}",
            f"{g.std().item():.1e}",
            f"{(g.std() / w.std()).item():.1e}",
        )
        for name, w, g in zip(names, made.weights, grads, strict=True)
    ]
    panel = Lines("How often each gradient of a weight occurs", "gradient", "density", _histograms(names, grads))
    table = Table("", ("", "shape", "data std", "grad std", "grad/data"), tuple(rows))
    return Picture("parameters", "Gradients of each layer's weights", says, "", (panel, table))


def updates(order: dict[str, Any], say: _Say) -> Picture:
    """log10 of the standard deviation of each update over that of the data, step by step."""
    made = network(*asked(order["on"]))
    ratios: list[list[float]] = [[] for _ in made.weights]

    def after(step: int, rate: float, loss: float) -> None:
        for place, weight in enumerate(made.weights):
            ratios[place].append(ratio(weight.detach(), _grad(weight), rate))
        _tell(say, step)

    loss = train(made, STEPS, RATE, after=after)
    names = [*(f"layer {n + 1}" for n in range(len(ratios) - 1)), "last"]
    series = [_smoothed(name, values) for name, values in zip(names, ratios, strict=True)]
    line = Series("healthy: -3", (0.0, float(STEPS)), (-3.0, -3.0))
    says = (_told(loss), "About -3 is healthy. Far above: the rate is too high; far below: it learns too slowly.")
    panel = Lines("log10 of update over data", "step", "log10", (*series, line))
    return Picture("updates", "Update over data, step by step", says, "", (panel,))


def saturation(order: dict[str, Any], say: _Say) -> Picture:
    """The first layer's tanh at the start: examples down, neurons across."""
    made = network(*asked(order["on"]), hidden=50, layers=1)
    X, _ = contexts(CONTEXT)
    made.forward(X[torch.randint(len(X), (20,), generator=torch.Generator().manual_seed(3))])
    tanh = made.activations[0].detach()
    values = tuple(tuple(float(each) for each in row) for row in tanh.abs().tolist())
    columns = tuple(str(n) if n % 10 == 0 else "" for n in range(tanh.shape[1]))
    rows = tuple(str(n) for n in range(len(values)))
    dead = int((tanh.abs() > SATURATED).all(dim=0).sum())
    grid = Grid("|tanh| of the first layer", values, rows, columns, 0.9, 1.0, "example", "neuron")
    says = (
        f"{saturated(tanh):.0%} of the outputs have |tanh| > {SATURATED}; {dead} of {len(columns)} neurons are dead: "
        "saturated for every example.",
        "Full is |tanh| = 1, where hardly any gradient passes; all up to 0.9 is drawn empty.",
    )
    return Picture("saturation", "Saturated tanh", says, "", (grid,))


def saturated(t: Tensor) -> float:
    """The share of outputs beyond ±0.99."""
    return float((t.abs() > SATURATED).double().mean())


def ratio(data: Tensor, grad: Tensor, rate: float) -> float:
    """log10 of std(rate · grad) / std(data)."""
    return float((rate * grad.std() / data.std()).log10())


def histogram(name: str, t: Tensor) -> Series:
    """The density of the entries: its area is 1."""
    density, edges = torch.histogram(t.detach().double().flatten(), bins=BINS, density=True)
    middles = (edges[1:] + edges[:-1]) / 2
    return Series(name, tuple(middles.tolist()), tuple(density.tolist()))


def _histograms(names: list[str], tensors: list[Tensor]) -> tuple[Series, ...]:
    return tuple(histogram(name, each) for name, each in zip(names, tensors, strict=True))


def _trained(order: dict[str, Any], say: _Say) -> tuple[Network, str]:
    gain, batchnorm = asked(order["on"])
    made = network(gain, batchnorm)
    loss = train(made, STEPS, RATE, after=lambda step, rate, now: _tell(say, step))
    return made, _told(loss)


def _told(loss: float) -> str:
    return f"After {STEPS} steps at {RATE}, loss {loss:.2f} (even guessing has 3.30)."


def _tell(say: _Say, step: int) -> None:
    if step % 50 == 0:
        say(f"Training: step {step} of {STEPS}")


def _smoothed(name: str, values: list[float], width: int = 5) -> Series:
    """Means of neighbours: single steps jump."""
    groups = [values[start : start + width] for start in range(0, len(values), width)]
    ys: Row = tuple(sum(each) / len(each) for each in groups)
    return Series(name, tuple(float(n * width) for n in range(len(groups))), ys)


def _grad(t: Tensor) -> Tensor:
    grad = t.grad
    assert grad is not None
    return grad
