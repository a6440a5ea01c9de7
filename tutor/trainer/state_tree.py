"""Any optimizer's state as tensors with names and an outline of plain JSON, and back.

Of what a learner's own `state_dict()` returns nothing is known but that it is made of dicts, lists, tuples, tensors and
plain values. Reading it back builds these and nothing else.
"""

from __future__ import annotations

from typing import Any

from torch import Tensor

from tutor.core.errors import RunError


def flatten(value: Any, name: str, tensors: dict[str, Tensor]) -> Any:
    """The outline of `value`; its tensors are added to `tensors` under `name` and numbers.

    Raises RunError for anything that is not plain.
    """
    if isinstance(value, Tensor):
        key = f"{name}.{len(tensors)}"
        tensors[key] = value
        return {"tensor": key, "device": value.device.type}
    if isinstance(value, dict):
        return {"dict": [[_plain(key), flatten(each, name, tensors)] for key, each in value.items()]}
    if isinstance(value, list | tuple):
        kind = "list" if isinstance(value, list) else "tuple"
        return {kind: [flatten(each, name, tensors) for each in value]}
    return _plain(value)


def rebuild(outline: Any, tensors: dict[str, Tensor], device: str) -> Any:
    """The reverse of `flatten`; what was not on the CPU comes to `device`. Raises ValueError, KeyError, TypeError."""
    if not isinstance(outline, dict):
        return outline
    if "tensor" in outline:
        return tensors[outline["tensor"]].to("cpu" if outline["device"] == "cpu" else device)
    if "dict" in outline:
        return {key: rebuild(each, tensors, device) for key, each in outline["dict"]}
    kind = list if "list" in outline else tuple
    return kind(rebuild(each, tensors, device) for each in outline[kind.__name__])


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise RunError(_REFUSED.format(type(value).__name__))


_REFUSED = (
    "The optimizer's state holds a {}, which a checkpoint cannot. In training/adamw, state_dict() must return dicts, "
    "lists, tensors and numbers."
)
