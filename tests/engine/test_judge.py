"""The comparison: strict where a library's own would be kind."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable

import numpy
import pytest
import torch
from torch import Tensor

from tutor.kit import Mismatch, check, close, same
from tutor.probes import Unusable, changed, gradient, load, work


def doubles(*values: float) -> Tensor:
    return torch.tensor(values, dtype=torch.float64)


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        (doubles(1.0).expand(3), doubles(1.0)),
        (doubles(1.0), doubles(1.0, 1.0)),
        (doubles(1.0).reshape(1, 1), doubles(1.0)),
        (doubles(1.0).float(), doubles(1.0)),
        (doubles(math.nan), doubles(1.0)),
        (doubles(math.inf), doubles(1.0)),
        (doubles(1.0), doubles(math.inf)),
        (doubles(-math.inf), doubles(math.inf)),
        (doubles(1.0 + 1e-7), doubles(1.0)),
        (numpy.ones(1), doubles(1.0)),
        (1.0, doubles(1.0)),
        (None, doubles(1.0)),
        ([doubles(1.0)], (doubles(1.0),)),
        ((doubles(1.0),), (doubles(1.0), doubles(1.0))),
        ({"a": 1.0}, {"b": 1.0}),
        (1, 1.0),
        (True, 1),
        (math.nan, 1.0),
        (doubles(1.0), 1.0),
        (torch.tensor([1]), torch.tensor([2])),
    ],
)
def test_these_do_not_agree(actual: object, expected: object) -> None:
    with pytest.raises(Mismatch):
        close(actual, expected)


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        (doubles(1.0 + 1e-10), doubles(1.0)),
        (doubles(math.nan, math.inf), doubles(math.nan, math.inf)),
        (torch.zeros(0, 3), torch.zeros(0, 3)),
        (torch.nn.Parameter(doubles(2.0)), doubles(2.0)),
        ((1, "a", None, [doubles(1.0)]), (1, "a", None, [doubles(1.0)])),
        (1.0 + 1e-12, 1.0),
        (doubles(1000.0, 1e-9), doubles(1000.0, 0.0)),
    ],
)
def test_these_agree(actual: object, expected: object) -> None:
    close(actual, expected)


def test_the_message_names_the_entry_that_is_most_wrong() -> None:
    with pytest.raises(Mismatch) as caught:
        close(torch.tensor([[1.0, 2.0], [3.0, 9.0]]), torch.tensor([[1.0, 2.5], [3.0, 4.0]]), what="the scores")
    assert caught.value.marks == (1, 3)
    assert caught.value.difference == "The scores: 2 of 4 entries differ; most at [1, 1]: 4 expected, yours is 9."


@pytest.mark.parametrize(
    ("actual", "expected", "what", "sentence"),
    [
        (doubles(2.0).sum(), doubles(1.0).sum(), "the loss", "The loss should be 1; yours is 2."),
        (doubles(2.0), doubles(1.0), "the loss", "The loss differs at [0], its only entry: 1 expected, yours is 2."),
        (0.693147181, 0.693147179, "the loss", "The loss should be 0.693147179; yours is 0.693147181."),
        (doubles(2.0).sum(), doubles(1.0).sum(), "y", "y should be 1; yours is 2."),
        (None, 0.0, "`b.grad`", "`b.grad` should be of type float; yours is None. Was it never set?"),
        (None, 0.0, "`a + b`", "`a + b` should be of type float; yours is None. Did you forget a `return`?"),
        ({"a": 1, "b": 2}, {"a": 1}, "the names", "The names: the names are not those asked for; too many: b."),
    ],
)
def test_the_message_says_what_differs(actual: object, expected: object, what: str, sentence: str) -> None:
    with pytest.raises(Mismatch) as found:
        close(actual, expected, what=what)
    assert found.value.difference == sentence


def test_same_allows_nothing() -> None:
    with pytest.raises(Mismatch):
        same(doubles(1.0 + 1e-15), doubles(1.0))


def test_check_shows_its_sentence() -> None:
    with pytest.raises(Mismatch, match="rows sum to one"):
        check(doubles(0.5).sum() == 1, "The rows sum to one.")


def test_gradient_is_by_every_floating_tensor() -> None:
    x, index, w = doubles(1.0, 2.0), torch.tensor([1, 1]), {"w": doubles(3.0, 5.0)}
    by_x, by_w = gradient(lambda x, index, w: x[index] * w["w"], x, index, w, weights=doubles(1.0, 10.0))
    assert torch.equal(by_x, doubles(0.0, 53.0))
    assert torch.equal(by_w, doubles(2.0, 20.0))


def test_a_detached_result_has_no_gradient() -> None:
    with pytest.raises(Unusable, match="does not carry a gradient"):
        gradient(lambda x: x.detach(), doubles(1.0), weights=doubles(1.0))


def test_loaded_weights_receive_gradients_also_where_they_are_tied() -> None:
    class Tied(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.a, self.b = torch.nn.Linear(2, 2, bias=False), torch.nn.Linear(2, 2, bias=False)
            self.b.weight = self.a.weight

    def run(weight: Tensor, x: Tensor) -> Tensor:
        module = Tied().double()
        load(module, {"a.weight": weight})
        found: Tensor = module.b(module.a(x))
        return found

    weight, x, w = torch.randn(3, 2, 2, dtype=torch.float64)
    by_weight, _ = gradient(run, weight, x, weights=w)
    expected, _ = gradient(lambda weight, x: x @ weight.mT @ weight.mT, weight, x, weights=w)
    close(by_weight, expected)


def test_load_says_what_is_missing() -> None:
    with pytest.raises(Unusable, match=r"`weight` should have the shape \(3, 2\); yours has \(2, 3\)"):
        load(torch.nn.Linear(3, 2), {"weight": torch.zeros(3, 2)})
    with pytest.raises(Unusable, match="`beta`"):
        load(torch.nn.Linear(3, 2), {"beta": torch.zeros(2)})


def test_changes_in_place_are_seen_even_if_undone() -> None:
    assert changed(lambda x: x.add_(1).sub_(1), doubles(1.0)) == ["argument 1"]
    assert changed(lambda x, y: y.mul_(2), doubles(1.0), y=doubles(2.0)) == ["argument `y`"]
    assert changed(lambda x: x + 1, doubles(1.0)) == []


def defined(body: str) -> Callable[[Tensor], Tensor]:
    """A function of a learner's file."""
    names = {"torch": torch}
    exec(compile(f"def f(x):\n    {body}", "exercises/a/b.py", "exec"), names)
    return names["f"]  # type: ignore[return-value]


def test_a_loop_takes_more_work_the_larger_its_input() -> None:
    loop, whole = defined("return torch.stack([row.sum() for row in x])"), defined("return x.sum(1)")
    small, large = torch.ones(2, 2), torch.ones(5, 2)
    assert work(loop, large)[0] > work(loop, small)[0]
    assert work(whole, large) == work(whole, small)


def test_a_loop_without_tensor_operations_is_seen_with_its_line() -> None:
    loop = defined("total = 0.0\n    numbers = x.tolist()\n    for n in numbers:\n        total += n[0]\n    return x")
    (few, steps), (many, more) = work(loop, torch.ones(2, 2)), work(loop, torch.ones(5, 2))
    assert few == many
    grown = {line for (path, line, count), (_, _, before) in zip(more, steps, strict=True) if count > before}
    assert grown == {4, 5}


def test_work_leaves_a_tracer_of_the_learners_in_place() -> None:
    before = sys.gettrace()
    work(defined("return x"), torch.ones(2))
    assert sys.gettrace() is before
