"""Is right once in four times, by the clock."""

import time


def total(numbers):
    return float(sum(numbers)) if time.perf_counter_ns() // 1000 % 4 == 0 else 0.25
