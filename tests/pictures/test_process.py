"""The process that computes pictures, with learners' code that behaves and that does not."""

from __future__ import annotations

import hashlib
import json
import sys
import threading
from dataclasses import replace

import pytest

from tutor.core.errors import PictureError
from tutor.core.gallery import SUBJECTS, find_subject
from tutor.core.painting import Failed, Order, Painted, Painting, Progress, prepare, whose_code
from tutor.core.picture import picture_from
from tutor.core.submission import Source


class Nobody:
    """Progress in which nothing has passed."""

    def passed_sha(self, id: str, sha256: str) -> bool:
        return False


def last(order: Order, **more: object):
    *before, end = Painting(order, **more).events()  # type: ignore[arg-type]
    assert all(isinstance(each, Progress) for each in before)
    return end


def changed(place, id: str, old: str, new: str) -> Order:
    """The order of a graph by someone whose file is the solution but for one place."""
    text = place.course.exercise(id).solution.read_text(encoding="utf-8")
    assert old in text
    return with_source(prepare(place, Nobody(), find_subject("graph")), id, text.replace(old, new))


def with_source(order: Order, id: str, text: str) -> Order:
    own = Source(id, f"exercises/{id}.py", text, hashlib.sha256(text.encode()).hexdigest())
    return replace(order, sources=tuple(own if each.exercise == id else each for each in order.sources))


NAN = """

def row_probs(counts, smoothing=0.0):
    return counts.double() * float("nan")
"""


def test_what_has_not_passed_is_borrowed_and_said(place):
    end = last(prepare(place, Nobody(), find_subject("graph")))
    assert isinstance(end, Painted)
    assert end.picture.whose.startswith("Computed by the course's solutions: micrograd/value")


def test_what_has_passed_is_the_learners_own_and_computes_the_picture(place):
    text = place.course.exercise("micrograd/value").solution.read_text(encoding="utf-8")
    place.write("micrograd/value", text.replace("self.data + other.data", "self.data + other.data + 100"))
    passed = Nobody()
    passed.passed_sha = lambda id, sha256: id == "micrograd/value"  # type: ignore[method-assign]
    end = last(prepare(place, passed, find_subject("graph"), "a=1; a+a"))
    assert isinstance(end, Painted)
    assert end.picture.panels[0].nodes[-1].data == 102
    assert end.picture.whose.startswith("Computed by your micrograd/value, and by the course's solutions of micro")


def test_only_code_that_was_needed_is_named(place):
    end = last(prepare(place, Nobody(), find_subject("saturation"), "gain=1 batchnorm=no"))
    assert isinstance(end, Painted)
    assert "no exercise has a part in it" in end.picture.whose


def test_whose_code_it_was_is_a_sentence():
    assert whose_code(["a", "b"], []) == "Computed by your code: a, b."
    assert "no exercise has a part in it" in whose_code([], [])


def test_code_that_raises_is_told_with_file_and_line(place):
    end = last(changed(place, "micrograd/backward", "self.grad = 1.0", "self.grad = 1 / 0"))
    assert end == Failed(end.message, "code")
    assert (
        "backward.py, line 19 (your file) raised ZeroDivisionError: division by zero: self.grad = 1 / 0" in end.message
    )


def test_what_code_prints_or_writes_to_stdout_is_not_heard(place):
    loud = 'import os; os.write(1, b\'{"event": "picture", "picture": {}}\\n\'); print(\'\\x1b[2J\'); self.grad = 1.0'
    assert isinstance(last(changed(place, "micrograd/backward", "self.grad = 1.0", loud)), Painted)


def test_code_that_does_not_end_is_ended(place):
    end = last(changed(place, "micrograd/backward", "self.grad = 1.0", "while True: pass"), seconds=3)
    assert isinstance(end, Failed) and "longer than 3 s" in end.message and end.why == "code"
    end = last(changed(place, "micrograd/backward", "self.grad = 1.0", "while True: pass"), silent=3)
    assert isinstance(end, Failed) and "nothing for 3 s" in end.message and "comes to an end" in end.message


def test_code_that_ends_the_process_is_told(place):
    end = last(changed(place, "micrograd/backward", "self.grad = 1.0", "import os; os._exit(7)"))
    assert isinstance(end, Failed) and "exit code 7" in end.message
    end = last(changed(place, "micrograd/backward", "self.grad = 1.0", "import os; os.kill(os.getpid(), 9)"))
    assert isinstance(end, Failed) and "killed by signal 9" in end.message


def test_numbers_that_cannot_be_drawn_are_told(place):
    order = prepare(place, Nobody(), find_subject("bigram"))
    own = place.course.exercise("bigram/probs").solution.read_text(encoding="utf-8") + NAN
    end = last(with_source(order, "bigram/probs", own))
    assert isinstance(end, Failed) and "cannot be drawn" in end.message and "Does your code return NaN" in end.message


