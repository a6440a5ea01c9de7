"""How a class did, exercise by exercise."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from tutor.core.batch import Result
from tutor.core.render import Style, one_line
from tutor.core.report import PropertyResult, Report, Verdict

MOST_SHOWN = 3
"""Mistakes and properties of each exercise that the text names; the document has all."""


@dataclass(frozen=True)
class Count:
    """How often something was seen."""

    name: str
    """A verdict, or the name of a property; '' for a mistake."""
    sentence: str
    """What a person reads."""
    count: int


@dataclass(frozen=True)
class ExerciseStats:
    """How a class did in one exercise."""

    exercise: str
    submissions: int
    passed: int
    pass_rate: float | None
    """Of the submissions that the grader could judge; None where there is none."""
    verdicts: tuple[Count, ...]
    """The commonest first, as everywhere here."""
    first_failing: tuple[Count, ...]
    """The first property that did not hold, over all submissions of which some property was tried."""
    mistakes: tuple[Count, ...]
    """Named mistakes that were recognised."""
    seconds: float | None
    """Median time from request to report."""

    def to_json(self) -> dict[str, Any]:
        """The figures as dictionaries, lists, strings and numbers."""
        return asdict(self)


def stats(results: Iterable[Result], order: Sequence[str]) -> tuple[ExerciseStats, ...]:
    """The figures of each exercise that was handed in, in that order of ids."""
    by_exercise: dict[str, list[Result]] = {}
    for each in results:
        if each.exercise:
            by_exercise.setdefault(each.exercise, []).append(each)
    return tuple(_exercise(id, by_exercise[id]) for id in order if id in by_exercise)


def stats_text(figures: Iterable[ExerciseStats], style: Style) -> str:
    """The figures for a terminal."""
    return "\n".join(line for each in figures for line in _lines(each, style))


def first_failing(report: Report) -> PropertyResult | None:
    """The first property that was tried and does not hold."""
    quiet = (Verdict.PASSED, Verdict.SKIPPED)
    return next((each for each in report.properties if each.verdict not in quiet), None)


def _exercise(id: str, results: Sequence[Result]) -> ExerciseStats:
    reports = [each.report for each in results if each.report]
    failing = [found for each in reports if (found := first_failing(each))]
    passed, judged = sum(each.passed for each in results), sum(not each.ours for each in results)
    return ExerciseStats(
        exercise=id,
        submissions=len(results),
        passed=passed,
        pass_rate=round(passed / judged, 4) if judged else None,
        verdicts=_counts((each.report.verdict.value if each.report else each.outcome, "") for each in results),
        first_failing=_counts((each.name, each.sentence) for each in failing),
        mistakes=_counts(("", each.mistake) for each in reports if each.mistake),
        seconds=round(statistics.median(each.seconds for each in reports), 4) if reports else None,
    )


def _counts(seen: Iterable[tuple[str, str]]) -> tuple[Count, ...]:
    """The commonest first; of equals, the one that the alphabet names first, so that no order of work shows."""
    counts = Counter(seen)
    return tuple(Count(*each, counts[each]) for each in sorted(counts, key=lambda each: (-counts[each], each)))


def _lines(figures: ExerciseStats, style: Style) -> Iterable[str]:
    rate = "none could be judged" if figures.pass_rate is None else f"{figures.pass_rate:.0%} passed"
    time = "" if figures.seconds is None else f", median {figures.seconds:.2f} s"
    noun = "submission" if figures.submissions == 1 else "submissions"
    yield f"{style.strong(figures.exercise)}  {figures.submissions} {noun}, {rate}{time}"
    yield "    " + ", ".join(f"{each.count} {each.name}" for each in figures.verdicts)
    yield from _seen("first to fail", figures.first_failing)
    yield from _seen("recognised", figures.mistakes)


def _seen(title: str, counts: Sequence[Count]) -> Iterable[str]:
    for each in counts[:MOST_SHOWN]:
        yield f"    {title}: {each.count} × {one_line(each.sentence or each.name)}"
    if len(counts) > MOST_SHOWN:
        yield f"    {title}: and {len(counts) - MOST_SHOWN} more"
