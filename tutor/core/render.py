"""Reports as text for a terminal or a log: nothing is decided here, and nothing a learner prints can steer a terminal.

Style          whether colours may be used
report_text    one report, with what a learner needs to go on
trouble        what is wrong first, in a sentence
"""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from tutor.core.batch import Result
from tutor.core.grid import MARK, kind, plain
from tutor.core.report import Counterexample, LearnerError, PropertyResult, Report, Shown, Verdict

_COLOURS = {"passed": "32", "unwritten": "33", "skipped": "33", "started": "33", "new": "2", "refused": "35"}
_RED = "31"
_INDENT = " " * 13
_ONE_LINE = 60
"""A value longer than this gets lines of its own."""


@dataclass(frozen=True)
class Style:
    """How text may look."""

    colour: bool = False
    """False under NO_COLOR and where the output is no terminal."""

    def verdict(self, word: str, width: int = 0) -> str:
        """A verdict or state as a word, in its colour where there is one."""
        return self._paint(_COLOURS.get(word, _RED), word.ljust(width))

    def mark(self, word: str, ok: bool) -> str:
        """A word that is good or bad news, in its colour."""
        return self._paint("32" if ok else _RED, word)

    def strong(self, text: str) -> str:
        """A heading."""
        return self._paint("1", text)

    def faint(self, text: str) -> str:
        """Something to skip over."""
        return self._paint("2", text)

    def _paint(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour and text else text


def clean(text: str) -> str:
    """Text in which control characters, escape sequences and invisible marks are spelled out; lines stay lines."""
    if text.isprintable():  # as nearly all is that a screen shows
        return text
    return "".join(each if each in "\n\t" or not _steers(each) else _spelled(each) for each in text)


def one_line(text: str) -> str:
    """Text made clean, its line ends and tabs spelled out too: a name or a cell that can break no row."""
    return clean(text).replace("\n", "\\n").replace("\t", "\\t")


def _steers(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")


def _spelled(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def report_text(report: Report, style: Style, *, hint: bool = True) -> str:
    """One report: a line per property, the counterexamples, the recognised mistake, what was borrowed.

    With `hint`, a report that did not pass ends with how to get a hint.
    """
    lines = [_heading(report, style)]
    if report.message:
        lines += _wrapped(report.message, "  ")
    if report.error:
        lines += _error_lines(report.error, "  ", report.message)
    if any(each.verdict not in (Verdict.UNWRITTEN, Verdict.SKIPPED) for each in report.properties):
        first = next((each for each in report.properties if not _held(each)), None)
        for each in report.properties:
            lines += _property_lines(each, style, mistake=report.mistake if each is first else "")
    lines += _ending(report, style, hint)
    return "\n".join(lines)


def _heading(report: Report, style: Style) -> str:
    place = f"{report.path} · sha256 {report.sha256[:12]} · seed {report.seed} · {report.cases} cases"
    return f"{style.strong(report.exercise)}  {style.verdict(report.verdict)}  {style.faint(clean(place))}"


def _property_lines(result: PropertyResult, style: Style, mistake: str = "") -> list[str]:
    head, *rest = textwrap.wrap(clean(result.sentence) or result.name, 100) or [result.name]
    lines = [f"  {style.verdict(result.verdict, 9)}  {head}", *(_INDENT + each for each in rest)]
    if result.message and result.verdict is not Verdict.PASSED:
        lines += _wrapped(result.message, _INDENT)
    if mistake:
        lines += [f"{_INDENT}{style.strong('Recognised:')}", *_wrapped(mistake, _INDENT)]
    if result.counterexample:
        lines += _counterexample_lines(result.counterexample, result.message)
    if result.error:
        lines += _error_lines(result.error, _INDENT, result.message)
    if result.printed and result.verdict is not Verdict.PASSED:
        lines += _value_lines("printed", clean(result.printed).rstrip())
    return lines


def _counterexample_lines(found: Counterexample, message: str) -> list[str]:
    """The drawn values, the call and what came of it; what `message` says already is not said again."""
    lines: list[str] = []
    for name, value in found.arguments.items():
        lines += _shown_lines(name, value)
    if found.call:
        lines += _value_lines("call", clean(found.call))
    if found.expected:
        lines += _shown_lines("expected", found.expected)
    if found.actual:
        lines += _shown_lines("actual", found.actual)
    if found.actual and found.actual.marks:
        lines.append(f"{_INDENT}({MARK} differs)")
    if found.difference and found.difference not in message:
        lines += _wrapped(": ".join(filter(None, (found.what, found.difference))), _INDENT)
    if not found.shrunk:
        lines.append(f"{_INDENT}(the first failing case; it was not made smaller)")
    elif found.cut:
        lines.append(f"{_INDENT}(the search for a smaller case was cut off by its limits)")
    return lines


def _shown_lines(name: str, value: Shown) -> list[str]:
    return _value_lines(clean(f"{name} ({kind(value)})"), clean(plain(value)))


def _value_lines(name: str, text: str) -> list[str]:
    if "\n" not in text and len(text) <= _ONE_LINE:
        return [f"{_INDENT}{name}: {text}"]
    return [f"{_INDENT}{name}:", *(f"{_INDENT}    {each}" for each in text.split("\n"))]


def _error_lines(error: LearnerError, indent: str, told: str = "") -> list[str]:
    """The learner's own lines and the exception; what `told` said already is not said again."""
    lines = [f"{indent}{clean(line.path)}, line {line.number}: {clean(line.text)}" for line in error.lines]
    if error.names:
        lines += _wrapped(" · ".join(error.names), indent + "    ")
    if not told or error.message != told:
        lines += _wrapped(f"{error.type}: {error.message}" if error.message else error.type, indent)
    return lines + (_wrapped(error.advice, indent) if error.advice and error.advice not in told else [])


def _ending(report: Report, style: Style, hint: bool) -> list[str]:
    lines: list[str] = []
    borrowed = [need.exercise for need in report.needs if need.borrowed]
    if borrowed:
        reason = ", because yours has not passed" if hint else ""  # a class may be graded by another policy
        lines += _wrapped(f"Borrowed from the solutions{reason}: {', '.join(borrowed)}.", "  ")
    if hint and report.verdict not in (Verdict.PASSED, Verdict.ERROR):
        lines.append(style.faint(f"  For a hint: tutor hint {report.exercise}"))
    return lines


def result_text(result: Result, style: Style, *, hint: bool = True) -> str:
    """One result of a batch: its report, or why there is none."""
    if result.report:
        return report_text(result.report, style, hint=hint)
    name = result.exercise or clean(result.submission)
    return "\n".join([f"{style.strong(name)}  {style.verdict(result.outcome)}", *_wrapped(result.problem, "  ")])


def results_text(results: Iterable[Result], style: Style) -> str:
    """Every result in full, for someone who is not the learner."""
    return "".join(f"{result_text(each, style, hint=False)}\n\n" for each in results)


def trouble(result: Result) -> str:
    """The first thing that is wrong with it, as its author is told; '' if nothing is."""
    if result.report is None:
        return result.problem
    if result.report.message:
        return result.report.message
    first = next((each for each in result.report.properties if not _held(each)), None)
    return f"{first.sentence} {first.message}".strip() if first else ""


def property_text(result: PropertyResult, style: Style, mistake: str = "") -> str:
    """One property: its sentence, and all that is known of why it does not hold."""
    return "\n".join(_property_lines(result, style, mistake))


def held(result: Result) -> tuple[int, int]:
    """How many properties hold, and how many there are."""
    properties = result.report.properties if result.report else ()
    return sum(map(_held, properties)), len(properties)


def _held(result: PropertyResult) -> bool:
    return result.verdict is Verdict.PASSED


def summary(results: Iterable[Result]) -> str:
    """'3 of 5 passed.', with what else happened."""
    outcomes = [each.report.verdict.value if each.report else each.outcome for each in results]
    others = [f"{outcomes.count(word)} {word}" for word in dict.fromkeys(outcomes) if word != "passed"]
    return f"{outcomes.count('passed')} of {len(outcomes)} passed{''.join(', ' + each for each in others)}."


def _wrapped(text: str, indent: str) -> list[str]:
    """The text's lines, long ones broken, each after `indent`."""
    lines = clean(text).split("\n")
    return [indent + part for line in lines for part in (textwrap.wrap(line, 112 - len(indent)) or [""])]
