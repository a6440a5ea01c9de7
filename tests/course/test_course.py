"""The real course: solutions pass with any seed, other right answers pass, absurd ones are the learner's fault.

That stubs are unwritten and each mistake is caught and named is what `tutor course check` proves, beside these tests.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tutor.authoring.linter import strays
from tutor.core.course import default_course_root, load_course
from tutor.core.grading import Grader, GradingSettings
from tutor.core.source import CONVENTION, mistakes, parse, whys
from tutor.core.submission import make_submission

COURSE = load_course(default_course_root())
IDS = [exercise.id for exercise in COURSE.exercises]
ALTERNATIVES = Path(__file__).with_name("alternatives")
OTHERS = sorted(path.relative_to(ALTERNATIVES).with_suffix("").as_posix() for path in ALTERNATIVES.rglob("*.py"))

ABSURD = ("1", "None", "(1, 2)", "object()", "torch.zeros(2, 2)", "torch.zeros(3, device='meta')")
FEWEST_PROPERTIES = 4
FEWEST_MISTAKES = 6
SEEDS = (1, 2, 3)


@pytest.fixture(scope="module")
def grader() -> Iterator[Grader]:
    with Grader(COURSE, settings=GradingSettings(shrink_seconds=0)) as started:
        yield started


@pytest.mark.parametrize("exercise", IDS)
def test_much_is_asked_of_each_exercise(exercise: str) -> None:
    tree = parse(COURSE.exercise(exercise).reference)
    assert len(whys(tree)) >= FEWEST_PROPERTIES
    assert len(mistakes(tree)) >= FEWEST_MISTAKES


@pytest.mark.parametrize("name", OTHERS)
def test_another_right_answer_passes(grader: Grader, name: str) -> None:
    exercise = COURSE.exercise(name.rpartition("/")[0])
    text = (ALTERNATIVES / f"{name}.py").read_text(encoding="utf-8")
    digest = hashlib.sha256(text.encode()).hexdigest()
    report = grader.grade(make_submission(COURSE, exercise, f"{name}.py", text, digest, lambda _: None))
    wrong = [(each.name, each.message) for each in report.properties if each.verdict != "passed"]
    assert (report.verdict, report.message, wrong, report.mistake) == ("passed", "", [], "")


def returning(solution: str, value: str) -> str:
    """The solution with every function and method but __init__ returning the value."""

    class Emptied(ast.NodeTransformer):
        def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
            if node.name != "__init__":
                node.body = ast.parse(f"return {value}").body
            return node

    return ast.unparse(Emptied().visit(ast.parse(f"import torch\n{solution}")))


@pytest.mark.parametrize("exercise", IDS)
def test_absurd_answers_are_the_learners_fault(grader: Grader, exercise: str) -> None:
    for value in ABSURD:
        text = returning(COURSE.exercise(exercise).solution.read_text(encoding="utf-8"), value)
        report = grader.grade(make_submission(COURSE, COURSE.exercise(exercise), "mine", text, "", lambda _: None))
        assert report.verdict in ("failed", "raised", "forbidden"), value
        assert {each.verdict for each in report.properties} <= {"failed", "raised", "passed", "skipped"}, value


@pytest.mark.parametrize("seed", SEEDS)
def test_solutions_pass_with_other_seeds(seed: int) -> None:
    settings = GradingSettings(seed=seed, cases=40)
    with Grader(COURSE, settings=settings) as other:
        for exercise in COURSE.exercises:
            text = exercise.solution.read_text(encoding="utf-8")
            given = make_submission(COURSE, exercise, "solution", text, "", lambda _: None)
            report = other.grade(given)
            assert (exercise.id, report.verdict) == (exercise.id, "passed")


def test_there_is_no_file_without_its_counterpart() -> None:
    assert strays(COURSE) == []


def test_what_is_right_elsewhere_is_told_so(grader: Grader) -> None:
    for exercise in COURSE.exercises:
        right = exercise.solution.read_text(encoding="utf-8")
        for mistake in mistakes(parse(exercise.reference)):
            if mistake.sentence.startswith(CONVENTION):
                text = mistake.apply(right)
                report = grader.grade(make_submission(COURSE, exercise, "mine", text, "", lambda _: None))
                assert (report.verdict, report.mistake) == ("failed", mistake.sentence)
