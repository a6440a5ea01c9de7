from __future__ import annotations

from dataclasses import replace

from rich.cells import cell_len

from tutor.core.batch import Result
from tutor.core.graded import Graded
from tutor.core.render import Style
from tutor.core.scoring import Policy
from tutor.grade_table import results_table


def some(graded, *names: str) -> Graded:
    return replace(graded, results=[each for each in graded.results if each.student in names])


def test_one_line_for_each_result_with_points_and_what_is_wrong_first(graded):
    chosen = some(graded, "lost the sign", "not there")
    header, first, second = results_table(chosen, Style()).splitlines()
    assert header.split() == ["STUDENT", "EXERCISE", "VERDICT", "HELD", "POINTS", "SECONDS"]
    assert first.split()[-1] == "…" or "either order" in first
    assert "failed" in first and "1/2" in first and "1.5/3" in first
    assert "refused" in second and second.split("refused")[1].split()[:3] == ["-", "-", "-"]


def test_wide_and_right_to_left_names_keep_the_columns(graded):
    names = ("日本語.py", "שלום.py", "e\u0301.py", "[bold]x[/].py", "\u202ex.py")
    results = [Result(each, "lines/slope", "refused", problem="No.") for each in names]
    lines = results_table(replace(graded, results=results), Style()).splitlines()[1:]
    assert {cell_len(line.split("lines/slope")[0]) for line in lines} == {15}
    assert lines[3].startswith("[bold]x[/].py") and "\\u202e" in lines[4]


def test_without_a_terminal_no_line_is_cut_and_with_one_all_fit(graded):
    long = Result("a/" * 200 + "b.py", "lines/slope", "refused", problem="word " * 15)
    chosen = replace(graded, results=[long])
    assert long.submission in results_table(chosen, Style())
    assert all(cell_len(line) <= 100 for line in results_table(chosen, Style(), 100).splitlines())


def test_colour_only_where_it_is_wanted(graded):
    chosen = replace(some(graded, "alice"), policy=Policy())
    assert "\x1b" not in results_table(chosen, Style())
    assert "\x1b[32mpassed" in results_table(chosen, Style(colour=True))
