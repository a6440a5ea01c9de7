"""Published peaks of chips that people train on, and how much of them a training reaches.

All are for dense matrices; a data sheet's figures "with sparsity" are twice as high. Trainings that were published with
their times give the shares of the peaks that are reached.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tutor.core.presets import Shape

LARGE = 256
"""Channels from which the trainer takes a smaller type than float32."""


@dataclass(frozen=True)
class Chip:
    """One GPU, or the GPU of one Apple chip."""

    name: str
    gigabytes_per_second: float
    """Of its memory."""
    source: str
    """Where the figures were published."""
    float32: float
    """TFLOP/s of matrix products in float32, or in TF32 where the chip has that: the trainer then takes it."""
    half: float | None = None
    """TFLOP/s in bfloat16, or in float16 added up in float32; None where neither is faster than float32."""
    half_type: str = "bfloat16"
    """Which of the two."""
    single_type: str = "tf32"
    """What float32 is multiplied in."""
    apple: bool = False
    """Whether it is an Apple chip."""


@dataclass(frozen=True)
class Reach:
    """What a chip makes of its peak."""

    precision: str
    peak: float
    """TFLOP/s in that precision."""
    share: float
    """Part of the peak that a training reaches where multiplying is what takes time."""
    step_seconds: float
    """Time of one update, estimated."""
    tokens_per_second: float
    """Tokens drawn in a second, one text at a time, estimated."""


def reach(chip: Chip, shape: Shape, parameters: int, flops: float, windows: int) -> Reach:
    """What to expect of a chip for a step of so many FLOP on so many windows.

    The longest of three decides: multiplying at a share of the peak, moving numbers through memory, starting kernels.
    """
    half = chip.half if shape.n_embd >= LARGE else None
    precision = chip.half_type if half else chip.single_type
    peak = half or chip.float32
    share = _share(chip, peak, shape)
    moved = windows * shape.block_size * shape.n_embd * shape.n_layer * _BYTES_AN_ACTIVATION + 28 * parameters
    kernel = _APPLE_KERNEL if chip.apple else _KERNEL
    bandwidth = chip.gigabytes_per_second * 1e9 * _BANDWIDTH_SHARE
    step = max(flops / (peak * 1e12 * share), moved / bandwidth, kernel * (40 * shape.n_layer + 10))
    token = max(4 * parameters / bandwidth, kernel * (14 * shape.n_layer + 10))
    return Reach(precision, peak, share, step, 1 / token)


def find_chip(label: str) -> Chip | None:
    """The chip that a driver calls so ('NVIDIA A100-SXM4-80GB'), None for one whose peak is not in the table.

    A variant (Ti, Laptop, PCIe, NVL) has a peak of its own, so a word that is not known makes it another chip.
    """
    words = [each for each in re.split(r"[\s-]+", label) if not _SAYS_NOTHING.fullmatch(each)]
    return next((each for each in CHIPS if each.name.split() == words), None)


def published_peak(label: str, precision: str) -> float | None:
    """TFLOP/s of that chip in 'float32', 'bfloat16' or 'float16', as its data sheet has it."""
    chip = find_chip(label)
    if chip is None:
        return None
    return chip.float32 if precision == "float32" else chip.half


def _share(chip: Chip, peak: float, shape: Shape) -> float:
    if chip.apple:
        return 0.3
    by_size = _SHARES_LARGE if shape.n_embd >= 768 else _SHARES
    return next(share for limit, share in by_size if peak > limit)


_SAYS_NOTHING = re.compile(r"NVIDIA|GeForce|SXM\d?|HBM\d?e?|\d+GB|(?i:cuda)")
"""Words of a label that do not change the peak."""

_SHARES = ((250, 0.16), (100, 0.3), (20, 0.4), (0, 0.5))
"""TFLOP/s above which that share is reached by a model of 10 million parameters. Published: 0.16 on an A100 (nanoGPT),
0.31 to 0.38 on an RTX A6000 (nanoGPT's pull request 225), 0.43 in float32 on an A100 (lecture 7)."""
_SHARES_LARGE = ((250, 0.35), (0, 0.5))
"""The same for GPT-2's sizes. Published: 0.29 (nanoGPT) and 0.61 (llm.c) on an A100, 0.55 on an RTX 4090."""
_BYTES_AN_ACTIVATION = 265
"""Bytes moved in a step for each token, channel and layer: a step of the preset baby moves about 10 GB."""
_BANDWIDTH_SHARE = 0.7
_KERNEL = 20e-6
"""Seconds to start a kernel from Python; a step starts about 40 for each layer, and a drawn token 14."""
_APPLE_KERNEL = 350e-6
"""The same on an Apple GPU. Published: 55 to 67 ms a step of nanoGPT's smallest shape on an M1 (its issue 28)."""

_GEFORCE = "data sheet; nanochat and llm.c use the same"
_APPLE = "published measurements of Apple's GPUs"

CHIPS = (
    Chip("GTX 1080 Ti", 484, "data sheet", 11.34, single_type="float32"),
    Chip("RTX 2080 Ti", 616, "data sheet", 13.45, 53.8, "float16", "float32"),
    Chip("RTX 3060", 360, _GEFORCE, 12.7, 25.5),
    Chip("RTX 3090", 936, _GEFORCE, 35.6, 71),
    Chip("RTX 4090", 1010, _GEFORCE, 82.6, 165.2),
    Chip("RTX 5090", 1790, _GEFORCE, 104.8, 209.5),
    Chip("L4", 300, _GEFORCE, 60.5, 121),
    Chip("A100", 1555, "data sheet", 156, 312),
    Chip("H100", 3350, "data sheet", 494, 989),
    Chip("H200", 4800, "data sheet", 494, 989),
    Chip("Apple M1", 68, _APPLE, 2.6, single_type="float32", apple=True),
    Chip("Apple M3", 100, _APPLE, 3.58, single_type="float32", apple=True),
    Chip("Apple M1 Pro", 200, _APPLE, 5.2, single_type="float32", apple=True),
    Chip("Apple M1 Max", 400, _APPLE, 10.4, single_type="float32", apple=True),
    Chip("Apple M2 Max", 400, _APPLE, 13.6, single_type="float32", apple=True),
)
