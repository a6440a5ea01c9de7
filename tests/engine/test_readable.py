"""Counterexamples and errors that a learner can use, from real submissions through the whole grader."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tutor import wire
from tutor.core.course import load_course
from tutor.core.grading import Grader, GradingSettings
from tutor.core.report import LearnerError, Report, Verdict, report_from_json, to_json
from tutor.grader.advice import seen
from tutor.grader.explain import shown, shown_pair
from tutor.grader.repro import call_text

torch = pytest.importorskip("torch")

COURSE = Path(__file__).parents[2]
Grade = Callable[[str], Report]


@pytest.fixture(scope="module")
def grade(submit) -> Iterator[Grade]:
    """Grades a body of `def attention_weights(q, k, mask=None)`."""
    with Grader(load_course(COURSE), settings=GradingSettings(cases=4, shrink_seconds=0)) as grader:

        def check(body: str) -> Report:
            lines = "".join(f"    {line}\n" for line in body.splitlines())
            text = f"import torch\n\n\ndef attention_weights(q, k, mask=None):\n{lines}"
            return grader.grade(submit(grader.course, "attention/scaled_scores", text))

        yield check


def error_of(report: Report) -> LearnerError:
    error = next(each.error for each in report.properties if each.verdict is Verdict.RAISED)
    assert error is not None
    return error


SMALL = "a, b = torch.ones(2, 8), torch.ones(5, 8)\n"
ERRORS = {
    "return a @ b": "The last axis of `a` is 8, the first of `b` is 5: did you mean `b.mT`?",
    "return a.mT @ b": "one of the two may need `.mT`",
    "return torch.matmul(a, b)": "did you mean `b.mT`?",
    "c = torch.ones(2, 4)\nreturn c @ a": "did you mean",
    "c = torch.ones(7)\nreturn a @ c": "The last axis of `a` is 8, the first of `c` is 7; they must be equal.",
    "return a + b": "on axis 0 one side has 2 entries and the other 5",
    "return a.view(3, 4)": "The shape [3, 4] has 12 entries; the tensor has 16.",
    "return a.reshape(-1, 5)": "16 entries cannot be shared out over the shape [-1, 5]",
    "return a.mT.view(16)": "use `reshape`",
    "input()": "Nobody is there to answer",
    "breakpoint()": "Nobody is there to answer",
    "import matplotlib": "may import the standard library",
    "assert a is b": "An `assert` of yours does not hold here.",
    "return ~a": "Make a mask of bools first",
    "return torch.multinomial(-a, 1)": "Apply softmax",
    "return torch.cat((a, a[0]))": "equally many axes",
    "return a[3]": "There is no index 3 on axis 0, which has 2: the last index is 1.",
    "return torch.nn.functional.embedding(torch.tensor(9), a)": "as large as the table",
    "return [a][1]": "beyond the end",
    "return a.sum(2)": "There is no axis 2: this tensor has axes -2 to 1 only.",
    "return a[0, 0, 0]": "more indices in the brackets",
    "c = b.double().mT\nreturn a @ c": "(`a` is float32, `c` is float64)",
    "a.requires_grad_()\na += 1": "Compute a new tensor instead.",
    "a.requires_grad_()\nc = a.exp()\nc += 1\nc.sum().backward()": "that the backward pass still needs",
    "a.sum().backward()": "No gradient can flow back",
    "a.requires_grad_()\na.backward()": "`backward` starts from one number",
    "c = None\nreturn c.shape": "`c` is None, which has no `shape`.",
    "c = None\nreturn a + c": "Something here is None.",
    "c = None\nreturn c + 1": "Something here is None.",
    "c = None\nreturn c[0]": "Something here is None.",
    "return a[torch.ones(2)]": "must hold whole numbers",
    "return a.long().mean()": "is for floating numbers",
    "return a.tranpose(0, 1)": "did you mean `transpose`?",
    "class L(torch.nn.Module):\n    def __init__(self):\n        self.w = torch.nn.ReLU()\nL()": "`super().__init__",
    "c = a.requires_grad_().exp().sum()\nc.backward()\nc.backward()": "ran twice over one graph",
    "return attention_weights(a)": "was called without 'k'",
    "return attention_weight(a, b)": "did you mean `attention_weights`?",
    "return np.sum(a)": "write `import numpy as np`",
    "d += 1": "`d` has no value yet on this line.",
    "c, d, e = a": "fewer parts than the 3 names",
    "c, d = b": "more parts than the 2 names",
    "return torch.cat([a, b.mT])": "one has 8 where another has 5",
    "return torch.stack([a, b])": "here are [2, 8] and [5, 8]",
    "if a > 0:\n    return a": "`.any()` or `.all()`",
    "return {}['w']": "The dictionary has no key 'w'.",
    "return a.item()": "Only a tensor of one entry",
}


@pytest.mark.parametrize("body", ERRORS)
def test_a_usual_error_is_told_in_plain_words(grade, body):
    assert ERRORS[body] in error_of(grade(SMALL + body)).advice


def test_an_error_that_nobody_foresaw_gets_no_advice(grade):
    assert error_of(grade("raise ValueError('that is not it')")).advice == ""


def test_the_line_is_told_with_the_shapes_of_its_names(grade):
    error = error_of(
        grade("c = [1, 2]\nn, nothing = 3, None\nw = torch.ones(2, 3).long()\nreturn foo(w, c, n, nothing)")
    )
    assert error.names == ("w [2, 3] int64", "c (list of 2)", "n = 3", "nothing = None")


def test_only_the_head_of_a_loop_is_told(grade):
    error = error_of(grade("w = torch.ones(2)\nx = 1\nfor _ in w + torch.ones(3):\n    x += 1"))
    assert error.names == ("w [2]",)


def test_an_object_without_a_dictionary_does_not_hide_the_other_names(grade):
    body = (
        "class Small:\n    __slots__ = ('w',)\n    def use(self, n):\n        return self.w + n\nreturn Small().use(3)"
    )
    assert error_of(grade(body)).names == ("n = 3",)


def test_telling_runs_nothing_of_the_learners(grade):
    body = "class Loud(list):\n    def __len__(self):\n        raise SystemExit\nc = Loud()\nreturn [c][1]"
    error = error_of(grade(body))
    assert (error.type, error.names) == ("IndexError", ())


@pytest.mark.parametrize(
    "told",
    [
        None,
        {"a": 1},
        ["a"],
        [["a"]],
        [["a b", "None"]],
        [["\x1b[2J", "None"]],
        [["a" * 300, "None"]],
        [["a", "tensor", [-1], "float64"]],
        [["a", "tensor", ["\x1b"], "float64"]],
        [["a", "tensor", [1] * 9, "float64"]],
        [["a", "number", "1"]],
        [["a", "number", math.inf]],
        [["a", "list", "\x1b"]],
        [["a", "list", True]],
        [["a", "number", 1 << 900]],
    ],
)
def test_what_a_hostile_worker_tells_is_left_out(told):
    assert seen(told, "", "").words == ()


def test_a_hostile_dtype_is_not_shown():
    assert seen([["a", "tensor", [1], "\x1b[2J"]], "", "").words == ("a [1] ?",)
    assert len(seen([["a" + str(n), "None"] for n in range(99)], "", "").words) == 8


def test_the_call_can_be_pasted(grade):
    wrong = next(each.counterexample for each in grade("return q").properties if each.counterexample)
    assert wrong is not None
    seen_there = eval(wrong.call, {"torch": torch, "attention_weights": lambda *args: args})
    assert [(tuple(each.shape), each.dtype) for each in seen_there] == [
        (each.shape, torch.float64) for each in wrong.arguments.values()
    ]


def test_a_call_with_large_values_names_them():
    request = {"f": wire.Path(0, "f"), "a": (torch.ones(40, 40), 0.5), "k": {"mask": torch.tensor([True])}}
    assert call_text(request, {"x": request["a"][0]}) == "f(x, 0.5, mask=torch.tensor([True]))"


def test_a_report_with_all_this_survives_its_json(grade):
    report = grade("return q @ k")
    assert report_from_json(to_json(report)) == report


def test_a_matrix_is_a_grid_with_its_axes_and_indices():
    text = shown(torch.tensor([[0.5, 1.0], [2.0, -1.0]]), marks=(2,), axes=("T", "4*C")).text
    assert text.split("\n") == ["T \\ 4*C   [0]   [1]", "    [0]  0.5     1", "    [1]    2*   -1"]


def test_a_tensor_with_three_axes_is_a_block_for_each_first_index():
    text = shown(torch.arange(4).view(2, 1, 2)).text
    assert text.split("\n") == [
        "[0]", "dim 1 \\ 2  [0]  [1]", "      [0]    0    1", "[1]", "dim 1 \\ 2  [0]  [1]", "      [0]    2    3",
    ]  # fmt: skip


def test_numbers_that_differ_print_differently():
    right, mine = shown_pair(torch.tensor([1 / 3]).double(), torch.tensor([1 / 3 + 1e-7]).double(), (0,))
    assert (right.text, mine.text) == ("[0.3333333*]", "[0.3333334*]")
    right, mine = shown_pair(0.3, 0.1 + 0.2, ())
    assert right.text != mine.text


def test_of_a_large_tensor_the_part_around_the_first_difference_is_shown():
    right, mine = torch.zeros(3, 40, 50), torch.zeros(3, 40, 50)
    mine[1, 20, 49] = 7
    place = 1 * 2000 + 20 * 50 + 49
    told, other = shown_pair(right, mine, (place,))
    assert told.window == other.window == ((1, 2), (18, 26), (42, 50))
    assert len(other.values) == 64
    assert [other.values[mark] for mark in other.marks] == [7.0]
    assert "[1]" in other.text and "[49]" in other.text and "7*" in other.text
    assert other.text.endswith("(64 of 6000 entries)")
