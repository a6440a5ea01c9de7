"""How values are compared: strictly. A wrong type, dtype, shape or NaN is a mismatch before any tolerance is asked."""

from __future__ import annotations

import math
import re
from typing import Any

from tutor import probes
from tutor.kit import learner
from tutor.kit.declare import Probe, names_of, remembered
from tutor.kit.learner import LearnerRaised, Proxy, read, unwrap
from tutor.probes import load
from tutor.wire import Named, dtype_name, is_tensor

__all__ = [
    "Mismatch", "check", "close", "gradient", "load", "probes", "pure", "raises", "read", "same", "vectorised",
]  # fmt: skip

TOLERANCES = {
    "float64": (1e-9, 1e-11), "float32": (1e-5, 1e-6), "float16": (2e-3, 1e-4), "bfloat16": (2e-2, 1e-3),
}  # fmt: skip
"""dtype → relative and absolute tolerance; the absolute one is scaled by the largest entry if that is above 1."""
GRADIENT_TOLERANCE = (1e-7, 1e-9)
"""For float64 values called 'the gradient …'."""

_ATTRIBUTE = re.compile(r"\.\w+`?$")


class Mismatch(AssertionError):
    """A property does not hold; the parts are data for whoever shows it."""

    def __init__(
        self, difference: str, what: str = "", expected: Any = None, actual: Any = None, marks: tuple[int, ...] = ()
    ) -> None:
        super().__init__(difference)
        self.difference, self.what, self.marks = difference, what, marks
        self.expected, self.actual = expected, actual


def close(
    actual: Any, expected: Any, what: str = "the result", rtol: float | None = None, atol: float | None = None
) -> None:
    """Raise Mismatch unless the values agree in type, shape, dtype, finiteness, and entries within the tolerance."""
    _compare(read(actual), expected, what, rtol, atol)


def same(actual: Any, expected: Any, what: str = "the result") -> None:
    """Raise Mismatch unless the values are exactly equal, entry by entry, type by type."""
    _compare(read(actual), expected, what, 0.0, 0.0)


def check(condition: Any, sentence: str) -> None:
    """Raise Mismatch with a sentence for the learner unless the condition is true."""
    if not bool(read(condition)):
        raise Mismatch(sentence)


def raises(kinds: type[BaseException] | tuple[type[BaseException], ...], function: Any, *args: Any, **kw: Any) -> None:
    """Raise Mismatch unless the learner's function raises one of these exceptions (or a subclass) on the arguments."""
    names = [kind.__name__ for kind in (kinds if isinstance(kinds, tuple) else (kinds,))]
    try:
        function(*args, **kw)
    except LearnerRaised as error:
        bases = error.error.get("bases", [])
        if "NotImplementedError" in bases:
            raise
        if not any(name in bases for name in names):
            found = ": ".join(filter(None, (error.error.get("type"), error.error.get("message"))))
            asserted = " Write `raise` instead of `assert`." if found.startswith("AssertionError") else ""
            end = "" if found.endswith(".") else "."
            raise Mismatch(f"This call must raise {' or '.join(names)}; yours raised {found}{end}{asserted}") from None
        return
    raise Mismatch(f"This call must raise {' or '.join(names)}; yours returned without an error.")


def gradient(function: Any, *args: Any, weights: Any, **kwargs: Any) -> list[Any]:
    """Gradients of sum(function(*args) · weights) by every floating tensor among the arguments, in order.

    `function` is the learner's (a proxy), a probe (then `you` comes first among the arguments), or a local function.
    """
    if isinstance(function, Proxy | Probe):
        found: list[Any] = _beside("gradient", function, args, {"weights": weights, **kwargs})
        return found
    local: list[Any] = remembered(
        f"gradient of {function.__name__}", probes.gradient, (function, *args), {"weights": weights, **kwargs}
    )
    return Gradients(local, names_of((args, kwargs)))


class Gradients(list[Any]):
    """Gradients with the names of what they are by."""

    def __init__(self, values: list[Any], names: list[str]) -> None:
        super().__init__(values)
        self.names = names


def pure(function: Proxy | Probe, *args: Any, **kwargs: Any) -> None:
    """Raise Mismatch if the call changes a tensor among its arguments in place."""
    changed = _beside("changed", function, args, kwargs)
    if changed:
        raise Mismatch(
            f"Your code changed {' and '.join(map(str, changed))} in place. The caller's tensors must stay as they "
            "were: compute a new tensor instead of using `x -= …`, `x[…] = …` or a method that ends in `_`."
        )


def vectorised(function: Proxy | Probe, small: tuple[Any, ...], large: tuple[Any, ...]) -> None:
    """Raise Mismatch if the call takes more tensor operations, or more steps of Python, for the large arguments.

    The counts come from beside the learner's code: they teach, and prove nothing.
    """
    few, many = (_work(_beside("work", function, args, {})) for args in (small, large))
    loop = _growing(few[1], many[1])
    if many[0] > few[0] or loop:
        raise Mismatch(
            f"Your code runs {few[0]} tensor operations on a small input and {many[0]} on a larger one{loop}: there is "
            "a Python loop over its entries. Let one tensor operation work on all of them at once."
        )


