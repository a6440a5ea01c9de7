"""What a report calls a submission: two mistakes at once go by no single name, and neither does one nobody listed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tutor.core.course import default_course_root, load_course
from tutor.core.grading import Grader, GradingSettings
from tutor.core.report import Report
from tutor.core.source import mistakes, parse
from tutor.core.submission import make_submission

COURSE = load_course(default_course_root())
PAIRS = [
    ("micrograd/value", "All your nodes share one list", "repr shows the bare number"),
    ("micrograd/local_backward", "Your sum overwrites the gradient", "Your tanh uses"),
    ("bigram/cross_entropy", "You subtract the maximum from the caller's logits in place", "You go through the rows"),
    ("recurrent/lstm_cell", "Your h' is the output gate times c' itself", "init_forget_bias_ sets all of b"),
    ("attention/single_head", "Your mask is the transposed triangle", "You change x in place"),
    ("gpt/feed_forward", "Your bend is ReLU", "You ignore bias=False"),
    ("gpt/block", "Your MLP comes before attention", "Your MLP does not get the dropout"),
    ("gpt/model", "Your blocks run in the reverse order", "You change the caller's idx in place"),
]
UNLISTED = [
    ("attention/scaled_scores", "** 0.5", "** 0.51"),
    ("gpt/layernorm", "variance + self.eps", "variance + 1.5 * self.eps"),
    ("gpt/feed_forward", "0.044715", "0.0447"),
    ("recurrent/lstm_cell", "torch.tanh(", "0.9 * torch.tanh("),
    # Where it goes wrong it does what a listed mistake does, which goes wrong more often.
    ("bigram/cross_entropy", "ignore_index is not None:", "ignore_index is not None and ignore_index != -1:"),
]


@pytest.fixture(scope="module")
def grader() -> Iterator[Grader]:
    with Grader(COURSE, settings=GradingSettings(shrink_seconds=0)) as started:
        yield started


def grade(grader: Grader, exercise: str, text: str) -> Report:
    return grader.grade(make_submission(COURSE, COURSE.exercise(exercise), "mine", text, "", lambda _: None))


@pytest.mark.parametrize(("exercise", "one", "other"), PAIRS)
def test_two_mistakes_at_once_are_not_named_as_one(grader: Grader, exercise: str, one: str, other: str) -> None:
    found = COURSE.exercise(exercise)
    text = found.solution.read_text(encoding="utf-8")
    for start in (one, other):
        (mistake,) = [each for each in mistakes(parse(found.reference)) if each.sentence.startswith(start)]
        text = mistake.apply(text)
    report = grade(grader, exercise, text)
    assert (report.verdict in ("failed", "raised"), report.mistake) == (True, "")


@pytest.mark.parametrize(("exercise", "old", "new"), UNLISTED)
def test_a_mistake_nobody_listed_has_no_name(grader: Grader, exercise: str, old: str, new: str) -> None:
    text = COURSE.exercise(exercise).solution.read_text(encoding="utf-8")
    assert old in text
    report = grade(grader, exercise, text.replace(old, new))
    assert (report.verdict, report.mistake) == ("failed", "")


def test_a_mistake_is_recognised_whatever_words_the_learner_raises_an_error_with(grader: Grader) -> None:
    exercise = "diagnostics/batchnorm_layer"
    text = COURSE.exercise(exercise).solution.read_text(encoding="utf-8")
    text = text.replace("if self.training:", "if True:").replace("a batch of one has no variance", "too small")
    assert grade(grader, exercise, text).mistake.startswith("Your layer never looks at `training`")
