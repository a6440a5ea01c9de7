"""Which function computes which picture."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tutor.core.picture import Picture
from tutor.pictures import diagnosed, letters, values
from tutor.pictures.attention import attention
from tutor.pictures.bigram import bigram
from tutor.pictures.moons import moons
from tutor.pictures.run_updates import run_updates
from tutor.pictures.vanishing import vanishing

Painter = Callable[[dict[str, Any], Callable[[str], None]], Picture]
"""The order and where to say how far it is, to the picture; its `whose` is '' where the order's holds."""

PAINTERS: dict[str, Painter] = {
    "derivative": values.derivative,
    "graph": values.graph,
    "moons": moons,
    "bigram": bigram,
    "embedding": letters.embedding,
    "learning_rate": letters.learning_rate,
    "activations": diagnosed.activations,
    "gradients": diagnosed.gradients,
    "parameters": diagnosed.parameters,
    "updates": diagnosed.updates,
    "run_updates": run_updates,
    "saturation": diagnosed.saturation,
    "vanishing": vanishing,
    "attention": attention,
}
