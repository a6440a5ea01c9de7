"""Outcomes told as data for a reader: values cut and rounded, errors by the learner's own lines, advice added."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from tutor import wire
from tutor.core import grid
from tutor.core.grid import digits_for, number
from tutor.core.report import Counterexample, LearnerError, Line, PropertyResult, Shown, Verdict
from tutor.grader.advice import Seen, advice, seen
from tutor.grader.repro import call_text, script_of
from tutor.grader.run import Outcome
from tutor.kit.declare import Property
from tutor.kit.draw import Tensor
from tutor.kit.learner import Proxy
from tutor.promises import kind

VALUES_SHOWN = 64
"""Entries of the largest tensor that is shown whole."""
WINDOW = 8
"""Entries along each of the last two axes that are shown of a larger one."""
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
        counterexample=None if outcome.verdict is Verdict.UNWRITTEN else _counterexample(prop, outcome, shrunk),
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
        return error.advice or "Your code raised " + (
            f"{error.type}: {error.message}" if error.message else f"{error.type}."
        )
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
        return with_article(f"{wire.dtype_name(value)} tensor of shape {tuple(value.shape)}")
    if type(value) is tuple and 0 < len(value) <= 4:
        *parts, last = (described(each) for each in value)
        return f"a tuple of {', '.join(parts)} and {last}" if parts else f"a tuple of one: {last}"
    if value is None:
        return "None"
    return with_article(clean(kind(value)))


def with_article(name: str) -> str:
    """'an int', 'a float'."""
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"


def _counterexample(prop: Property, outcome: Outcome, shrunk: bool) -> Counterexample:
    mismatch = outcome.mismatch
    arguments = outcome.case.arguments()
    axes = {name: each.shape for name, each in prop.arguments.items() if isinstance(each, Tensor)}
    expected, actual = None, None
    if mismatch is not None and mismatch.what:
        of = axes.get(mismatch.what.removeprefix("the gradient of "), ())
        expected, actual = shown_pair(mismatch.expected, mismatch.actual, mismatch.marks, of)
    return Counterexample(
        arguments={name: shown(each, axes=axes.get(name, ())) for name, each in arguments.items()},
        call=clean(call_text(outcome.last, arguments)),
        what=mismatch.what if mismatch else "",
        expected=expected,
        actual=actual,
        difference=clean(mismatch.difference) if mismatch else "",
        shrunk=shrunk,
        cut=outcome.cut,
        script=script_of(prop, outcome),
    )


def shown_pair(expected: Any, actual: Any, marks: tuple[int, ...], axes: tuple[str, ...] = ()) -> tuple[Shown, Shown]:
    """Both values as a reader sees them: the same part of both, numbers that differ printed differently."""
    right, mine = (shown(each, marks, axes) for each in (expected, actual))
    if right.values and mine.values and marks:
        digits = digits_for([(right.values[place], mine.values[place]) for place in right.marks])
        return _written(replace(right, digits=digits)), _written(replace(mine, digits=digits))
    if type(expected) is float and type(actual) is float:
        digits = digits_for([(expected, actual)])
        return replace(right, text=number(expected, digits)), replace(mine, text=number(actual, digits))
    return right, mine


def shown(value: Any, marks: tuple[int, ...] = (), axes: tuple[str, ...] = ()) -> Shown:
    """A value as a reader sees it."""
    if isinstance(value, Proxy):
        return Shown(clean(value._type) or "object", clean(repr(value)))
    if wire.is_tensor(value):
        return _shown_tensor(value.detach(), marks, axes)
    return Shown(type(value).__name__, clean(_text(value)))


def _shown_tensor(value: Any, marks: tuple[int, ...], axes: tuple[str, ...]) -> Shown:
    dtype, shape = wire.dtype_name(value), tuple(value.shape)
    window = () if value.numel() <= VALUES_SHOWN else _window(shape, marks)
    part = value[tuple(slice(*each) for each in window)]
    entries = tuple(_entry(each) for each in part.flatten().tolist())
    kept = _within(shape, window, marks) if window else marks
    digits = digits_for([(a, b) for a, b in _neighbours(entries)])
    axes = axes if len(axes) == len(shape) else ()
    return _written(Shown("tensor", "", dtype, shape, kept, entries, axes, window, digits))


def _written(value: Shown) -> Shown:
    return replace(value, text=grid.plain(value))


def _neighbours(entries: tuple[Any, ...]) -> list[tuple[float, float]]:
    """Numbers next to each other in size that are clearly two numbers, not one with the noise of its last digits."""
    floats = sorted({each for each in entries if isinstance(each, float)})
    return [(a, b) for a, b in zip(floats, floats[1:], strict=False) if b - a > 1e-9 * max(abs(a), abs(b))]


def _window(shape: Sequence[int], marks: tuple[int, ...]) -> tuple[tuple[int, int], ...]:
    """The part of a large tensor to show: around the first entry that differs, or from the start."""
    ranges, first = [], marks[0] if marks else 0
    for back, size in enumerate(reversed(shape)):
        first, index = divmod(first, size)
        room = WINDOW if back < 2 else 1
        start = max(0, min(index - room // 4, size - room))
        ranges.append((start, min(start + room, size)))
    return tuple(reversed(ranges))


def _within(shape: Sequence[int], window: tuple[tuple[int, int], ...], marks: tuple[int, ...]) -> tuple[int, ...]:
    """The marks that lie in the window, by their places there."""
    kept = []
    for mark in marks:
        place, step, inside = 0, 1, True
        for size, (start, end) in zip(reversed(shape), reversed(window), strict=True):
            mark, index = divmod(mark, size)
            inside = inside and start <= index < end
            place, step = place + (index - start) * step, step * (end - start)
        if inside:
            kept.append(place)
    return tuple(kept)


def _entry(each: Any) -> Any:
    return each if not isinstance(each, float) or math.isfinite(each) else str(each)


def _flat(nested: Any) -> str:
    """Nested lists as text on one line."""
    return f"[{', '.join(map(_flat, nested))}]" if isinstance(nested, list) else number(nested)


def _text(value: Any) -> str:
    """Plain data with rounded numbers and tensors by their entries."""
    if isinstance(value, Proxy):
        return repr(value)
    if wire.is_tensor(value):
        return _flat(value.detach().tolist()) if value.numel() <= VALUES_SHOWN else "tensor(…)"
    if isinstance(value, float):
        return number(value)
    if type(value) in (list, tuple):
        inside = ", ".join(_text(each) for each in value)
        return f"[{inside}]" if type(value) is list else f"({inside}{',' if len(value) == 1 else ''})"
    if type(value) is dict:
        return "{" + ", ".join(f"{name!r}: {_text(each)}" for name, each in value.items()) + "}"
    text = repr(value)
    return text if len(text) <= TEXT_SHOWN else text[:TEXT_SHOWN] + "…"


CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]|\x1b\[[0-9;?]*[A-Za-z]")


def clean(text: str) -> str:
    """Text without what a terminal would obey."""
    return CONTROL.sub("\ufffd", text.replace("\r\n", "\n"))


def learner_error(error: Mapping[str, Any], texts: Mapping[str, str]) -> LearnerError:
    """What a worker told of an exception, checked and cut; `texts` are the submission's files by path."""
    kind, message = clean(str(error.get("type", "")))[:100], clean(str(error.get("message", "")))[:2000]
    lines = _without_repeats([_line(each, texts) for each in error.get("frames", ()) if _is_frame(each, texts)])
    line = Seen()
    if lines:
        line = seen(error.get("names"), lines[-1].text, texts[lines[-1].path])
    return LearnerError(kind, message, tuple(lines), advice(kind, message, line), line.words)


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
    found = re.findall(r'File "([^"\n]+)", line (\d{1,9}) in ([^\n\0]+)', words)
    lines = [line_of(path, int(number), function.strip(), texts) for path, number, function in found if path in texts]
    return tuple(reversed(lines))[-5:]
