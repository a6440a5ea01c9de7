"""Submissions that are the same program, for a teacher to look at; nothing here says that anybody copied."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from tutor.core.batch import Result
from tutor.core.course import Course, Exercise
from tutor.core.render import Style, one_line
from tutor.core.shape import Shape, read_shape, shape
from tutor.core.students import who
from tutor.core.submission import read_source

LEAST_NODES = 50
"""Parts of the syntax tree beyond the stub's; a shorter answer is not pointed out, as most people write it the same."""

Kind = Literal["same", "renamed", "solution"]


@dataclass(frozen=True)
class Alike:
    """Submissions to one exercise that are the same program."""

    exercise: str
    kind: Kind
    """'same': but for layout, comments and docstrings. 'renamed': but also for names and annotations of variables.
    'solution': they are the course's solution, but for all of these."""
    members: tuple[Result, ...]

    def to_json(self) -> dict[str, Any]:
        """The group as dictionaries, lists and strings."""
        members = [{"student": each.student, "submission": each.submission} for each in self.members]
        return {"exercise": self.exercise, "kind": self.kind, "members": members}


def alike(results: Iterable[Result], course: Course) -> tuple[Alike, ...]:
    """Every group, in the order of the course. One student's own versions of a file are no group."""
    shapes: dict[str, list[tuple[Shape, Result]]] = {}
    for each in results:
        found = read_shape(each.shape)
        if each.exercise and found:
            shapes.setdefault(each.exercise, []).append((found, each))
    known = [each for each in course.exercises if each.id in shapes]
    return tuple(group for each in known for group in _groups(each, shapes[each.id]))


def alike_text(groups: Sequence[Alike], style: Style) -> str:
    """The groups for a terminal; '' where there are none."""
    if not groups:
        return ""
    lines = [f"{style.strong('Alike')}  {style.faint(_CAUTION)}"]
    for each in groups:
        names = ", ".join(dict.fromkeys(one_line(who(member)) for member in each.members))
        lines.append(f"  {each.exercise}: {names}: {_KINDS[each.kind]}.")
    return "\n".join(lines)


def _groups(exercise: Exercise, shapes: list[tuple[Shape, Result]]) -> Iterable[Alike]:
    stub, solution = (read_shape(shape(read_source(path)[0])) for path in (exercise.stub, exercise.solution))
    least = LEAST_NODES + (stub.nodes if stub else 0)
    long = [(found, result) for found, result in shapes if found.nodes >= least]
    by_renamed: dict[str, list[tuple[Shape, Result]]] = {}
    for found, result in long:
        by_renamed.setdefault(found.renamed, []).append((found, result))
    given = by_renamed.pop(solution.renamed, ()) if solution else ()
    if given:
        yield Alike(exercise.id, "solution", tuple(result for _, result in given))
    for group in by_renamed.values():
        yield from _levels(exercise.id, group)


def _levels(id: str, shapes: list[tuple[Shape, Result]]) -> Iterable[Alike]:
    """The group as a whole, and within it those that did not even need renaming."""
    programs = list(dict.fromkeys(found.program for found, _ in shapes))
    if len(programs) > 1:
        yield from _group(id, "renamed", [result for _, result in shapes])
    for program in programs:
        yield from _group(id, "same", [result for found, result in shapes if found.program == program])


def _group(id: str, kind: Kind, members: Sequence[Result]) -> Iterable[Alike]:
    if len({who(each) for each in members}) > 1:
        yield Alike(id, kind, tuple(members))


_CAUTION = "Worth a look side by side, and no more than that: people who learn together often write the same."

_KINDS: dict[Kind, str] = {
    "same": "the same program, but for layout and comments",
    "renamed": "the same program, but for layout, comments and the names of variables",
    "solution": "the course's solution, but for layout, comments and the names of variables",
}
