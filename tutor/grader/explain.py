"""Outcomes told as data for a reader: values cut and rounded, errors by the learner's own lines, advice added."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from tutor import wire
from tutor.core.report import Counterexample, LearnerError, Line, PropertyResult, Shown, Verdict
from tutor.grader.run import Outcome
from tutor.kit.declare import Property
from tutor.kit.learner import Proxy
from tutor.promises import kind

VALUES_SHOWN = 64
"""Entries of the largest tensor that is shown whole."""
TEXT_SHOWN = 400
SENTENCES = {
    Verdict.UNWRITTEN: "Not written yet.",
    Verdict.FLAKY: "This case failed, and passed when it was run again on its own: your code remembers something from "
    "one call to the next. Keep nothing in globals, class attributes or default arguments that calls change.",
}


def result(prop: Property, outcome: Outcome, tried: int, texts: Mapping[str, str], shrunk: bool) -> PropertyResult:
    """The verdict on a property, from the outcome that decided it."""
    if outcome.passed:
        return PropertyResult(prop.name, prop.sentence, outcome.verdict, tried)
    error = learner_error(outcome.error, texts) if outcome.error else None
    return PropertyResult(
        prop.name, prop.sentence, outcome.verdict, tried,
        message=_message(outcome, error),
        counterexample=None if outcome.verdict is Verdict.UNWRITTEN else _counterexample(outcome, shrunk),
        error=error, printed=clean(outcome.printed),
    )  # fmt: skip


def _message(outcome: Outcome, error: LearnerError | None) -> str:
    if outcome.verdict is Verdict.FLAKY:
        return SENTENCES[Verdict.FLAKY]
    if outcome.message:
        return clean(outcome.message)
    if outcome.mismatch is not None:
        return clean(outcome.mismatch.difference)
    if outcome.verdict is Verdict.FAILED and error is not None:
        return error.message
    if outcome.verdict is Verdict.RAISED and error is not None:
        return error.advice or f"Your code raised {error.type}: {error.message}"
    return SENTENCES.get(outcome.verdict, "")


def unusable(outcome: Outcome, right: Outcome) -> str:
    """Why a property could do nothing with what the submission answered, seen beside what the solution answered."""
    for mine, other in zip(outcome.answers, right.answers, strict=False):
        if described(mine.get("v")) != described(other.get("v")):
            return f"Your code gave {described(mine.get('v'))} where {described(other.get('v'))} is asked for."
    return f"What your code gave cannot be worked with ({outcome.broke})."


def described(value: Any) -> str:
    """The kind of an answer: 'a float32 tensor of shape (2, 3)', 'a tuple of an int and None'."""
    if wire.is_tensor(value):
        return with_article(f"{str(value.dtype).removeprefix('torch.')} tensor of shape {tuple(value.shape)}")
    if type(value) is wire.Handle and value.type == "Tensor":
        return "a tensor whose numbers cannot be read (sparse, complex, or on a device without them)"
    if type(value) is tuple and 0 < len(value) <= 4:
        *parts, last = (described(each) for each in value)
        return f"a tuple of {', '.join(parts)} and {last}" if parts else f"a tuple of one: {last}"
    if value is None:
        return "None"
    return with_article(clean(kind(value)))


def with_article(name: str) -> str:
    """'an int', 'a float'."""
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"


def _counterexample(outcome: Outcome, shrunk: bool) -> Counterexample:
    mismatch = outcome.mismatch
    arguments = outcome.case.arguments()
    compared = mismatch is not None and bool(mismatch.what)
    return Counterexample(
        arguments={name: shown(each) for name, each in arguments.items()},
        call=call_text(outcome.last, arguments),
        what=mismatch.what if mismatch else "",
        expected=shown(mismatch.expected) if mismatch and compared else None,
        actual=shown(mismatch.actual, mismatch.marks) if mismatch and compared else None,
        difference=clean(mismatch.difference) if mismatch else "",
        shrunk=shrunk,
    )


def shown(value: Any, marks: tuple[int, ...] = ()) -> Shown:
    """A value as a reader sees it."""
    if isinstance(value, Proxy):
        return Shown(value._type or "object", repr(value))
    if wire.is_tensor(value):
        return _shown_tensor(value.detach(), marks)
    return Shown(type(value).__name__, clean(_text(value)))


def _shown_tensor(value: Any, marks: tuple[int, ...]) -> Shown:
    dtype = str(value.dtype).removeprefix("torch.")
    small = value.numel() <= VALUES_SHOWN
    entries = [_entry(each) for each in value.flatten().tolist()] if small else []
    text = grid(value.tolist()) if small else f"{value.numel()} entries, from {_least(value)} to {_most(value)}"
    return Shown("tensor", text, dtype, tuple(value.shape), marks if small else (), tuple(entries))


def _least(value: Any) -> str:
    return number(value.double().min().item())


def _most(value: Any) -> str:
    return number(value.double().max().item())


def _entry(each: Any) -> Any:
    return each if not isinstance(each, float) or math.isfinite(each) else str(each)


def number(value: Any) -> str:
    """A number in at most seven characters or so: '0.3333', '-12', '1e+04'."""
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() and abs(value) < 1e5 else f"{value:.4g}"
    return str(value)


def grid(nested: Any) -> str:
    """Nested lists as text: one row a line, columns aligned."""
    if not isinstance(nested, list):
        return number(nested)
    width = max((len(number(each)) for each in _leaves(nested)), default=1)
    return _rows(nested, width, 0)


def _leaves(nested: Any) -> list[Any]:
    return [leaf for each in nested for leaf in _leaves(each)] if isinstance(nested, list) else [nested]


def _rows(nested: list[Any], width: int, indent: int) -> str:
    if not nested or not isinstance(nested[0], list):
        return "[" + ", ".join(number(each).rjust(width) for each in nested) + "]"
    inner = [_rows(each, width, indent + 1) for each in nested]
    return "[" + (",\n" + " " * (indent + 1)).join(inner) + "]"


def _text(value: Any) -> str:
    """Plain data with rounded numbers and tensors by their entries."""
    if isinstance(value, Proxy):
        return repr(value)
    if wire.is_tensor(value):
        return " ".join(grid(value.detach().tolist()).split()) if value.numel() <= VALUES_SHOWN else "tensor(…)"
    if isinstance(value, float):
        return number(value)
    if type(value) in (list, tuple):
        inside = ", ".join(_text(each) for each in value)
        return f"[{inside}]" if type(value) is list else f"({inside}{',' if len(value) == 1 else ''})"
    if type(value) is dict:
        return "{" + ", ".join(f"{name!r}: {_text(each)}" for name, each in value.items()) + "}"
    text = repr(value)
    return text if len(text) <= TEXT_SHOWN else text[:TEXT_SHOWN] + "…"


def call_text(request: dict[str, Any], arguments: dict[str, Any]) -> str:
    """The request as the learner would type it, or '' if it was a probe of ours."""
    function = request.get("f")
    if not isinstance(function, wire.Path) or function.number:
        return ""
    names = {id(each): name for name, each in arguments.items()}
    parts = [_argument(each, names) for each in request["a"]]
    parts += [f"{name}={_argument(each, names)}" for name, each in request["k"].items()]
    return f"{function.path}({', '.join(parts)})"


def _argument(value: Any, names: dict[int, str]) -> str:
    return names.get(id(value)) or _text(value)


CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]|\x1b\[[0-9;?]*[A-Za-z]")


def clean(text: str) -> str:
    """Text without what a terminal would obey."""
    return CONTROL.sub("\ufffd", text.replace("\r\n", "\n"))


def learner_error(error: Mapping[str, Any], texts: Mapping[str, str]) -> LearnerError:
    """What a worker told of an exception, checked and cut; `texts` are the submission's files by path."""
    kind, message = clean(str(error.get("type", "")))[:100], clean(str(error.get("message", "")))[:2000]
    lines = _without_repeats([_line(each, texts) for each in error.get("frames", ()) if _is_frame(each, texts)])
    return LearnerError(kind, message, tuple(lines), advice(kind, message))


