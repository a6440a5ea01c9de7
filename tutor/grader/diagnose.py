"""Which mistake a submission makes: the one that gives the learner's very answers on every case that failed.

And holds where the submission held: a mistake that goes wrong more often is another mistake.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from tutor.core.report import Verdict
from tutor.grader.program import Program
from tutor.grader.run import Outcome, agree, run_case
from tutor.grader.session import Session, Stopped
from tutor.kit.declare import Mistake, Property
from tutor.kit.learner import LearnerRaised

Tried = tuple[Property, Outcome]
COMPARED = 12
"""Failing cases that are compared, and at least one of each property that fails."""


def recognise(
    failures: list[Tried],
    passes: list[Tried],
    mistakes: Iterable[Mistake],
    solution: str,
    program: Program,
    start: Callable[[Program], Session],
) -> str:
    """The sentence of the first mistake that behaves like the submission, or ''."""
    telling = _telling(failures)
    if not telling:
        return ""
    _, path = program.sources[program.main]
    session = start(program)
    try:
        for mistake in mistakes:
            # Mistakes are ours, so one worker may load them one after the other.
            try:
                text = mistake.apply(solution)
            except ValueError:  # the course linter tells its author; a learner's report does not fall over it
                continue
            session.program = replace(program, sources={**program.sources, program.main: (text, path)})
            try:
                session.load()
                if all(_same(session, *each) for each in telling) and all(_holds(session, *each) for each in passes):
                    return mistake.sentence
            except LearnerRaised:
                continue
            except Stopped:
                session.worker.end(dump=False)
                session = start(program)
        return ""
    finally:
        session.worker.end(dump=False)


def _telling(failures: list[Tried]) -> list[Tried]:
    """The cases to compare: the first of each property, then the second of each, …

    Every property must be there, or two mistakes made at once would go by the name of the one that fails first.
    """
    places: dict[str, int] = {}
    ranked: list[tuple[int, int, Tried]] = []
    for number, (prop, outcome) in enumerate(failures):
        if outcome.verdict in (Verdict.FAILED, Verdict.RAISED):
            places[prop.name] = places.get(prop.name, 0) + 1
            ranked.append((places[prop.name], number, (prop, outcome)))
    ranked.sort(key=lambda each: each[:2])
    return [each for _, _, each in ranked[: max(COMPARED, len(places))]]


def _same(session: Session, prop: Property, mine: Outcome) -> bool:
    """Whether the loaded mistake answers on this case as the learner's code did."""
    theirs = run_case(session, prop, mine.case)
    if theirs.verdict in (Verdict.TIMEOUT, Verdict.CRASHED):
        raise Stopped
    if theirs.verdict is not mine.verdict or len(theirs.answers) != len(mine.answers):
        return False
    return all(_answers_agree(a, b) for a, b in zip(mine.answers, theirs.answers, strict=True))


def _holds(session: Session, prop: Property, mine: Outcome) -> bool:
    """Whether the loaded mistake passes a case that the learner's code passed."""
    theirs = run_case(session, prop, mine.case)
    if theirs.verdict in (Verdict.TIMEOUT, Verdict.CRASHED):
        raise Stopped
    return theirs.passed


def _answers_agree(mine: dict[str, object], other: dict[str, object]) -> bool:
    if "e" in mine or "e" in other:
        a, b = mine.get("e"), other.get("e")
        if not isinstance(a, dict) or not isinstance(b, dict) or a["type"] != b["type"]:
            return False
        return a["type"] == "ValueError" or bool(a["message"] == b["message"])  # lessons leave its words to the learner
    return agree(mine.get("v"), other.get("v"))
