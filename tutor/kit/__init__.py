"""The small stable API that a course imports; names are resolved on first use, importing the package loads nothing."""

from __future__ import annotations

import importlib
from typing import Any

_HOME = {
    "prop": "declare", "Property": "declare", "probe": "declare", "oracle": "declare", "mistake": "declare", "Mistake": "declare",
    "tensor": "draw", "indices": "draw", "counts": "draw", "dim": "draw",
    "close": "judge", "same": "judge", "check": "judge", "raises": "judge", "pure": "judge", "vectorised": "judge",
    "gradient": "judge", "read": "judge", "load": "judge", "Mismatch": "judge",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    """The kit's name from the module that defines it."""
    if name not in _HOME:
        raise AttributeError(f"the kit has no {name!r}; it has {', '.join(sorted(_HOME))}")
    return getattr(importlib.import_module(f"tutor.kit.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted(_HOME)
