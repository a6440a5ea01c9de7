"""What a worker loads: a module and everything it may import, as texts."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from tutor.core.course import Course
from tutor.promises import Promise, promises


@dataclass(frozen=True)
class Program:
    """The learner's module and everything it may import."""

    main: str
    """'exercises.gpt.block'."""
    sources: dict[str, tuple[str, str]]
    """Module name → (text, path shown in tracebacks)."""
    probes: str
    returns: dict[str, str] = field(default_factory=dict)
    """The annotations of what the stub's functions return."""

    forbidden: tuple[str, ...] = ()
    """Names whose use the worker is to note."""

    @cached_property
    def lines(self) -> int:
        """How many lines the main module has."""
        return len(self.sources[self.main][0].splitlines())

    @cached_property
    def promises(self) -> dict[str, Promise]:
        """What the stub's functions promise to return."""
        return {name: Promise(name, annotation) for name, annotation in self.returns.items()}


def submitted(submission: dict[str, Any], probes: str, stub: str, forbidden: tuple[str, ...]) -> Program:
    """A submission, with the files it needs."""
    files = [submission, *submission["needs"]]
    sources = {module_name(each["exercise"]): (each["text"], shown_path(each["exercise"])) for each in files}
    return Program(module_name(submission["exercise"]), sources, probes, promises(stub), forbidden)


def solved(course: Course, exercise: str, probes: str) -> Program:
    """The solution with the solutions of all it needs."""
    sources: dict[str, tuple[str, str]] = {}
    todo = [exercise]
    while todo:
        name = todo.pop()
        if module_name(name) not in sources:
            found = course.exercise(name)
            sources[module_name(name)] = (found.solution.read_text(encoding="utf-8"), shown_path(name))
            todo += found.needs
    return Program(module_name(exercise), sources, probes)


def module_name(exercise: str) -> str:
    """'gpt/block' → 'exercises.gpt.block'."""
    return "exercises." + exercise.replace("/", ".")


def shown_path(exercise: str) -> str:
    """The path of an exercise's file in tracebacks."""
    return f"exercises/{exercise}.py"
