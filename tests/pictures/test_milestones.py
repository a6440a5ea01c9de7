"""Numbers to reach that the course's own solutions give: each is computed here as the learner would compute it."""

from __future__ import annotations

import importlib
import math

import pytest


@pytest.fixture
def number(course):
    """`number("recurrent", "your LSTM")`: the one milestone of that track whose text holds these words."""

    def found(track: str, words: str) -> float:
        milestones = next(each.milestones for each in course.tracks if each.id == track)
        (milestone,) = [each for each in milestones if words in each.what]
        return milestone.number

    return found


def test_every_track_has_a_number_to_reach(course):
    assert [each.id for each in course.tracks if not each.milestones] == []


def test_a_step_along_the_grads_of_lecture_1(solutions, number):
    value = importlib.import_module("exercises.micrograd.backward").Value
    inputs = a, b, c, f = [value(each) for each in (2.0, -3.0, 10.0, -2.0)]
    before = (a * b + c) * f
    before.backward()
    for each in inputs:
        each.data += 0.01 * each.grad
    assert before.data == -8.0
    assert ((a * b + c) * f).data == pytest.approx(number("micrograd", "Lecture 1"), abs=5e-4)


def test_all_points_of_the_moons_are_on_their_side(paint, number):
    assert number("micrograd", "picture moons") == 100
    assert "After 80 steps 40 of 40 points" in paint("moons").says[0]


def test_what_an_lstm_hands_back_of_a_gradient(paint, number):
    (panel,) = paint("vanishing").panels
    shares = {each.name: 10 ** (each.ys[-1] - each.ys[0]) for each in panel.series}
    assert shares["LSTM, forget bias 1"] == pytest.approx(number("recurrent", "your LSTM"), abs=5e-4)
    assert f"{shares['plain RNN']:.0e}" == "5e-09"


def test_losses_of_who_knows_nothing(number):
    assert number("bigram", "knows nothing") == pytest.approx(math.log(27), abs=5e-4)
    assert number("diagnostics", "before the first step") == pytest.approx(math.log(27), abs=5e-4)
    assert number("gpt", "before the first step") == pytest.approx(math.log(65), abs=5e-3)
