"""torch.compile where it works and pays; else the model as it is, with the reason."""

from __future__ import annotations

import importlib.util
import warnings
from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from tutor.trainer.descent import Forward

_EARNS = 180.0
"""Seconds of training from which compiling is tried: it takes up to a minute and saves about a third of the rest."""


def worth_trying(asked: str, device: str, seconds: float) -> str:
    """Why torch.compile is left out of a training of so many seconds, '' if it should be tried."""
    if asked == "on":
        return ""
    if asked == "off" or device != "cuda":
        return "off" if asked == "off" else f"not tried on {device}, where it seldom gains"
    if torch.cuda.get_device_capability() < (7, 0) or importlib.util.find_spec("triton") is None:
        return "left out: Triton is missing, or the chip is too old for it"
    if seconds < _EARNS:
        return f"left out: it takes about a minute, and the whole training about {seconds:.0f} s"
    return ""


def compiled(
    model: nn.Module, attempt: Callable[[Forward], float], *, even_if_slower: bool = False
) -> tuple[Forward, str]:
    """The compiled model and what it gains, or the model itself and why.

    `attempt` does some steps with what it is given and returns the milliseconds of one.
    """
    before = attempt(model)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what a compiler thinks of a model is nothing a learner can act on
            faster: Any = torch.compile(model)
            after = attempt(faster)
    except Exception as error:  # noqa: BLE001 (a compiler and the programs it starts may raise anything)
        torch._dynamo.reset()
        return model, f"left out, it does not work here: {_first_line(error)}"
    if after > 0.95 * before and not even_if_slower:
        torch._dynamo.reset()
        return model, f"left out: a step takes {before:.1f} ms without and {after:.1f} ms with it"
    torch._dynamo.config.suppress_errors = True  # whatever comes up later runs as it is
    return faster, f"used: a step takes {after:.1f} ms instead of {before:.1f} ms"


def _first_line(error: Exception) -> str:
    lines = [line.strip() for line in f"{type(error).__name__}: {error}".splitlines() if line.strip()]
    return lines[0][:160]
