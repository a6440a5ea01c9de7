from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.core.batch import Result
from tutor.core.formats.spreadsheet import COLUMNS, spreadsheet
from tutor.core.graded import Graded
from tutor.core.grading import GradingSettings
from tutor.core.scoring import Policy

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@pytest.fixture(scope="module")
def rows(graded) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(spreadsheet(graded)), strict=True))


def test_a_row_for_each_submission_with_its_figures(rows, graded):
    assert len(rows) == len(graded.results)
    for row, result in zip(rows, graded.results, strict=True):
        assert tuple(row) == COLUMNS and None not in row.values()
        assert (row["exercise"] or None) == result.exercise
        assert row["verdict"] == (result.report.verdict if result.report else result.outcome)
        if result.report:
            assert float(row["possible"]) == graded.policy.weights.get(result.exercise, 1.0)
            assert int(row["seed"]) == 7 and row["sha256"] == result.report.sha256
            assert float(row["points"]) <= float(row["possible"])
    lost = next(row for row in rows if row["student"] == "lost the sign")
    assert (lost["points"], lost["properties_held"], lost["properties"]) == ("1.5", "1", "2")
    assert lost["recognised"].startswith("The sign of the run is lost")


def test_a_record_is_a_line(graded):
    assert len(spreadsheet(graded).split("\n")) == len(graded.results) + 1


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_no_cell_begins_a_formula_whatever_the_country_takes_for_a_separator(graded, separator):
    for row in csv.reader(io.StringIO(spreadsheet(graded)), delimiter=separator):
        assert not [cell for cell in row if cell.strip(' "').startswith(FORMULA)]


def test_a_name_that_begins_a_formula_begins_with_an_apostrophe(rows, texts):
    names = [row["student"] for row in rows]
    assert "'=cmd|'⁄C calc'!A0" in names and "'＝SUM(A1)" in names


@given(name=st.text(max_size=20))
def test_any_name_is_one_cell_that_says_who_it_is(course, name):
    graded = Graded(course, GradingSettings(), Policy(), [Result("a.py", None, "refused", student=name)])
    (row,) = csv.DictReader(io.StringIO(spreadsheet(graded)), strict=True)
    assert not row["student"].lstrip().startswith(FORMULA)
    if name.isascii() and name.isprintable():
        assert row["student"] in (name, f"'{name}")
