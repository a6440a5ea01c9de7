from __future__ import annotations

from tutor.core.batch import Result
from tutor.core.render import Style
from tutor.core.report import PropertyResult, Report, Verdict
from tutor.core.stats import stats, stats_text

P, F, S = Verdict.PASSED, Verdict.FAILED, Verdict.SKIPPED
ID = "lines/slope"


def result(verdict: Verdict, *verdicts: Verdict, seconds: float = 1.0, mistake: str = "") -> Result:
    properties = tuple(PropertyResult(f"p{at}", f"Sentence {at}.", each) for at, each in enumerate(verdicts))
    return Result("a.py", ID, "graded", Report(ID, verdict, "a.py", "", properties, mistake=mistake, seconds=seconds))


CLASS = [
    result(P, P, P, seconds=0.1),
    result(F, P, F, seconds=0.3, mistake="Sign."),
    result(F, S, F, seconds=0.2, mistake="Scale."),
    result(F, F, F, seconds=9.0, mistake="Sign."),
    result(Verdict.RAISED, S, S, seconds=0.1),
    Result("b.py", ID, "refused", problem="No."),
    Result("c.py", ID, "broken", problem="Ours."),
    Result("d.py", None, "refused", problem="Which?"),
]


def test_the_figures_of_an_exercise():
    (found,) = stats(CLASS, [ID, "lines/line"])
    assert (found.exercise, found.submissions, found.passed) == (ID, 7, 1)
    assert found.pass_rate == round(1 / 6, 4)  # what the grader broke is nobody's failure
    assert [(each.name, each.count) for each in found.verdicts] == [
        ("failed", 3), ("broken", 1), ("passed", 1), ("raised", 1), ("refused", 1),
    ]  # fmt: skip
    assert [(each.name, each.count) for each in found.first_failing] == [("p1", 2), ("p0", 1)]
    assert [(each.sentence, each.count) for each in found.mistakes] == [("Sign.", 2), ("Scale.", 1)]
    assert found.seconds == 0.2


def test_the_order_of_work_does_not_show():
    assert stats(CLASS, [ID]) == stats(CLASS[::-1], [ID])


def test_where_nothing_could_be_judged_there_is_no_rate():
    (found,) = stats([CLASS[6]], [ID])
    assert found.pass_rate is None and found.seconds is None
    assert stats_text([found], Style()).startswith("lines/slope  1 submission, none could be judged\n")


def test_the_text_names_three_of_each_and_counts_the_rest():
    many = [result(F, F, mistake=f"Mistake {number}.") for number in range(5)]
    lines = stats_text(stats(many, [ID]), Style()).split("\n")
    assert lines == [
        "lines/slope  5 submissions, 0% passed, median 1.00 s",
        "    5 failed",
        "    first to fail: 5 × Sentence 0.",
        "    recognised: 1 × Mistake 0.",
        "    recognised: 1 × Mistake 1.",
        "    recognised: 1 × Mistake 2.",
        "    recognised: and 2 more",
    ]
