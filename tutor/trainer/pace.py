"""What is fastest here is found by trying: threads of a processor, and bfloat16 on it."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable

import torch


def fastest_threads(step: Callable[[], object]) -> tuple[int, dict[int, float]]:
    """The number of threads at which `step` is fastest, and the milliseconds of each number tried.

    More threads are taken only where they gain a tenth: on a shared machine they wait for each other.
    """
    times: dict[int, float] = {}
    for count in _thread_counts():
        torch.set_num_threads(count)
        times[count] = milliseconds(step)
    best = 1
    for count, time_taken in times.items():
        if time_taken < 0.9 * times[best]:
            best = count
    torch.set_num_threads(best)
    return best, times


def milliseconds(step: Callable[[], object], seconds: float = 0.4) -> float:
    """Median time of a step after a first one; tried for about so long, three times at least unless it is very slow."""
    step()
    start, times = time.perf_counter(), [0.0]
    while (spent := time.perf_counter() - start) < seconds or (len(times) < 4 and spent < 5):
        before = time.perf_counter()
        step()
        times.append(time.perf_counter() - before)
    return 1000 * statistics.median(times[1:])


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _thread_counts() -> list[int]:
    counts = [1]
    while counts[-1] * 2 <= cores():
        counts.append(counts[-1] * 2)
    return counts if counts[-1] == cores() else [*counts, cores()]
