"""The tanh form of GELU for CPUs: the same function by a sigmoid, which they compute in half the time of a tanh.

    0.5·x·(1 + tanh(u)) = x·σ(2u),   u = √(2/π)·(x + 0.044715·x³)

GPUs keep PyTorch's own kernel, which reads and writes the numbers once.
"""

from __future__ import annotations

import math
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812 (its usual name)
from torch import Tensor

_A = 2 * math.sqrt(2 / math.pi)
_B = 0.044715 * _A


class _BySigmoid(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        s = torch.square(x).mul_(_B).add_(_A).mul_(x).sigmoid_()
        ctx.save_for_backward(x, s)
        return x * s

    @staticmethod
    def backward(ctx: Any, upstream: Tensor) -> Tensor:
        x, s = ctx.saved_tensors
        slope = torch.square(x).mul_(3 * _B).add_(_A).mul_(x)  # x times the derivative of what the sigmoid is of
        return slope.mul_(1 - s).add_(1).mul_(s).mul_(upstream)


_LARGE = 1 << 16
"""Numbers from which the sigmoid wins more than a function of our own costs."""


def gelu(x: Tensor) -> Tensor:
    """GELU of every entry, any shape to the same shape."""
    if (
        x.device.type == "cpu"
        and x.requires_grad
        and x.numel() >= _LARGE
        and x.dtype == torch.float32
        and not torch.compiler.is_compiling()
    ):
        y: Tensor = _BySigmoid.apply(x)  # type: ignore[no-untyped-call]
        return y
    return F.gelu(x, approximate="tanh")
