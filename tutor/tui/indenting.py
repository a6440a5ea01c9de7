"""Where a line of Python begins: after a new line, and moved in or out."""

from __future__ import annotations

import re
from collections.abc import Sequence

STEP = 4
_LEAVES = re.compile(r"(return|raise|pass|break|continue)\b")
_REST = re.compile(r"\s*(#.*)?$")
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")


def begun(before: str) -> str:
    """The spaces that a new line begins with, where `before` stands to the left of the cursor.

    One step more after a colon or an open bracket, one less after what leaves a block.
    """
    own = before[: len(before) - len(before.lstrip())]
    code = _REST.sub("", _QUOTED.sub("''", before)).strip()
    opened = sum(code.count(each) for each in "([{") - sum(code.count(each) for each in ")]}")
    if opened > 0 or code.endswith(":"):
        return own + " " * STEP
    return own[:-STEP] if opened == 0 and _LEAVES.match(code) else own


def moved_in(lines: Sequence[str]) -> list[str]:
    """The lines one step to the right; those that hold nothing stay empty."""
    return [f"{' ' * STEP}{line}" if line.strip() else line for line in lines]


def moved_out(lines: Sequence[str]) -> list[str]:
    """The lines one step to the left, as far as they begin with space."""
    return [re.sub(rf"^(\t| {{1,{STEP}}})", "", line) for line in lines]
