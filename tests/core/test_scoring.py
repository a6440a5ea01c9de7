from __future__ import annotations

from pathlib import Path

import pytest

from tutor.core.batch import Result
from tutor.core.errors import CourseError
from tutor.core.report import PropertyResult, Report, Verdict
from tutor.core.scoring import Points, Policy, course_policy
from tutor.core.weights import read_weights

IDS = ("lines/slope", "lines/line")


def result(verdict: Verdict, held: int = 0, of: int = 3) -> Result:
    verdicts = [Verdict.PASSED] * held + [Verdict.FAILED] * (of - held)
    properties = tuple(PropertyResult(f"p{number}", "", each) for number, each in enumerate(verdicts))
    return Result("a.py", "lines/slope", "graded", Report("lines/slope", verdict, "a.py", "", properties))


@pytest.mark.parametrize(
    ("verdict", "held", "by_property", "by_exercise"),
    [
        (Verdict.PASSED, 3, 2, 2),
        (Verdict.FAILED, 2, 4 / 3, 0),
        (Verdict.RAISED, 1, 2 / 3, 0),
        (Verdict.TIMEOUT, 1, 2 / 3, 0),
        (Verdict.CRASHED, 0, 0, 0),
        (Verdict.FLAKY, 2, 4 / 3, 0),
        (Verdict.UNWRITTEN, 0, 0, 0),
        (Verdict.UNWRITTEN, 1, 2 / 3, 0),
        (Verdict.FORBIDDEN, 3, 0, 0),
    ],
)
def test_an_exercise_earns_the_share_that_holds_unless_it_took_a_shortcut(verdict, held, by_property, by_exercise):
    for credit, earned in (("property", by_property), ("exercise", by_exercise)):
        points = Policy(credit=credit, weights={"lines/slope": 2.0}).points(result(verdict, held))
        assert points == Points(pytest.approx(earned), 2.0)


def test_what_could_not_be_run_earns_nothing_and_what_the_grader_broke_is_not_counted():
    skipped = result(Verdict.SKIPPED, of=0)
    refused = Result("a.py", "lines/slope", "refused")
    ours = [result(Verdict.ERROR, 2), Result("a.py", "lines/slope", "broken"), Result("a.py", None, "refused")]
    assert Policy().points(skipped) == Policy().points(refused) == Points(0, 1)
    assert [Policy().points(each) for each in ours] == [None] * 3
    assert Policy().total([result(Verdict.PASSED, 3), refused, *ours]) == Points(1, 2)


def test_points_are_shown_as_people_write_them():
    assert [str(Points(earned, 3)) for earned in (0.0, 1.0, 0.5, 1 / 3, 100)] == [
        "0/3", "1/3", "0.5/3", "0.3333/3", "100/3",
    ]  # fmt: skip


def test_the_policy_names_itself_where_people_read_it(toy):
    text = " ".join(course_policy(toy, "none", "exercise").sentences())
    assert "(--borrow none)" in text and "(--credit exercise)" in text and "Every exercise weighs 1." in text
    assert "Weights are from w.toml." in Policy(weights_from="w.toml").sentences()[0]


def test_weights_are_read_from_a_file(tmp_path):
    path = tmp_path / "weights.toml"
    path.write_text('"lines/slope" = 2\n"lines/line" = 0.5\n', encoding="utf-8")
    assert read_weights(path, IDS) == {"lines/slope": 2.0, "lines/line": 0.5}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("lines/slope = 2", "not valid TOML.*in quotes"),
        ("[lines]\nslope = 2", "'lines' is a table. Write one exercise a line, its id in quotes"),
        ('"lines/slop" = 2', "there is no exercise 'lines/slop'. Did you mean 'lines/slope'"),
        ('"lines/slope" = "2"', "must be a number from 0"),
        ('"lines/slope" = true', "must be a number from 0"),
        ('"lines/slope" = nan', "must be a number from 0"),
        ('"lines/slope" = inf', "must be a number from 0"),
        ('"lines/slope" = -0.5', "must be a number from 0"),
        ('"lines/slope" = 1000001', "must be a number from 0"),
        (None, "cannot be read.*Name a file of weights"),
        (b"\xff", "not valid TOML"),
    ],
)
def test_wrong_weights_are_told_in_a_sentence(tmp_path: Path, text, sentence):
    path = tmp_path / "weights.toml"
    if text is not None:
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(CourseError, match=sentence):
        read_weights(path, IDS)
