"""Pictures of the learner's Value: the graph of an expression, and slopes by nudging."""

from __future__ import annotations

import importlib
import math
from collections.abc import Callable
from typing import Any

from tutor.core.errors import PictureError
from tutor.core.picture import Graph, Lines, Node, Picture, Series, Table
from tutor.pictures.expression import MOST_NODES, Expression, parse


def value_class() -> Any:
    """The learner's Value, with backward."""
    return importlib.import_module("exercises.micrograd.backward").Value


def graph(order: dict[str, Any], say: Callable[[str], None]) -> Picture:
    """The graph of an expression with data and grad; the operands of each node in their order."""
    expression = parse(order["on"])
    root = _computed(expression, value_class())
    root.backward()
    nodes = _nodes(root)
    if len(nodes) > MOST_NODES:
        raise PictureError(f"This expression has {len(nodes)} values; {MOST_NODES} can be drawn. Take a shorter one.")
    says = (f"{expression.text} = {float(root.data):.6g}. grad says how much it would gain per unit of each value.",)
    return Picture("graph", "Computation graph", says, "", (Graph(tuple(nodes)),))


def derivative(order: dict[str, Any], say: Callable[[str], None]) -> Picture:
    """The slope of an expression at one place by ever smaller nudges, beside the one that backward finds."""
    expression = parse(order["on"])
    if len(expression.inputs) != 1:
        raise PictureError("Nudging needs exactly one number with a name. Write it like this: x=3; 3*x*x - 4*x + 5")
    Value = value_class()
    ((name, x),) = expression.inputs.items()

    def f(at: float) -> float:
        return float(expression.evaluate(Value, {name: Value(at)}).data)

    leaf = Value(x)
    expression.evaluate(Value, {name: leaf}).backward()
    grad = float(leaf.grad)
    nudges = [10.0**-n for n in range(16)]
    slopes = [(f(x + h) - f(x)) / h for h in nudges]
    rows = tuple((f"{h:.0e}", f"{s:.12g}", f"{abs(s - grad):.1e}") for h, s in zip(nudges, slopes, strict=True))
    errors = tuple(math.log10(abs(s - grad)) if s != grad else None for s in slopes)
    best = min(range(16), key=lambda n: abs(slopes[n] - grad))
    says = (
        f"At {name} = {x:g} backward finds the slope {grad:.6g}.",
        f"The best nudge is {nudges[best]:.0e}: it misses by {abs(slopes[best] - grad):.1e}.",
    )
    span = [x - 2 + 0.1 * n for n in range(41)]
    tangent = tuple(f(x) + grad * (at - x) for at in span)
    curve = Lines(
        f"{expression.text} and its tangent at {name} = {x:g}",
        name,
        "value",
        (Series("expression", tuple(span), tuple(map(f, span))), Series("tangent", tuple(span), tangent)),
    )
    logs = tuple(-float(n) for n in range(16))
    misses = Lines("How far off (log10) for a nudge h", "log10 h", "log10 error", (Series("error", logs, errors),))
    table = Table("(f(x+h) - f(x)) / h", ("h", "slope", "off by"), rows)
    return Picture("derivative", "Nudging: a slope from two values", says, "", (curve, table, misses))


def _computed(expression: Expression, Value: Any) -> Any:
    inputs = {name: Value(data) for name, data in expression.inputs.items()}
    for name, value in inputs.items():
        value.label = name
    return expression.evaluate(Value, inputs)


def _nodes(root: Any) -> list[Node]:
    """Operands before results, told apart by identity, whatever the learner's class says of equality."""
    places: dict[int, int] = {}
    nodes: list[Node] = []

    def visit(value: Any) -> int:
        if id(value) not in places:
            operands = tuple(visit(each) for each in value._prev)
            places[id(value)] = len(nodes)
            name, op = str(value.label or ""), str(value._op or "")
            nodes.append(Node(len(nodes), name, op, float(value.data), float(value.grad), operands))
        return places[id(value)]

    visit(root)
    return nodes
