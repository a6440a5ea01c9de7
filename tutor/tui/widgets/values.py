"""Values of a counterexample as text for a pane: entries that differ carry a star, so that no colour is needed.

grid         a value as tutor.core.grid lays it out
shown_lines  a value under its name, with type and shape
arguments    the drawn values of a case
pair         expected and actual, side by side where they fit, else one under the other
"""

from __future__ import annotations

from collections.abc import Mapping

from rich.cells import cell_len
from textual.content import Content

from tutor.core.grid import kind, lines
from tutor.core.report import Shown
from tutor.tui.glyphs import clean

_PLAIN = ("int", "float", "bool", "str", "NoneType")
_MARKED = "bold $text-error"
_NAME = "bold $text-accent"
_KIND = "$text-muted"


def grid(value: Shown) -> Content:
    """The value laid out, the entries that differ in another colour too."""
    rows = (
        Content.assemble(*((clean(piece.text), _MARKED if piece.marked else "") for piece in row))
        for row in lines(value)
    )
    return Content("\n").join(rows)


def shown_lines(name: str, value: Shown) -> Content:
    """The name and kind, then the value: on one line if it has one line only."""
    head = Content.assemble((clean(name), _NAME), " ", (clean(kind(value)), _KIND))
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
    left, right = _column("expected", expected), _column("yours", actual)
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


def _column(name: str, value: Shown) -> list[Content]:
    return [Content.assemble((name, _NAME), " ", (clean(kind(value)), _KIND)), *grid(value).split()]