def _work(told: Any) -> tuple[int, dict[tuple[str, int], int]]:
    """The counts as a worker told them. Raises Mismatch on anything else."""
    match told:
        case (int(operations), list(lines)) if all(_is_count(each) for each in lines):
            return operations, {(path, line): steps for path, line, steps in lines}
    raise Mismatch("The work of your code cannot be counted: it changes how Python traces calls.")


def _is_count(told: Any) -> bool:
    match told:
        case (str(), int(), int()):
            return True
    return False


def _growing(few: dict[tuple[str, int], int], many: dict[tuple[str, int], int]) -> str:
    """', and line 12 of … runs more often' for the line that grows most, or ''."""
    growth = {line: steps - few.get(line, 0) for line, steps in many.items() if few.get(line, 0) < steps}
    if sum(many.values()) <= sum(few.values()) or not growth:
        return ""
    path, line = max(growth, key=lambda each: (growth[each], -each[1]))
    where = f"line {line} of {path}" if path != "<string>" else "code made by `exec`"
    return f", and {where} takes {few.get((path, line), 0)} steps of Python, then {many[path, line]}"


def _beside(builtin: str, function: Proxy | Probe, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Call a built-in probe in the worker on a function that lives there."""
    if isinstance(function, Probe):
        connection, reference = args[0]._connection, Named(function.name)
        return learner.call(connection, Named(builtin, True), (reference, *args), kwargs)
    return learner.call(function._connection, Named(builtin, True), (unwrap(function), *args), kwargs)


def _compare(actual: Any, expected: Any, what: str, rtol: float | None, atol: float | None) -> None:
    if is_tensor(expected):
        _compare_tensors(actual, expected, what, rtol, atol)
    elif type(expected) in (list, tuple, Gradients):
        _compare_sequences(actual, expected, what, rtol, atol)
    elif type(expected) is dict:
        _compare_dicts(actual, expected, what, rtol, atol)
    elif type(expected) is float:
        _compare_floats(actual, expected, what, rtol, atol)
    elif type(actual) is not type(expected):
        raise Mismatch(_wrong_type(what, expected, actual), what, expected, actual)
    elif actual != expected:
        raise Mismatch(f"{_start(what)} should be {expected!r}; yours is {actual!r:.200}.", what, expected, actual)


def _wrong_type(what: str, expected: Any, actual: Any) -> str:
    if actual is not None:
        return f"{_start(what)} should be {_kind(expected)}; yours is {_kind(actual)}."
    asked = "Was it never set?" if _ATTRIBUTE.search(what) else "Did you forget a `return`?"
    return f"{_start(what)} should be {_kind(expected)}; yours is None. {asked}"


def _start(what: str) -> str:
    """The name at the start of a sentence: a word gets a capital, a name of the code stays as it is."""
    first = what.split(" ")[0]
    return what if len(first) < 2 or not first.isalpha() else what[:1].upper() + what[1:]


def _kind(value: Any) -> str:
    if value is None:
        return "None"
    name = value._type if isinstance(value, Proxy) else type(value).__name__
    return "a tensor" if name in ("Tensor", "Parameter") else f"of type {name}"


def _compare_sequences(actual: Any, expected: Any, what: str, rtol: float | None, atol: float | None) -> None:
    names = expected.names if isinstance(expected, Gradients) else []
    actual = list(actual) if isinstance(actual, Gradients) else actual
    if type(actual) is not type(expected) and not names:
        raise Mismatch(_wrong_type(what, expected, actual), what, expected, actual)
    if len(actual) != len(expected):
        message = f"{_start(what)} should have {len(expected)} part(s); yours has {len(actual)}."
        raise Mismatch(message, what, expected, actual)
    for number, (mine, right) in enumerate(zip(actual, expected, strict=True)):
        part = f"{what} of {names[number]}" if names and names[number] else f"{what}[{number}]"
        _compare(mine, right, part if names or len(expected) > 1 else what, rtol, atol)


def _compare_dicts(actual: Any, expected: Any, what: str, rtol: float | None, atol: float | None) -> None:
    if type(actual) is not dict:
        raise Mismatch(_wrong_type(what, expected, actual), what, expected, actual)
    if set(actual) != set(expected):
        missing, more = set(expected) - set(actual), set(actual) - set(expected)
        wrong = [f"{word}: {_names(keys)}" for word, keys in (("missing", missing), ("too many", more)) if keys]
        message = f"{_start(what)}: the names are not those asked for; {'; '.join(wrong)}."
        raise Mismatch(message, what, expected, actual)
    for name, right in expected.items():
        _compare(actual[name], right, f"{what}[{name!r}]", rtol, atol)


def _names(keys: set[Any]) -> str:
    return ", ".join(sorted(map(str, keys)))[:200]


def _compare_floats(actual: Any, expected: float, what: str, rtol: float | None, atol: float | None) -> None:
    if type(actual) is not float:
        raise Mismatch(_wrong_type(what, expected, actual), what, expected, actual)
    rtol, atol = _tolerance("float64", what, rtol, atol)
    if actual == expected or (math.isnan(actual) and math.isnan(expected)):
        return
    if not abs(actual - expected) <= atol * max(1.0, abs(expected)) + rtol * abs(expected) or math.isinf(expected):
        raise Mismatch(_unequal(what, expected, actual), what, expected, actual)


def _compare_tensors(actual: Any, expected: Any, what: str, rtol: float | None, atol: float | None) -> None:
    import torch

    if not isinstance(actual, torch.Tensor):
        raise Mismatch(_wrong_type(what, expected, actual), what, expected, actual)
    expected = expected.detach()
    if actual.shape != expected.shape:
        message = f"{_start(what)} should have the shape {tuple(expected.shape)}; yours has {tuple(actual.shape)}."
        raise Mismatch(message, what, expected, actual)
    if actual.dtype != expected.dtype:
        names = [dtype_name(each) for each in (expected, actual)]
        raise Mismatch(f"{_start(what)} should be of dtype {names[0]}; yours is {names[1]}.", what, expected, actual)
    if _clearly_close(actual, expected, what, rtol, atol):
        return
    differs = _differing(torch, actual, expected, what, rtol, atol)
    if differs.any():
        marks = tuple(differs.flatten().nonzero().flatten().tolist())
        raise Mismatch(_largest(torch, actual, expected, marks, what), what, expected, actual, marks)


def _clearly_close(actual: Any, expected: Any, what: str, rtol: float | None, atol: float | None) -> bool:
    """Whether all entries are finite and within the narrowest tolerance: the usual case, without torch's overhead."""
    if dtype_name(expected) not in ("float64", "float32"):
        return False
    rtol, atol = _tolerance(dtype_name(expected), what, rtol, atol)
    import numpy

    mine, right = actual.detach().numpy(), expected.numpy()
    if not numpy.isfinite(right).all() or not numpy.isfinite(mine).all():
        return False
    return bool((abs(mine - right) <= atol + rtol * abs(right)).all())


def _differing(torch: Any, actual: Any, expected: Any, what: str, rtol: float | None, atol: float | None) -> Any:
    """Where the entries differ, as a mask."""
    if not expected.is_floating_point():
        return actual != expected
    rtol, atol = _tolerance(dtype_name(expected), what, rtol, atol)
    mine, right = actual.double(), expected.double()
    finite = right.isfinite()
    largest = float(right[finite].abs().max()) if bool(finite.any()) else 0.0
    within = (mine - right).abs() <= atol * max(1.0, largest) + rtol * right.abs()
    return ~torch.where(finite, within, (mine == right) | (mine.isnan() & right.isnan()))


def _largest(torch: Any, actual: Any, expected: Any, marks: tuple[int, ...], what: str) -> str:
    """The largest difference, or the first entry that is not a finite number, in a sentence."""
    mine, right = actual.double().flatten(), expected.double().flatten()
    gaps = torch.where(mine.isfinite(), (mine - right).abs(), torch.inf)
    worst = max(marks, key=lambda position: float(gaps[position].nan_to_num(posinf=math.inf)))
    index = [int(each) for each in torch.unravel_index(torch.tensor(worst), expected.shape)]
    if not index:
        return _unequal(what, float(right[worst]), float(mine[worst]))
    wanted, found = _apart(float(right[worst]), float(mine[worst]))
    if right.numel() == 1:
        return f"{_start(what)} differs at {index}, its only entry: {wanted} expected, yours is {found}."
    count = f"{len(marks)} of {right.numel()} entries differ"
    return f"{_start(what)}: {count}; most at {index}: {wanted} expected, yours is {found}."


def _unequal(what: str, expected: float, actual: float) -> str:
    wanted, found = _apart(expected, actual)
    return f"{_start(what)} should be {wanted}; yours is {found}."


def _apart(expected: float, actual: float) -> tuple[str, str]:
    """Both numbers with six digits, or as many more as it takes to tell them apart."""
    shown = [(f"{expected:.{digits}g}", f"{actual:.{digits}g}") for digits in (6, 9, 12, 17)]
    return next((each for each in shown if each[0] != each[1]), shown[0])


def _tolerance(dtype: str, what: str, rtol: float | None, atol: float | None) -> tuple[float, float]:
    usual = TOLERANCES.get(dtype, (0.0, 0.0))
    if dtype == "float64" and what.startswith("the gradient"):
        usual = GRADIENT_TOLERANCE
    return usual[0] if rtol is None else rtol, usual[1] if atol is None else atol
