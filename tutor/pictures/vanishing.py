"""How far back a gradient reaches: a plain RNN beside the learner's LSTM, both fresh and of the same size."""

from __future__ import annotations

import importlib
import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from tutor.core.picture import Lines, Picture, Row, Series
from tutor.pictures.settings import read_settings, whole

BATCH, INPUTS, HIDDEN = 16, 16, 32
Step = Callable[[Tensor], Tensor]
"""One time step: x [B, INPUTS] to the new h [B, HIDDEN]; it remembers its own state."""


def vanishing(order: dict[str, Any], say: Callable[[str], None]) -> Picture:
    """log10 of the norm of the gradient of the last state by the input so many steps before it."""
    lags = whole("lags", read_settings(order["on"], {"lags": "40"})["lags"], 2, 200)
    lstm = importlib.import_module("exercises.recurrent.lstm_cell")
    curves = {
        "plain RNN": reach(rnn(), lags),
        "LSTM, forget bias 0": reach(_lstm(lstm, 0.0), lags),
        "LSTM, forget bias 1": reach(_lstm(lstm, 1.0), lags),
        "LSTM, forget bias 3": reach(_lstm(lstm, 3.0), lags),
    }
    xs = tuple(float(lag) for lag in range(lags + 1))
    series = tuple(Series(name, xs, _logs(norms)) for name, norms in curves.items())
    says = (
        f"Of what each feels now, {lags} steps back this is left: plain RNN {_share(curves['plain RNN'])}; "
        f"LSTM {_share(curves['LSTM, forget bias 1'])} with a forget bias of 1, "
        f"{_share(curves['LSTM, forget bias 3'])} with one of 3.",
        "Each step multiplies by a matrix and the slope of a tanh, or in the LSTM by its forget gate.",
    )
    panel = Lines("Gradient of the last state by the input so many steps ago", "steps ago", "log10 of its norm", series)
    return Picture("vanishing", "How far back a gradient reaches", says, "", (panel,))


def rnn() -> Step:
    """h' = tanh(x W + h U), weights of standard deviation 1 / sqrt(fan_in)."""
    W, U = _weights(INPUTS, HIDDEN, seed=1), _weights(HIDDEN, HIDDEN, seed=2)
    h = torch.zeros(BATCH, HIDDEN)

    def step(x: Tensor) -> Tensor:
        nonlocal h
        h = torch.tanh(x @ W + h @ U)
        return h

    return step


def reach(step: Step, lags: int) -> list[float]:
    """Norm of the gradient of a random direction of the last state, by lag: 0 is the last input. Means over a batch."""
    generator = torch.Generator().manual_seed(4)
    inputs = [torch.randn(BATCH, INPUTS, generator=generator).requires_grad_() for _ in range(lags + 1)]
    state = torch.zeros(0)
    for x in inputs:
        state = step(x)
    direction = torch.randn(state.shape, generator=generator)
    direction /= direction.norm(dim=1, keepdim=True)
    grads = torch.autograd.grad((state * direction).sum(), inputs, allow_unused=True)
    return [0.0 if grad is None else float(grad.norm(dim=1).mean()) for grad in reversed(grads)]


def _lstm(module: Any, forget: float) -> Step:
    W = _weights(INPUTS + HIDDEN, 4 * HIDDEN, seed=3)
    b = torch.zeros(4 * HIDDEN)
    module.init_forget_bias_(b, forget)
    h, c = torch.zeros(BATCH, HIDDEN), torch.zeros(BATCH, HIDDEN)

    def step(x: Tensor) -> Tensor:
        nonlocal h, c
        state: tuple[Tensor, Tensor] = module.lstm_cell(x, h, c, W, b)
        h, c = state
        return h

    return step


def _weights(fan_in: int, fan_out: int, seed: int) -> Tensor:
    return torch.randn(fan_in, fan_out, generator=torch.Generator().manual_seed(seed)) / math.sqrt(fan_in)


def _logs(norms: list[float]) -> Row:
    return tuple(math.log10(each) if each > 0 else None for each in norms)


def _share(norms: list[float]) -> str:
    return f"{norms[-1] / norms[0]:.1g}".replace("e-0", "e-") if norms[0] > 0 else "nothing"
