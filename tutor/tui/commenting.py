"""Lines of Python commented out, and in again."""

from __future__ import annotations

import re
from collections.abc import Sequence

_COMMENT = re.compile(r"(\s*)# ?(.*)")


def toggled(lines: Sequence[str]) -> list[str]:
    """The lines as comments at their common indent; where all that hold something are comments, without the marks."""
    written = [line for line in lines if line.strip()]
    if written and all(line.lstrip().startswith("#") for line in written):
        return [_COMMENT.sub(r"\1\2", line, count=1) if line.strip() else line for line in lines]
    indent = min((len(line) - len(line.lstrip()) for line in written), default=0)
    return [f"{line[:indent]}# {line[indent:]}" if line.strip() else line for line in lines]
