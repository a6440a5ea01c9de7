"""Choosing where to compute and in which precision, and saying why.

Reduced precision is taken only where the chip is made for it and the model is large enough to gain: a small model
spends its time starting kernels, not multiplying.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass

import psutil
import torch

from tutor.core.errors import RunError

NAMES = ("auto", "cuda", "mps", "cpu")

_PROCESS = psutil.Process()

LARGE = 256
"""Channels from which matrix products outweigh the start of kernels."""


@dataclass(frozen=True)
class Device:
    """Where and in which precision to compute."""

    name: str
    """'cuda', 'mps' or 'cpu'."""
    label: str
    """The chip's name."""
    precision: torch.dtype
    """float32, or the type of matrix products under autocast."""
    reason: str
    """Why, in a sentence or two."""

    def autocast(self) -> AbstractContextManager[object]:
        """The context in which forward passes run."""
        if self.precision == torch.float32:
            return contextlib.nullcontext()
        return torch.autocast(self.name, dtype=self.precision)

    @property
    def scales_loss(self) -> bool:
        """Whether small gradients would vanish: float16 has few exponents, bfloat16 has those of float32."""
        return self.precision == torch.float16

    @property
    def precision_name(self) -> str:
        """'float32', 'bfloat16' or 'float16'."""
        return str(self.precision).removeprefix("torch.")

    def memory(self) -> int:
        """Bytes that tensors took at most so far; on a processor, those of the whole process now."""
        if self.name == "cuda":
            return torch.cuda.max_memory_allocated()
        if self.name == "mps":
            return torch.mps.driver_allocated_memory()
        return int(_PROCESS.memory_info().rss)

    def wait(self) -> None:
        """Until all work that was handed to the device is done."""
        if self.name == "cuda":
            torch.cuda.synchronize()
        if self.name == "mps":
            torch.mps.synchronize()


def choose(asked: str, channels: int, precision: str = "auto") -> Device:
    """The device asked for, or the best there is for 'auto'. Raises RunError if it is not there."""
    if asked not in NAMES:
        raise RunError(f"There is no device {asked!r}. Choose one of: {', '.join(NAMES)}.")
    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    name = next(each for each in NAMES[1:] if there[each]) if asked == "auto" else asked
    if not there[name]:
        raise RunError(f"{_MISSING[name]} Choose --device auto or --device cpu.")
    why = "asked for" if asked != "auto" else _WHY[name]
    if precision != "auto":
        return _with_precision(name, why, precision)
    if name == "cuda":
        return _cuda(why, channels)
    if name == "mps":
        small = "" if channels >= LARGE else " A model this small may be as fast with --device cpu."
        return Device(name, _label(name), torch.float32, f"{why}; in float32.{small}")
    return Device(name, _label(name), torch.float32, f"{why}; in float32.")


def set_up(device: Device, threads: int, *, deterministic: bool = False) -> None:
    """Fixes what the arithmetic depends on: threads, order of sums, TF32."""
    if threads:
        torch.set_num_threads(threads)
    if device.name == "cpu" or deterministic:
        # Sums of gradients into one row (an embedding used twice) are else added in any order by several threads.
        os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # read when CUDA multiplies for the first time
        torch.use_deterministic_algorithms(True, warn_only=True)
        torch.utils.deterministic.fill_uninitialized_memory = False  # type: ignore[attr-defined]
    if device.name == "cpu" and sys.platform == "linux":
        _keep_freed_memory()
    if device.name == "cuda" and torch.cuda.get_device_capability() >= (8, 0):
        torch.set_float32_matmul_precision("high")


@contextlib.contextmanager
def untouched_randomness(device: Device) -> Iterator[None]:
    """Puts the random numbers back to where they were: what happens inside leaves no trace in the training."""
    before = random_state(device)
    try:
        yield
    finally:
        set_random_state(device, before)


def random_state(device: Device) -> dict[str, torch.Tensor]:
    """The states of torch's own generators."""
    states = {"cpu": torch.get_rng_state()}
    if device.name == "cuda":
        states["cuda"] = torch.cuda.get_rng_state()
    if device.name == "mps":
        states["mps"] = torch.mps.get_rng_state()
    return states


def set_random_state(device: Device, states: dict[str, torch.Tensor]) -> None:
    """The reverse of `random_state`; states of a device that is not in use are left aside."""
    torch.set_rng_state(states["cpu"])
    if device.name == "cuda" and "cuda" in states:
        torch.cuda.set_rng_state(states["cuda"])
    if device.name == "mps" and "mps" in states:
        torch.mps.set_rng_state(states["mps"])


def _with_precision(name: str, why: str, precision: str) -> Device:
    """The device with a precision that was asked for. Raises RunError if it cannot compute in that."""
    dtype: torch.dtype = getattr(torch, precision)
    if name == "mps" and dtype == torch.bfloat16:
        raise RunError("Training in bfloat16 is not safe on Apple GPUs. Choose --precision float32.")
    if name == "cuda" and dtype == torch.bfloat16 and torch.cuda.get_device_capability() < (8, 0):
        raise RunError(f"{_label(name)} cannot multiply in bfloat16. Choose --precision float16 or float32.")
    scaled = " with a scaled loss" if dtype == torch.float16 else ""
    return Device(name, _label(name), dtype, f"{why}; {precision}{scaled} as asked for.")


def _cuda(why: str, channels: int) -> Device:
    label, capability = _label("cuda"), torch.cuda.get_device_capability()
    if channels < LARGE:
        return Device("cuda", label, torch.float32, f"{why}; in float32, because the model is small.")
    if capability >= (8, 0):
        return Device(
            "cuda", label, torch.bfloat16, f"{why}; matrix products in bfloat16, which this chip is made for."
        )
    if capability >= (7, 0):
        return Device(
            "cuda", label, torch.float16, f"{why}; matrix products in float16 with a scaled loss: no bfloat16 here."
        )
    return Device("cuda", label, torch.float32, f"{why}; in float32: this chip has no fast smaller type.")


def _keep_freed_memory() -> None:
    """Lets the C library keep what tensors give back: else each step gets it anew from the system, page by page."""
    with contextlib.suppress(OSError, AttributeError):  # a C library other than GNU's has its own ways
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(-3, 32 << 20)  # M_MMAP_THRESHOLD, at its highest
        mallopt(-1, 2**31 - 1)  # M_TRIM_THRESHOLD


def _label(name: str) -> str:
    if name == "cuda":
        return torch.cuda.get_device_name()
    return f"Apple GPU ({platform.machine()})" if name == "mps" else _processor()


def _processor() -> str:
    with contextlib.suppress(OSError), open("/proc/cpuinfo", encoding="utf-8") as file:  # noqa: PTH123 (a device file)
        for line in file:
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine() or "processor"


_WHY = {
    "cuda": "an NVIDIA or ROCm GPU was found",
    "mps": "an Apple GPU was found",
    "cpu": "no CUDA and no Apple GPU was found",
}

_MISSING = {
    "cuda": "No CUDA device can be used: there is none, its driver is missing, or this torch was built without CUDA.",
    "mps": "No Apple GPU can be used here: it needs an Apple chip, macOS 12.3 and an arm64 Python.",
    "cpu": "",
}