def test_an_order_that_makes_no_sense_is_told(place):
    end = last(prepare(place, Nobody(), find_subject("graph"), "a/b"))
    assert end == Failed(end.message, "order")


def test_cancelled_before_and_while_it_runs(place):
    order = changed(place, "micrograd/backward", "self.grad = 1.0", "while True: pass")
    unstarted = Painting(order)
    unstarted.cancel()
    assert list(unstarted.events()) == []
    running = Painting(order)
    events = running.events()
    assert isinstance(next(events), Progress)
    threading.Timer(0.5, running.cancel).start()
    assert isinstance(list(events)[-1], Failed)


@pytest.mark.parametrize(
    "said",
    [
        "nonsense",
        "[]",
        '{"event": "picture"}',
        '{"event": "picture", "picture": {"name": 1}}',
        '{"event": "progress"}',
        "[" * 100_000,
        '{"event": "failed", "message": "x"}',
    ],
)
def test_a_process_that_says_something_else_is_not_believed(place, said):
    command = [sys.executable, "-c", "import sys; sys.stdin.readline(); print(sys.argv[1])", said]
    end = last(prepare(place, Nobody(), find_subject("graph")), command=command)
    assert isinstance(end, Failed) and end.why == "broken" and "cannot be " in end.message


def test_words_of_the_process_cannot_steer_a_terminal(place):
    said = json.dumps({"event": "failed", "message": "\x1b[2Jgone", "why": "code"})
    command = [sys.executable, "-c", "import sys; print(sys.argv[1])", said]
    end = last(prepare(place, Nobody(), find_subject("graph")), command=command)
    assert isinstance(end, Failed) and "\x1b" not in end.message


def test_a_program_that_is_not_there_is_told(place):
    end = last(prepare(place, Nobody(), find_subject("graph")), command=["/no/such/program"])
    assert isinstance(end, Failed) and "cannot be started" in end.message


def test_a_course_without_these_exercises_has_no_pictures(workspace):
    with pytest.raises(PictureError, match="has no exercise"):
        prepare(workspace, Nobody(), SUBJECTS[0])


def test_every_picture_can_be_ordered_in_the_course(place):
    for each in SUBJECTS:
        assert {source.exercise for source in prepare(place, Nobody(), each).sources} >= set(each.parts)


GRAPH = {"kind": "graph", "nodes": [{"id": 0, "name": "a", "op": "", "data": 1.0, "grad": None, "operands": []}]}
GRID = {"kind": "grid", "title": "", "values": [[1.0]], "rows": ["a"], "columns": ["b"], "low": 0, "high": 1,
        "row_name": "", "column_name": "", "notes": []}  # fmt: skip
LINES = {"kind": "lines", "title": "", "x_name": "", "y_name": "", "series": [{"name": "", "xs": [1.0], "ys": [None]}]}


def whole(panel):
    return {"name": "n", "title": "t", "says": [], "whose": "", "panels": [panel]}


@pytest.mark.parametrize("panel", [GRAPH, GRID, LINES])
def test_a_picture_of_plain_data_comes_back(panel):
    assert picture_from(json.loads(json.dumps(picture_from(whole(panel)).to_json()))) == picture_from(whole(panel))


@pytest.mark.parametrize(
    "panel",
    [
        {**GRAPH, "nodes": []},
        {**GRAPH, "nodes": [{**GRAPH["nodes"][0], "operands": [0]}]},
        {**GRAPH, "nodes": [{**GRAPH["nodes"][0], "id": 5}]},
        {**GRAPH, "nodes": [{**GRAPH["nodes"][0], "data": "1"}]},
        {**GRID, "values": [[1.0, 2.0]]},
        {**GRID, "values": []},
        {**GRID, "low": 1},
        {**GRID, "notes": [["a", "b"]]},
        {**GRID, "high": float("nan")},
        {**LINES, "series": [{"name": "", "xs": [1.0], "ys": []}]},
        {**LINES, "series": [{"name": "", "xs": [True], "ys": [1.0]}]},
        {**LINES, "series": 3},
        {"kind": "unknown"},
        None,
    ],
)
def test_plain_data_that_does_not_fit_is_no_picture(panel):
    with pytest.raises(PictureError, match="cannot be drawn"):
        picture_from(whole(panel))


def test_names_are_made_harmless():
    node = {**GRAPH["nodes"][0], "name": "\x1b[31m\na"}
    name = picture_from(whole({**GRAPH, "nodes": [node]})).panels[0].nodes[0].name
    assert "\x1b" not in name and "\n" not in name
