"""Graphs and slopes, held against torch and against school."""

from __future__ import annotations

import math

import pytest
import torch

from tutor.core.errors import PictureError
from tutor.pictures.expression import parse

EXPRESSIONS = [
    ("a=2; b=-3; c=10; f=-2; (a*b + c)*f", lambda a, b, c, f: (a * b + c) * f),
    ("x=0.5; y=-1.5; n = x*y - x; o = tanh(n); o*o + x", lambda x, y: torch.tanh(x * y - x) ** 2 + x),
    ("a=3; a + a", lambda a: a + a),
    ("a=-2; -(a*a) - 4", lambda a: -(a * a) - 4),
]


@pytest.mark.parametrize(("text", "formula"), EXPRESSIONS)
def test_data_and_grad_are_those_of_torch(paint, text, formula):
    (graph,) = paint("graph", text).panels
    inputs = {name: torch.tensor(value, dtype=torch.float64, requires_grad=True)
              for name, value in parse(text).inputs.items()}  # fmt: skip
    result = formula(*inputs.values())
    result.backward()
    assert graph.nodes[-1].data == pytest.approx(result.item())
    assert graph.nodes[-1].grad == 1.0
    grads = {node.name: node.grad for node in graph.nodes if not node.operands and node.name}
    assert grads == pytest.approx({name: each.grad.item() for name, each in inputs.items()})


def test_a_value_used_twice_is_one_node_with_two_lines(paint):
    (graph,) = paint("graph", "a=3; a + a").panels
    assert [node.name or node.op for node in graph.nodes] == ["a", "+"]
    assert graph.nodes[-1].operands == (0, 0)


def test_steps_in_between_keep_their_names(paint):
    (graph,) = paint("graph", "a=1; b = a*2; c = b+b").panels
    assert [node.name for node in graph.nodes if node.op] == ["b", "c"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "nothing to compute"),
        ("a=1", "nothing to compute"),
        ("a + b", "'a' has no value"),
        ("a=1; a/2", "more than a Value knows"),
        ("a=1; a**2", "more than a Value knows"),
        ("a=1; __import__('os').system('true')", "more than a Value knows"),
        ("a=1; a.data", "more than a Value knows"),
        ("import os", "is no expression"),
        ("a=1; (a", "cannot be read"),
        ("a=1; a\x00", "cannot be read"),
        ("a=1;" + "a+" * 300 + "a", "too many parts"),
        ("a=1;" + "(" * 5000 + "a", "cannot be read"),
    ],
)
def test_what_is_no_expression_is_told_with_an_example(text, told):
    with pytest.raises(PictureError, match=told):
        parse(text)


def test_nudging_comes_close_to_the_slope_and_then_drowns_in_rounding(paint):
    made = paint("derivative", "x=3; 3*x*x - 4*x + 5")
    _, table, misses = made.panels
    assert "the slope 14" in made.says[0]  # 6x - 4
    by_nudge = {row[0]: float(row[1]) for row in table.rows}
    assert by_nudge["1e+00"] == pytest.approx(17)  # 6x - 4 + 3h
    assert by_nudge["1e-06"] == pytest.approx(14, abs=1e-4)
    errors = dict(zip(misses.series[0].xs, misses.series[0].ys, strict=True))
    assert errors[-1.0] == pytest.approx(math.log10(0.3), abs=1e-6)
    assert min(errors, key=lambda x: errors[x]) in (-7.0, -8.0, -9.0)
    assert errors[-15.0] > errors[-8.0]


def test_nudging_needs_one_number(paint):
    with pytest.raises(PictureError, match="exactly one number"):
        paint("derivative", "x=1; y=2; x*y")


def test_moons_the_map_of_scores_agrees_with_the_points(paint):
    made = paint("moons", "steps=30")
    (panel,) = made.panels
    (left, right), (low, high) = panel.x_limits, panel.y_limits

    def score(point):
        row = panel.scores[int((high - point.y) / (high - low) * len(panel.scores))]
        return row[int((point.x - left) / (right - left) * len(row))]

    agree = sum((score(each) > 0) == (each.sign == "x") for each in panel.points)
    assert len(panel.points) == 40
    assert agree >= 34  # half by guessing; a point beside the boundary may fall into a cell of the other side
    assert int(made.says[0].split()[3]) >= 36
