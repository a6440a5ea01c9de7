"""A failing case as Python text that gives the very same bits: the arguments, the probes used, the call, the values.

call_text  the call alone, as the learner would type it
script_of  the whole case; it needs a name `you`, the learner's module, which `tutor.core.repro` makes
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from tutor import wire
from tutor.grader.run import Outcome
from tutor.kit.declare import Probe, Property

LIMIT = 20_000
"""Characters of the longest text that goes into a report."""
CALL_LENGTH = 160
"""A call that is longer with all its values in it is told by their names."""


class _Unsaid(Exception):
    """This cannot be written as text: an object of the learner's that an earlier call made."""


def call_text(request: dict[str, Any], arguments: dict[str, Any]) -> str:
    """The request as the learner would type it, to be pasted where it is short; '' if it was a probe of ours."""
    function = request.get("f")
    if not isinstance(function, wire.Path) or function.number:
        return ""
    names = {id(each): name for name, each in arguments.items() if wire.is_tensor(each)}
    try:
        text = _call_of(function.path, request, literal)
    except _Unsaid:
        text = ""
    return text if 0 < len(text) <= CALL_LENGTH else _call_of(function.path, request, lambda each: _short(each, names))


def _call_of(function: str, request: dict[str, Any], written: Callable[[Any], str]) -> str:
    parts = [written(each) for each in request["a"]]
    parts += [f"{name}={written(each)}" for name, each in request["k"].items()]
    return f"{function}({', '.join(parts)})"


def _short(value: Any, names: dict[int, str]) -> str:
    if id(value) in names:
        return names[id(value)]
    try:
        text = literal(value)
    except _Unsaid:
        return "…"
    return text if len(text) <= CALL_LENGTH else "…"


def script_of(prop: Property, outcome: Outcome) -> str:
    """The case as text, or '' where it hangs on earlier calls or is too long."""
    request = outcome.last
    if request.get("do") != "call":
        return ""
    try:
        text = "\n".join([*_before(prop, outcome), *_call(request, outcome.case.arguments()), *_values(outcome)]) + "\n"
    except _Unsaid:
        return ""
    return text if len(text) <= LIMIT else ""


def _before(prop: Property, outcome: Outcome) -> list[str]:
    seed = outcome.case.seed()
    lines = [f"random.seed({seed})"]
    if _has_tensor(outcome.last) or "torch" in prop.body.__globals__:
        lines += [f"torch.manual_seed({seed})", "torch.set_printoptions(precision=10)"]
    used = outcome.last["f"], *outcome.last["a"]
    if any(type(each) is wire.Named and not each.builtin for each in used):
        probes = [each for each in prop.body.__globals__.values() if isinstance(each, Probe)]
        lines += [line for each in probes for line in ("", "", *each.source.rstrip().split("\n"))]
        lines += ["", ""]
    return lines


def _has_tensor(value: Any) -> bool:
    parts = value.values() if type(value) is dict else value if type(value) in (list, tuple) else ()
    return wire.is_tensor(value) or any(map(_has_tensor, parts))


def _call(request: dict[str, Any], arguments: dict[str, Any]) -> list[str]:
    names = {id(each): name for name, each in arguments.items()}
    used = [each for each in (*request["a"], *request["k"].values()) if id(each) in names and not _is_short(each)]
    lines = [f"{name} = {literal(arguments[name])}" for name in dict.fromkeys(names[id(each)] for each in used)]
    spoken = {id(each): names[id(each)] for each in used}
    call = _call_of(literal(request["f"]), request, lambda each: spoken.get(id(each)) or literal(each))
    return [*lines, f"found = {call}", 'print("yours:", found, sep="\\n")']


def _is_short(value: Any) -> bool:
    return value is None or type(value) in (bool, int, float)


def _values(outcome: Outcome) -> list[str]:
    """What was expected, and what the check said of it."""
    mismatch = outcome.mismatch
    if mismatch is None:
        return []
    lines = [f"print({mismatch.difference!r})"]
    if mismatch.what and not hasattr(mismatch.expected, "_path"):
        lines.append(f'print({mismatch.what + " expected:"!r}, {literal(mismatch.expected)}, sep="\\n")')
    return lines


def literal(value: Any) -> str:
    """Python text of a value, exact to the last bit. Raises _Unsaid where there is none."""
    kind = type(value)
    if wire.is_tensor(value):
        dtype = str(value.dtype)
        if not value.numel():
            return f"torch.zeros({tuple(value.shape)}, dtype={dtype})"
        typed = "" if dtype in ("torch.bool", "torch.int64") else f", dtype={dtype}"
        return f"torch.tensor({literal(value.detach().tolist())}{typed})"
    if kind is float and not math.isfinite(value):
        return f'float("{value}")'
    if value is None or kind in (bool, int, float, str, bytes):
        return repr(value)
    if kind in (wire.Path, wire.Named):
        return _reference(value)
    if kind is tuple:
        return f"({', '.join(map(literal, value))}{',' if len(value) == 1 else ''})"
    if isinstance(value, list):
        return f"[{', '.join(map(literal, value))}]"
    if kind is dict:
        return "{" + ", ".join(f"{name!r}: {literal(each)}" for name, each in value.items()) + "}"
    if kind.__module__ == "numpy" and hasattr(value, "tolist"):
        return f'np.array({literal(value.tolist())}, dtype="{value.dtype}").reshape({value.shape})'
    raise _Unsaid


def _reference(value: wire.Path | wire.Named) -> str:
    if isinstance(value, wire.Named):
        return f"probes.BUILTIN[{value.name!r}]" if value.builtin else value.name
    if value.number:
        raise _Unsaid
    return f"you.{value.path}" if value.path else "you"
