"""Values of a counterexample as text for a pane: entries that differ carry a star, so that no colour is needed.

grid         the entries of a small tensor, rows aligned, nested like the lists that make it
shown_lines  a value under its name, with type and shape
arguments    the drawn values of a case
pair         expected and actual, side by side where they fit, else one under the other
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod

from rich.cells import cell_len
from textual.content import Content

from tutor.core.render import clean
from tutor.core.report import Shown

MARK = "*"
"""Behind each entry that differs."""
_PLAIN = ("int", "float", "bool", "str", "NoneType")
_MARKED = "bold $text-error"
_NAME = "bold $text-accent"
_KIND = "$text-muted"


def kind(value: Shown) -> str:
    """'float64 (2, 3)' of a tensor, 'list' of anything else."""
    return f"{value.dtype} {value.shape}" if value.kind == "tensor" else value.kind


def grid(value: Shown, width: int = 0) -> Content:
    """The value's text; that of a small tensor is laid out from its entries, each at least `width` cells wide."""
    texts = _entries(value)
    if not texts:
        return Content(clean(value.text))
    marks = set(value.marks)
    width = max(width, max(map(len, texts)))
    cells = [Content.styled(text.rjust(width), _MARKED if i in marks else "") for i, text in enumerate(texts)]
    return _nested(cells, value.shape, 0)


def _entries(value: Shown) -> list[str]:
    """The entries of a small tensor as text, the marked ones with their star; [] of anything else."""
    if value.kind != "tensor" or len(value.values) != prod(value.shape):
        return []
    marks = set(value.marks)
    blank = " " if marks else ""  # keeps the digits of unmarked entries in line with those of marked ones
    return [_number(each) + (MARK if place in marks else blank) for place, each in enumerate(value.values)]


def _nested(cells: Sequence[Content], shape: tuple[int, ...], depth: int) -> Content:
    if not shape:
        return cells[0]
    if len(shape) == 1:
        return Content.assemble("[", Content(", ").join(cells), "]")
    size = len(cells) // shape[0]
    rows = [_nested(cells[start : start + size], shape[1:], depth + 1) for start in range(0, len(cells), size)]
    return Content.assemble("[", Content(",\n" + " " * (depth + 1)).join(rows), "]")


def _number(value: float | int | bool | str) -> str:
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() and abs(value) < 1e5 else f"{value:.4g}"
    return clean(str(value))


def shown_lines(name: str, value: Shown) -> Content:
    """The name and kind, then the value: on one line if it has one line only."""
    head = Content.assemble((clean(name), _NAME), " ", (kind(value), _KIND))
    body = grid(value)
    between = "\n" if "\n" in body.plain else "  "
    return Content.assemble(head, between, body)


def arguments(values: Mapping[str, Shown]) -> list[Content]:
    """The drawn values: plain numbers on one line, each tensor or list under its name."""
    plain = {name: value for name, value in values.items() if value.kind in _PLAIN and len(value.text) <= 20}
    short = [Content.assemble((clean(name), _NAME), f" = {clean(value.text)}") for name, value in plain.items()]
    long = [shown_lines(name, value) for name, value in values.items() if name not in plain]
    return [*([Content("   ").join(short)] if short else []), *long]


def pair(expected: Shown, actual: Shown, width: int) -> Content:
    """Both values under headings, side by side if `width` cells are enough for it."""
    entry = max((len(text) for value in (expected, actual) for text in _entries(value)), default=0)
    left, right = _column("expected", expected, entry), _column("yours", actual, entry)
    widest = max(cell_len(line.plain) for line in left)
    if widest + 3 + max(cell_len(line.plain) for line in right) > width:
        return Content("\n").join([*left, *right])
    height = max(len(left), len(right))
    left += [Content()] * (height - len(left))
    right += [Content()] * (height - len(right))
    rows = (
        Content.assemble(a.pad_right(widest - cell_len(a.plain)), "   ", b) for a, b in zip(left, right, strict=True)
    )
    return Content("\n").join(rows)


def _column(name: str, value: Shown, entry: int) -> list[Content]:
    return [Content.assemble((name, _NAME), " ", (kind(value), _KIND)), *grid(value, entry).split()]