def _without_repeats(lines: list[Line]) -> list[Line]:
    """A recursion's lines once each."""
    return list(dict.fromkeys(reversed(lines)))[::-1]


def _is_frame(frame: Any, texts: Mapping[str, str]) -> bool:
    return isinstance(frame, list) and len(frame) == 3 and frame[0] in texts and type(frame[1]) is int


def _line(frame: list[Any], texts: Mapping[str, str]) -> Line:
    return line_of(frame[0], frame[1], str(frame[2])[:100], texts)


def line_of(path: str, position: int, function: str, texts: Mapping[str, str]) -> Line:
    """A line of one of the submission's files."""
    lines = texts[path].splitlines()
    text = lines[position - 1].strip() if 0 < position <= len(lines) else ""
    return Line(path, position, clean(function), clean(text)[:200])


def words_to_lines(words: str, texts: Mapping[str, str]) -> tuple[Line, ...]:
    """The learner's lines in the last words of a process that was ended: innermost last."""
    found = re.findall(r'File "([^"\n]+)", line (\d+) in ([^\n\0]+)', words)
    lines = [line_of(path, int(number), function.strip(), texts) for path, number, function in found if path in texts]
    return tuple(reversed(lines))[-5:]


TOO_MUCH = "Your code asked for more memory than the grader allows: something here is far larger than the task needs."
ENDLESS = "Your code calls itself without end: no case stops the recursion, or the input is deeper than Python allows."
ADVICE = {
    r"allocate memory|DefaultCPUAllocator|not enough memory|^Unable to allocate": TOO_MUCH,
    r"a leaf Variable that requires grad": (
        "Your code changes a tensor in place that gradients are wanted of. Compute a new tensor instead."
    ),
    r"modified by an inplace operation": (
        "Your code changes a tensor in place that the backward pass still needs. Compute a new tensor instead."
    ),
    r"view size is not compatible": (
        "`view` needs the entries side by side in memory, and after `transpose` they are not: use `reshape`, or "
        "`contiguous()` first."
    ),
}
"""Pattern of an exception's text → what it means."""


def advice(kind: str, message: str) -> str:
    """One sentence in plain words on a usual error, or ''."""
    match kind:
        case "MemoryError":
            return TOO_MUCH
        case "RecursionError":
            return ENDLESS
        case "SystemExit" | "KeyboardInterrupt":
            return f"Your code raised {kind}, which would end the program. Return a value instead."
    return next((sentence for pattern, sentence in ADVICE.items() if re.search(pattern, message)), "")
