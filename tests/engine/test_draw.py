"""Drawing: the same seed gives the same cases; shapes are shared, distinct, and sometimes square; cases shrink."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch
from hypothesis import strategies as st

from tutor.grader.shrink import draw_cases, smallest
from tutor.kit import close, counts, dim, indices, prop, tensor
from tutor.kit.declare import Property
from tutor.kit.draw import Case, Drawn, evaluate


def declared(**arguments: Any) -> Property:
    def body(you: object, **drawn: object) -> None:
        "Something."

    body.__signature__ = None  # type: ignore[attr-defined]
    return Property("something", "Something.", body, arguments, tuple(arguments), None)


BATCH = declared(x=tensor("B T C"), w=tensor("C 4*C"), ids=indices("B T", below="V"), eps=st.floats(0.1, 1))


def test_the_same_seed_gives_the_same_cases() -> None:
    first, again, other = (draw_cases(BATCH, 20, seed) for seed in (1, 1, 2))
    assert [each.key() for each in first] == [each.key() for each in again]
    assert [each.key() for each in first] != [each.key() for each in other]
    for left, right in zip(first, again, strict=True):
        close(list(left.arguments().values()), list(right.arguments().values()))


def test_letters_are_shared_distinct_and_sometimes_all_equal() -> None:
    cases = draw_cases(BATCH, 100, 0)
    for case in cases:
        x, w, ids = (case.arguments()[name] for name in ("x", "w", "ids"))
        assert x.shape == (case.dims["B"], case.dims["T"], case.dims["C"])
        assert w.shape == (case.dims["C"], 4 * case.dims["C"])
        assert 0 <= int(ids.min()) <= int(ids.max()) < case.dims["V"]
    kinds = [len(set(case.dims.values())) for case in cases]
    assert 1 <= kinds.count(1) <= 40
    assert kinds.count(4) >= 40


def test_dim_sets_the_range() -> None:
    ranged = declared(T=dim(6, 8), x=tensor("T"))
    assert {case.dims["T"] for case in draw_cases(ranged, 40, 0)} == {6, 7, 8}


def test_kinds_fill_as_they_say() -> None:
    mixed = Drawn((40, 3), "mixed", "float64", 0, 1, 5).make()
    rows = mixed.abs().amax(-1)
    assert float(rows.max()) > 900
    assert float(rows.min()) < 1e-2
    ties = Drawn((200,), "ties", "float64", 0, 1, 5).make()
    assert int((ties == 0).sum()) > 40
    uniform = Drawn((200,), "uniform", "float32", -3, -2, 5).make()
    assert uniform.dtype == torch.float32
    assert -3 <= float(uniform.min()) <= float(uniform.max()) < -2
    tables = [case.arguments()["n"] for case in draw_cases(declared(n=counts("V V")), 20, 0)]
    assert any(bool((table == 0).any()) for table in tables)
    assert all(0 <= int(table.min()) <= int(table.max()) <= 9 for table in tables)


@pytest.mark.parametrize(("text", "value"), [("B", 3), ("4*B+1", 13), ("H*D", 10), ("7", 7), ("B-1", 2), ("D//2", 2)])
def test_shapes_are_arithmetic(text: str, value: int) -> None:
    assert evaluate(text, {"B": 3, "H": 2, "D": 5}) == value


@pytest.mark.parametrize("text", ["open('x')", "B.real", "X", "B**9", "[B]"])
def test_nothing_else_is_evaluated(text: str) -> None:
    with pytest.raises(ValueError, match="is not a size"):
        evaluate(text, {"B": 3})


def test_a_failing_case_becomes_small_and_round() -> None:
    def fails(case: Case) -> bool:
        x = case.arguments()["x"]
        return x.shape[0] >= 2 and bool((x.abs() > 0.4).any())

    prop = declared(x=tensor("B T"))
    failing = next(case for case in draw_cases(prop, 50, 3) if fails(case))
    small, cut = smallest(prop, 50, 3, failing, fails, 300, math.inf)
    assert fails(small)
    assert not cut
    assert small.dims["B"] == 2
    assert small.dims["T"] == 1
    x = small.arguments()["x"]
    assert torch.equal(x, x.round(decimals=1))


def test_a_declaration_without_its_argument_is_refused() -> None:
    with pytest.raises(TypeError):

        @prop(x=tensor("B"))
        def broken(you: object, y: object) -> None:
            "It is."


def test_arguments_of_one_shape_differ_even_with_equal_seeds() -> None:
    same = declared(x=tensor("T", kinds=("normal",)), y=tensor("T", kinds=("normal",)))
    for case in draw_cases(same, 20, 0):
        arguments = case.arguments()
        assert not torch.equal(arguments["x"], arguments["y"])
