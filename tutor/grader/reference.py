"""A reference file, loaded: what is right about one exercise. Only ever imported by a grader, after the fork."""

from __future__ import annotations

import importlib.util
import sys
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from tutor.kit.declare import Mistake, Probe, Property


@dataclass(frozen=True)
class Reference:
    """The parts of a reference file."""

    properties: tuple[Property, ...]
    probes: str
    """Source text of its probes, for the worker."""
    mistakes: tuple[Mistake, ...]
    forbidden: tuple[str, ...]
    """Dotted names that a submission may not use."""


def load_reference(path: Path) -> Reference:
    """Import the file and collect its parts. Raises whatever the file raises, and ValueError if it has no property."""
    spec = importlib.util.spec_from_file_location("reference", path)
    if spec is None or spec.loader is None:
        raise ValueError(f"{path} is not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules["reference"] = module
    spec.loader.exec_module(module)
    values = list(vars(module).values())
    properties = tuple(each for each in values if isinstance(each, Property))
    if not properties:
        raise ValueError(f"{path} declares no property; write one with @prop")
    sources = [each.source for each in values if isinstance(each, Probe)]
    return Reference(properties, "\n\n".join(sources), _listed(module, "MISTAKES"), _listed(module, "FORBIDDEN"))


def _listed(module: ModuleType, name: str) -> tuple[Any, ...]:
    return tuple(getattr(module, name, ()))
