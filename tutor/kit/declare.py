"""Declarations of a reference file: properties, oracles, probes, mistakes."""

from __future__ import annotations

import functools
import inspect
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from tutor.core.source import CONVENTION
from tutor.kit import draw, learner
from tutor.wire import Named, is_tensor


@dataclass(frozen=True)
class Property:
    """A sentence that must hold for every case, and its check."""

    name: str
    sentence: str
    body: Callable[..., None]
    """Called as body(you, **arguments); raises Mismatch where the property does not hold."""
    arguments: dict[str, Any]
    parameters: tuple[str, ...]
    """What the body asks for besides `you`: declared arguments and letters of dimensions."""
    cases: int | None
    """How many cases at most; None for as many as the grader is asked for."""

    def strategy(self) -> Any:
        """The Hypothesis strategy of its cases."""
        letters = frozenset(name for name in self.parameters if name not in self.arguments)
        return draw.cases(self.arguments, letters)

    def call(self, you: Any, case: draw.Case) -> None:
        """Check one case. Raises Mismatch, LearnerRaised, or whatever is wrong with the reference itself."""
        known = {**case.dims, **case.arguments()}
        _Active.case = case
        try:
            self.body(you, **{name: known[name] for name in self.parameters})
        finally:
            _Active.case = None


def prop(*, cases: int | None = None, **arguments: Any) -> Callable[[Callable[..., None]], Property]:
    """Declare a property. The first paragraph of its docstring is the sentence the learner reads.

    Further paragraphs say why it matters, to a learner who asks. Raises TypeError on a body without a docstring.
    """

    def declare(body: Callable[..., None]) -> Property:
        first, *parameters = inspect.signature(body).parameters
        unknown = [name for name in parameters if name not in arguments and not (len(name) == 1 and name.isupper())]
        if first != "you" or unknown or not body.__doc__:
            raise TypeError(f"{body.__name__} needs `you`, a docstring, and an argument for each of {unknown}")
        most = cases if arguments else 1
        sentence = inspect.cleandoc(body.__doc__).partition("\n\n")[0]
        return Property(body.__name__, sentence, body, arguments, tuple(parameters), most)

    return declare


class _Active:
    """The case being checked: one at a time in a grader."""

    case: draw.Case | None = None


def names_of(values: Any) -> list[str]:
    """For each floating tensor among the values, its name in the case being checked, or '' if it has none."""
    case = _Active.case
    known = dict(_floating(case.arguments(), "")) if case else {}
    return [known.get(key, "") for key, _ in _floating(values, "")]


def _floating(value: Any, name: str) -> Iterator[tuple[int, str]]:
    """Identity and name of each floating tensor, in the order of `tutor.probes.gradient`."""
    if is_tensor(value):
        if value.is_floating_point():
            yield id(value), name
    elif type(value) in (list, tuple):
        for number, each in enumerate(value):
            yield from _floating(each, f"{name}[{number}]")
    elif type(value) is dict:
        for key, each in value.items():
            yield from _floating(each, f"{name}[{key!r}]" if name else str(key))


def remembered(name: str, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """function(*args, **kwargs), computed once per case for equal arguments."""
    case = _Active.case
    if case is None:
        return function(*args, **kwargs)
    key = (name, _token(args), _token(kwargs))
    if key not in case.memo:
        case.memo[key] = function(*args, **kwargs)
    return case.memo[key]


def _token(value: Any) -> Any:
    """Something hashable that is equal for equal values."""
    if type(value) in (list, tuple):
        return tuple(_token(each) for each in value)
    if type(value) is dict:
        return tuple((name, _token(each)) for name, each in value.items())
    if isinstance(value, learner.Proxy):
        return id(value)
    if is_tensor(value):
        if value.requires_grad:
            return object()  # equal to nothing: what comes of it belongs to its own graph
        return (str(value.dtype), tuple(value.shape), value.detach().numpy().tobytes())
    try:
        hash(value)
    except TypeError:
        return id(value)
    return (type(value), value)


def oracle(function: Callable[..., Any]) -> Callable[..., Any]:
    """A trusted function to compare with; what it returns on a case is computed once, when the exercise is opened."""

    @functools.wraps(function)
    def remember(*args: Any, **kwargs: Any) -> Any:
        return remembered(function.__name__, function, args, kwargs)

    return remember


@dataclass(frozen=True)
class Probe:
    """A function whose source runs in the worker: `run_head(you, x)`."""

    name: str
    source: str

    def __call__(self, you: learner.Proxy, *args: Any, **kwargs: Any) -> Any:
        """Run it beside the learner's objects; `you` is there the learner's module itself."""
        return learner.call(you._connection, Named(self.name), (you, *args), kwargs)


def probe(function: Callable[..., Any]) -> Probe:
    """Ship the function's source to the worker, where it sees torch, np, math, random, load and other probes only."""
    lines = textwrap.dedent(inspect.getsource(function)).splitlines(keepends=True)
    start = next(number for number, line in enumerate(lines) if line.startswith("def "))
    return Probe(function.__name__, "".join(lines[start:]))


@dataclass(frozen=True)
class Mistake:
    """A named wrong version of the solution."""

    sentence: str
    """What the code does, what it should do, and how to see the difference."""
    edits: tuple[tuple[str, str], ...]
    """Text of the solution, exactly once in it, and what stands there instead."""

    def apply(self, solution: str) -> str:
        """The wrong version. Raises ValueError if a text does not occur exactly once."""
        for old, new in self.edits:
            if solution.count(old) != 1:
                raise ValueError(f"{old!r} occurs {solution.count(old)} times in the solution; it must occur once")
            solution = solution.replace(old, new)
        return solution


def mistake(sentence: str, old: str, new: str, *more: str) -> Mistake:
    """A mistake by its edits: pairs of a text of the solution and its replacement."""
    texts = (old, new, *more)
    return Mistake(sentence, tuple(zip(texts[::2], texts[1::2], strict=True)))


def convention(sentence: str, old: str, new: str, *more: str) -> Mistake:
    """A version that is right elsewhere and not what is asked for here: its report says so before the sentence."""
    return mistake(CONVENTION + sentence, old, new, *more)
