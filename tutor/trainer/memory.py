"""Running out of memory: work on a batch is cut into more parts until it fits."""

from __future__ import annotations

import gc
from collections.abc import Callable
from typing import TypeVar

import torch

from tutor.core.errors import RunError
from tutor.trainer.ranks import World

T = TypeVar("T")

_SIGNS = ("can't allocate memory", "not enough memory", "out of memory", "failed to allocate")
"""In the messages of PyTorch's allocators, which raise plain RuntimeErrors but for CUDA's."""


class Room:
    """The number of equal parts in which a batch finds room."""

    def __init__(self, parts: int, device: str, world: World | None = None) -> None:
        self.parts, self._device, self._many = parts, device, world is not None and world.size > 1

    def fit(self, work: Callable[[int], T], windows: int) -> T:
        """What `work(parts)` returns, with as many parts as it needs. Raises RunError if one window is too much.

        Processes that wait for each other cannot try again alone, so there it raises at once and names the next try.
        """
        while True:
            try:
                return work(self.parts)
            except Exception as error:
                if not is_out_of_memory(error):
                    raise
            _give_back(self._device)
            parts = more_parts(windows, self.parts)
            if parts is None:
                raise RunError(
                    "Out of memory with a single window of text. Start a new run with a smaller --set block_size, "
                    "n_layer or n_embd, or with --device cpu."
                )
            if self._many:
                raise RunError(
                    f"Out of memory with {windows // self.parts} windows at once in each process. Start a new run "
                    f"with --accumulation {parts}, for the same updates in smaller parts."
                )
            self.parts = parts


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an exception says that a tensor found no room."""
    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    return isinstance(error, RuntimeError) and any(sign in str(error).lower() for sign in _SIGNS)


def more_parts(windows: int, parts: int) -> int | None:
    """The next number of equal parts of so many windows, twice as many or a little more; None if each is one window."""
    return next((each for each in range(2 * parts, windows + 1) if windows % each == 0), None)


def _give_back(device: str) -> None:
    """Returns what is free to the device, so that it can be cut anew."""
    gc.collect()
    if device == "cuda":
        torch.cuda.empty_cache()
    if device == "mps":
        torch.mps.empty_cache()
