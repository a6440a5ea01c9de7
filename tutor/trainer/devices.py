"""Choosing where to compute, and saying why.

Reduced precision is taken only where the chip is made for it and the model is large enough to gain: a small model
spends its time starting kernels, not multiplying.
"""

from __future__ import annotations

import contextlib
import os
import platform
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass

import torch

from tutor.core.errors import RunError

NAMES = ("auto", "cuda", "mps", "cpu")

_LARGE = 256
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
    def precision_name(self) -> str:
        """'float32', 'bfloat16' or 'float16'."""
        return str(self.precision).removeprefix("torch.")


def choose(asked: str, channels: int) -> Device:
    """The device asked for, or the best there is for 'auto'. Raises RunError if it is not there."""
    if asked not in NAMES:
        raise RunError(f"There is no device {asked!r}. Choose one of: {', '.join(NAMES)}.")
    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    name = next(each for each in NAMES[1:] if there[each]) if asked == "auto" else asked
    if not there[name]:
        raise RunError(f"{_MISSING[name]} Choose --device auto or --device cpu.")
    why = "asked for" if asked != "auto" else _WHY[name]
    if name == "cuda":
        return _cuda(why, channels)
    if name == "mps":
        small = "" if channels >= _LARGE else " A model this small may be as fast with --device cpu."
        return Device(name, f"Apple GPU ({platform.machine()})", torch.float32, f"{why}; in float32.{small}")
    return Device(name, _processor(), torch.float32, f"{why}; in float32.")


def set_up(device: Device, threads: int) -> None:
    """Fixes what the arithmetic depends on: threads, order of sums, TF32."""
    if threads:
        torch.set_num_threads(threads)
    if device.name == "cpu":
        # Sums of gradients into one row (an embedding used twice) are else added in any order by several threads.
        torch.use_deterministic_algorithms(True, warn_only=True)
        torch.utils.deterministic.fill_uninitialized_memory = False  # type: ignore[attr-defined]
    if device.name == "cuda" and torch.cuda.get_device_capability() >= (8, 0):
        torch.set_float32_matmul_precision("high")


def fastest_threads(step: Callable[[], object]) -> tuple[int, dict[int, float]]:
    """The number of threads at which `step` is fastest, and the milliseconds of each number tried.

    More threads are taken only where they gain a tenth: on a shared machine they wait for each other.
    """
    times: dict[int, float] = {}
    for count in _thread_counts():
        torch.set_num_threads(count)
        step()
        times[count] = _milliseconds(step)
    best = 1
    for count, time_taken in times.items():
        if time_taken < 0.9 * times[best]:
            best = count
    torch.set_num_threads(best)
    return best, times


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


def _cuda(why: str, channels: int) -> Device:
    label = torch.cuda.get_device_name()
    capability = torch.cuda.get_device_capability()
    if channels < _LARGE:
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


def _processor() -> str:
    with contextlib.suppress(OSError), open("/proc/cpuinfo", encoding="utf-8") as file:  # noqa: PTH123 (a device file)
        for line in file:
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine() or "processor"


def _thread_counts() -> list[int]:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    counts = [1]
    while counts[-1] * 2 <= cores:
        counts.append(counts[-1] * 2)
    return counts if counts[-1] == cores else [*counts, cores]


def _milliseconds(step: Callable[[], object]) -> float:
    """Mean time of a step over about half a second, three steps at least unless they are very slow."""
    start, count = time.perf_counter(), 0
    while (spent := time.perf_counter() - start) < 0.5 or (count < 3 and spent < 5):
        step()
        count += 1
    return 1000 * spent / count


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
