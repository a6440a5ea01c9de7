"""What this machine can do: matrix products by type, and moving numbers through memory; a few seconds of measuring.

Taken is the best of several tries, since all that disturbs a try makes it slower.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import torch

from tutor.trainer import memory
from tutor.trainer.devices import Device

_TRY_SECONDS = 0.15
"""About how long one try lasts."""
_TRIES = 4
_SIZES = {"cuda": 8192, "mps": 2048, "cpu": 2048}
"""Rows of the matrices, unless they take too long."""
_MOVED = {"cuda": 1 << 30, "mps": 1 << 28, "cpu": 1 << 28}
"""Bytes of what is copied: more than any cache holds."""


@dataclass(frozen=True)
class Machine:
    """What was measured."""

    matmul: dict[str, float]
    """TFLOP/s by type: 'float32', 'tf32', 'bfloat16', 'float16'; without those that the device does not multiply."""
    gigabytes_per_second: float
    """Read and written by a copy, both counted; 0 where there is no room for one."""


def measure(device: Device) -> Machine:
    """Measures with the threads that are set."""
    found = {name: figure for name in ("float32", "bfloat16", "float16") if (figure := matmul(device, name))}
    if device.name == "cuda" and torch.cuda.get_device_capability() >= (8, 0):
        found |= _tf32(device)
    return Machine(found, _bandwidth(device))


def matmul(device: Device, dtype: str) -> float:
    """TFLOP/s of products of square matrices, 0 where there are none."""
    try:
        size = _size(device, dtype)
        a, b = (torch.randn(size, size, device=device.name).to(getattr(torch, dtype)) for _ in range(2))
        return round(2 * size**3 / _best(lambda: a @ b, device) / 1e12, 4)
    except (RuntimeError, TypeError):  # a type that the device does not know, or no room
        return 0.0


def _size(device: Device, dtype: str) -> int:
    """The largest size up to the usual one whose product takes no more than a try."""
    size = 256
    while size < _SIZES[device.name]:
        a = torch.randn(size, size, device=device.name).to(getattr(torch, dtype))
        if 8 * _seconds(lambda a=a: a @ a, 2, device) / 2 > _TRY_SECONDS:  # type: ignore[misc]
            return size
        size *= 2
    return size


def _tf32(device: Device) -> dict[str, float]:
    before = torch.get_float32_matmul_precision()
    try:
        torch.set_float32_matmul_precision("highest")
        plain = matmul(device, "float32")
        torch.set_float32_matmul_precision("high")
        return {"float32": plain, "tf32": matmul(device, "float32")}
    finally:
        torch.set_float32_matmul_precision(before)


def _bandwidth(device: Device) -> float:
    try:
        source = torch.ones(_MOVED[device.name] // 4, device=device.name)
        target = torch.empty_like(source)
        return round(2 * _MOVED[device.name] / _best(lambda: target.copy_(source), device) / 1e9, 1)
    except RuntimeError as error:
        if not memory.is_out_of_memory(error):
            raise
        return 0.0


def _best(work: Callable[[], object], device: Device) -> float:
    """Seconds of one, in the fastest of some tries."""
    once = _seconds(work, 1, device)
    count = max(1, min(1000, int(_TRY_SECONDS / max(_seconds(work, 1, device), 1e-6))))
    return min([once, *(_seconds(work, count, device) / count for _ in range(_TRIES))])


def _seconds(work: Callable[[], object], count: int, device: Device) -> float:
    device.wait()
    start = time.perf_counter()
    for _ in range(count):
        work()
    device.wait()
    return time.perf_counter() - start
