"""Forbidden shortcuts by every way round the reading of the source; what only looks like one is not refused."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator

import pytest

from tutor.core.course import default_course_root, load_course
from tutor.core.grading import Grader, GradingSettings
from tutor.core.report import Report
from tutor.core.submission import make_submission

Check = Callable[[str, str], Report]

CROSS_ENTROPY = """\
import builtins, functools, importlib, operator, sys
import torch
from torch import Tensor
{before}

def cross_entropy(logits: Tensor, targets: Tensor, ignore_index: int | None = None) -> Tensor:
    if ignore_index is not None:
        logits, targets = logits[targets != ignore_index], targets[targets != ignore_index]
    {line}
"""
WAYS_ROUND = {
    "plainly": ("", "return torch.nn.functional.cross_entropy(logits, targets)"),
    "by_an_alias": ("F = torch.nn.functional", "return F.cross_entropy(logits, targets)"),
    "by_an_alias_in_a_list": ("tools = [torch.nn.functional]", "return tools[0].cross_entropy(logits, targets)"),
    "by_getattr": ("", "return getattr(torch.nn.functional, 'cross' + '_entropy')(logits, targets)"),
    "by_attrgetter": ("", "return operator.attrgetter('nn.functional.cross_entr' + 'opy')(torch)(logits, targets)"),
    "by_vars": ("", "return vars(torch.nn.functional)['cross_' + 'entropy'](logits, targets)"),
    "by_sys_modules": ("", "return sys.modules['torch.nn.' + 'functional'].cross_entropy(logits, targets)"),
    "by_importlib": (
        "", "return importlib.import_module('torch.nn.' + 'functional').cross_entropy(logits, targets)"
    ),
    "by_dunder_import": (
        "", "return __import__('torch.nn.' + 'functional', fromlist=['x']).cross_entropy(logits, targets)"
    ),
    "by_exec": (
        "", "space = {'a': logits, 'b': targets}; exec('import torch.nn.' + 'functional as f; r = f.cross_entropy(a, "
        "b)', space); return space['r']"
    ),
    "by_eval": ("", "return eval('torch.nn.functional.cross' + '_entropy(logits, targets)')"),
    "by_partial": (
        "f = functools.partial(getattr(torch.nn.functional, 'cross' + '_entropy'))", "return f(logits, targets)"
    ),
    "by_map": (
        "f = getattr(torch.nn.functional, 'cross' + '_entropy')", "return list(map(f, [logits], [targets]))[0]"
    ),
    "by_log_softmax_through_map": (
        "f = getattr(torch, 'log_' + 'softmax')",
        "lp = list(map(f, [logits], [1]))[0]; return -lp[torch.arange(len(targets)), targets].mean()",
    ),
    "by_a_module_class": ("", "return getattr(torch.nn, 'CrossEntropy' + 'Loss')()(logits, targets)"),
    "by_a_subclass": (
        "Base = getattr(torch.nn, 'CrossEntropy' + 'Loss')\nclass Mine(Base):\n    pass",
        "return Mine()(logits, targets)",
    ),
    "by_torch_ops": (
        "", "return getattr(torch.ops, 'at' + 'en').cross_entropy_loss(logits, targets)"
    ),
    "by_torch_c": ("", "return getattr(torch, '_' + 'C')._nn.cross_entropy_loss(logits, targets)"),
    "by_a_default_argument": (
        "def call(a, b, f=getattr(torch.nn.functional, 'cross_' + 'entropy')):\n    return f(a, b)",
        "return call(logits, targets)",
    ),
    "when_imported": (
        "class Late:\n    def __getattr__(self, name):\n        return getattr(torch.nn.functional, name)\n"
        "late = Late()",
        "return getattr(late, 'cross_' + 'entropy')(logits, targets)",
    ),
    "by_a_method_of_log_softmax": (
        "", "lp = getattr(logits, 'log_' + 'softmax')(1); return -lp[torch.arange(len(targets)), targets].mean()"
    ),
}  # fmt: skip
LOG_PROBS = "def {0}(x):\n    x = x - x.amax(1, keepdim=True)\n    return x - x.exp().sum(1, keepdim=True).log()"
ALLOWED = {
    "a_function_of_ones_own_with_that_name": (
        LOG_PROBS.format("log_softmax"), "return -log_softmax(logits)[torch.arange(len(targets)), targets].mean()"
    ),
    "getattr_for_something_else": (
        LOG_PROBS.format("f"), "return -getattr(f(logits), 'gather')(1, targets[:, None]).mean()"
    ),
    "map_of_something_else": (
        LOG_PROBS.format("f"), "return -list(map(torch.gather, [f(logits)], [1], [targets[:, None]]))[0].mean()"
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def check() -> Iterator[Check]:
    course = load_course(default_course_root())
    exercise = course.exercise("bigram/cross_entropy")
    with Grader(course, settings=GradingSettings(cases=10, shrink_seconds=0)) as grader:

        def grade(before: str, line: str) -> Report:
            text = CROSS_ENTROPY.format(before=before, line=line)
            digest = hashlib.sha256(text.encode()).hexdigest()
            return grader.grade(make_submission(course, exercise, "mine.py", text, digest, lambda _: None))

        yield grade


@pytest.mark.parametrize("name", WAYS_ROUND)
def test_a_shortcut_is_refused_with_its_line(check: Check, name: str) -> None:
    before, line = WAYS_ROUND[name]
    report = check(before, line)
    assert report.verdict == "forbidden", [each.message for each in report.properties]
    assert "may not be used here" in report.message
    assert report.error is not None
    assert report.error.lines[-1].text


@pytest.mark.parametrize("name", ALLOWED)
def test_what_is_no_shortcut_is_not_refused(check: Check, name: str) -> None:
    report = check(*ALLOWED[name])
    assert report.verdict == "passed", (report.message, [each.message for each in report.properties if each.message])
