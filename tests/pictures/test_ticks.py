"""Labels of axes: round, exact, where their values lie."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.drawing.ticks import row_labels, ticks, time_ticks, x_axis


@pytest.mark.parametrize(
    ("low", "high", "most", "labels"),
    [
        (0, 1500, 4, "0 500 1000 1500"),
        (-1, 1, 5, "-1.0 -0.5 0 0.5 1.0"),
        (1.2, 3.7, 2, "2 3"),
        (-6.5, 0.4, 5, "-6 -4 -2 0"),
        (1e-5, 1e-3, 3, "5e-4 1e-3"),
        (0, 3e6, 7, "0 5e5 1e6 1.5e6 2e6 2.5e6 3e6"),
        (99.9999, 100.0001, 3, "99.9999 100.0000 100.0001"),
    ],
)
def test_labels_are_round_and_tell_neighbours_apart(low, high, most, labels):
    assert " ".join(each.label for each in ticks(low, high, most)) == labels


def test_times_are_whole_minutes_and_hours():
    assert [each.label for each in time_ticks(3, 45, 5)] == ["15 s", "30 s", "45 s"]
    assert [each.label for each in time_ticks(0, 200, 5)] == ["0", "1:00 min", "2:00 min", "3:00 min"]
    assert [each.label for each in time_ticks(0, 9000, 6)] == ["0", "30:00 min", "1:00 h", "1:30 h", "2:00 h", "2:30 h"]


@given(st.floats(-1000.0, 1000.0), st.floats(0.5, 1e5), st.integers(2, 12))
def test_labels_say_the_values_at_which_they_stand(low, span, most):
    found = ticks(low, low + span, most)
    assert 2 <= len(found) <= max(most, 6)
    values = [each.value for each in found]
    assert values == sorted(values) and low - 1e-6 * span <= values[0] and values[-1] <= low + span * (1 + 1e-6)
    assert all(abs(float(each.label) - each.value) <= 1e-6 * span for each in found)


@given(st.floats(-1000.0, 1000.0), st.floats(0.5, 1e5), st.integers(30, 160))
def test_a_mark_stands_above_each_label_beside_the_name(low, span, width):
    rule, labels = x_axis((low, low + span), "x", width)
    marks = [place for place, sign in enumerate(rule) if sign == "┬"]
    words = [(each.start(), each.end()) for each in re.finditer(r"\S+", labels)]
    assert " x " in rule and len(rule) == width + 1 and len(labels) <= width + 1
    assert all(start <= mark < end for mark, (start, end) in zip(marks, words, strict=True))


def test_labels_of_lines_go_down():
    labels = row_labels((-2.2, 0.1), 13)
    assert [labels[row] for row in sorted(labels)] == ["0", "-0.5", "-1.0", "-1.5", "-2.0"]
