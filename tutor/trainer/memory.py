"""Running out of memory: recognising it, and the next smaller part to try."""

from __future__ import annotations

import gc

import torch

_SIGNS = ("can't allocate memory", "not enough memory", "out of memory", "failed to allocate")
"""In the messages of PyTorch's allocators, which raise plain RuntimeErrors but for CUDA's."""


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an exception says that a tensor found no room."""
    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    return isinstance(error, RuntimeError) and any(sign in str(error).lower() for sign in _SIGNS)


def more_parts(windows: int, parts: int) -> int | None:
    """The next number of equal parts of so many windows, twice as many or a little more; None if each is one window."""
    return next((each for each in range(2 * parts, windows + 1) if windows % each == 0), None)


def give_back(device: str) -> None:
    """Returns what is free to the device, so that it can be cut anew."""
    gc.collect()
    if device == "cuda":
        torch.cuda.empty_cache()
    if device == "mps":
        torch.mps.empty_cache()
