"""Which function computes which picture."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tutor.core.picture import Picture
from tutor.pictures import values

Painter = Callable[[dict[str, Any], Callable[[str], None]], Picture]
"""The order and where to say how far it is, to the picture; its `whose` is '' where the order's holds."""

PAINTERS: dict[str, Painter] = {
    "derivative": values.derivative,
    "graph": values.graph,
}
