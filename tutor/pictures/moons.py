"""Two moons told apart by a net made of the learner's Value, number by number, as in the first lecture."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from typing import Any

from tutor.core.errors import PictureError
from tutor.core.picture import Picture, Point, Row, Scatter
from tutor.pictures.settings import read_settings, whole
from tutor.pictures.values import value_class

POINTS, HIDDEN = 40, 8
BATCH = 20
X_LIMITS, Y_LIMITS = (-1.6, 2.6), (-1.2, 1.7)
COLUMNS, ROWS = 56, 24
"""Of the map of scores."""
Net = list[list[list[Any]]]
"""Layers of neurons of Values: the weights, then the bias."""
Data = list[tuple[float, float, float]]
"""x, y and the class, -1 or 1."""


def moons(order: dict[str, Any], say: Callable[[str], None]) -> Picture:
    """The points, and the side on which the net's score is positive."""
    steps = whole("steps", read_settings(order["on"], {"steps": "80"})["steps"], 0, 200)
    data, net = two_moons(), _net()
    for step in range(steps):
        if step % 5 == 0:
            say(f"Training: step {step} of {steps}")
        _step(net, [data[(step * BATCH + n) % len(data)] for n in range(BATCH)], 1 - 0.9 * step / steps)
    say("Drawing the boundary")
    right = sum((_score(net, x, y) > 0) == (label > 0) for x, y, label in data)
    points = tuple(Point(x, y, "x" if label > 0 else "o") for x, y, label in data)
    says = (
        f"After {steps} steps {right} of {len(data)} points lie on their side of the boundary.",
        "o and x are the two moons; the side that the net takes for x is filled.",
    )
    panel = Scatter("", "x", "y", points, X_LIMITS, Y_LIMITS, _map(net))
    return Picture("moons", "Decision boundary of the moons", says, "", (panel,))


def two_moons(seed: int = 6) -> Data:
    """Half circles of radius 1 around (0, 0) and (1, 0.5) with noise of 0.1, in mixed order."""
    draw = random.Random(seed)
    data = []
    for n in range(POINTS):
        angle, label = math.pi * draw.random(), -1.0 if n % 2 else 1.0
        x, y = math.cos(angle), math.sin(angle)
        if label > 0:
            x, y = 1 - x, 0.5 - y
        data.append((x + draw.gauss(0, 0.1), y + draw.gauss(0, 0.1), label))
    return data


def _net() -> Net:
    Value, draw = value_class(), random.Random(7)
    sizes = [2, HIDDEN, HIDDEN, 1]
    return [
        [[Value(draw.gauss(0, 1.2 / math.sqrt(fan_in))) for _ in range(fan_in)] + [Value(0.0)] for _ in range(fan_out)]
        for fan_in, fan_out in zip(sizes, sizes[1:], strict=False)
    ]


def _forward(net: Net, x: float, y: float) -> Any:
    Value = value_class()
    values = [Value(x), Value(y)]
    for layer in net:
        values = [_neuron(neuron, values) for neuron in layer]
    return values[0]


def _neuron(neuron: list[Any], inputs: list[Any]) -> Any:
    total = neuron[-1]
    for weight, value in zip(neuron, inputs, strict=False):
        total = total + weight * value
    return total.tanh()


def _step(net: Net, batch: Data, rate: float) -> None:
    """One step down the squared error; each point's graph goes backward by itself, and its gradients add up."""
    Value = value_class()
    parameters = [value for layer in net for neuron in layer for value in neuron]
    for parameter in parameters:
        parameter.grad = 0.0
    for x, y, label in batch:
        off = _forward(net, x, y) + Value(-label)
        (off * off).backward()
    for parameter in parameters:
        if not math.isfinite(parameter.grad):
            raise PictureError("A gradient is no number any more. Check your backward with larger values.")
        parameter.data -= rate * parameter.grad / len(batch)


def _score(net: Net, x: float, y: float) -> float:
    return float(_forward(net, x, y).data)


def _map(net: Net) -> tuple[Row, ...]:
    """Scores at the middles of an even grid, the first row at the top."""
    (left, right), (bottom, top) = X_LIMITS, Y_LIMITS
    xs = [left + (right - left) * (n + 0.5) / COLUMNS for n in range(COLUMNS)]
    ys = [top - (top - bottom) * (n + 0.5) / ROWS for n in range(ROWS)]
    return tuple(tuple(_score(net, x, y) for x in xs) for y in ys)
