"""Two texts side by side in one column: what only the first has is marked -, what only the second has +."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Sequence

from textual.content import Content

from tutor.tui.glyphs import clean

_STYLES = {"-": "$text-error", "+": "$text-success", "@": "$text-muted"}
_CONTEXT = 3


def difference(old: str, new: str, names: tuple[str, str]) -> Content:
    """The lines that differ, with those around them, or a sentence where there are none; `names` are the texts' own."""
    lines = list(difflib.unified_diff(old.splitlines(), new.splitlines(), n=_CONTEXT, lineterm=""))[2:]
    if not lines:
        return Content("Both are the same, line for line.")
    legend = Content.assemble((f"- only in {names[0]}", _STYLES["-"]), "   ", (f"+ only in {names[1]}", _STYLES["+"]))
    return Content("\n").join([legend, Content(), *_marked(lines)])


def _marked(lines: Sequence[str]) -> list[Content]:
    return [Content.styled(_place(line) if line[0] == "@" else clean(line), _STYLES.get(line[0], "")) for line in lines]


def _place(line: str) -> str:
    """'@@ -12,7 +12,9 @@' in words."""
    start = line.split()[1].lstrip("-").partition(",")[0]
    return f"from line {start}"


def without_page(text: str) -> str:
    """A file's text without the docstring at its top, which is a lesson and no answer; the text if it is no Python."""
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError):
        return text
    first = body[0] if body else None
    if not (
        isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    ):
        return text
    return "\n".join(text.splitlines()[first.end_lineno :]).strip("\n") + "\n"
