"""Estimates of the losses on the way: the same random batches each time, without a trace in the training."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

from tutor.trainer import devices
from tutor.trainer.batches import Batches
from tutor.trainer.descent import Descent
from tutor.trainer.memory import Room
from tutor.trainer.setting import Setting

Row = Callable[[Tensor, int], Batches]
"""From a split and a seed to its random batches."""


class Estimates:
    """Measures a model's loss on both splits."""

    def __init__(self, setting: Setting, model: nn.Module, descent: Descent, row: Row) -> None:
        self.setting, self.model, self.descent, self._row = setting, model, descent, row
        self._room = Room(setting.config.schedule.accumulation, setting.device.name)

    def take(self, batches: int) -> tuple[float, float]:
        """The mean losses on the training and on the validation split, of this process' share of so many batches."""
        return self._mean(self.setting.train, batches), self._mean(self.setting.val, batches)

    def _mean(self, data: Tensor, batches: int) -> float:
        """Over the same random batches each time, so that two estimates differ by the weights alone."""
        rows = self._row(data, self.setting.config.seed + 1)
        self.model.eval()
        with torch.no_grad(), devices.untouched_randomness(self.setting.device):
            losses = [self._measured(*rows.next()) for _ in range(batches)]
        self.model.train()
        return float(torch.stack(losses).double().mean())

    def _measured(self, x: Tensor, y: Tensor) -> Tensor:
        return self._room.fit(lambda parts: self.descent.measured(x, y, parts), len(x))
