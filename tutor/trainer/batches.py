"""Batches of the training, drawn one ahead so that a GPU never waits for the processor.

Every process draws the whole batch [B,T] from the same random numbers and takes its part of it. So one process and many
train on the same windows, and so does a batch in any number of parts.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from tutor.trainer.devices import Device
from tutor.trainer.ranks import World

Pair = tuple[Tensor, Tensor]


class Batches:
    """An endless row of batches from one split."""

    def __init__(
        self, draw: Callable[[torch.Generator], Pair], seed: int, device: Device, world: World | None = None
    ) -> None:
        """`draw` makes a whole batch on the CPU."""
        self._draw, self._device, self._world = draw, device, world or World()
        self._generator = torch.Generator().manual_seed(seed)
        self._ahead: Pair | None = None
        self._before_ahead = torch.empty(0)

    def next(self) -> Pair:
        """This process's part of the next batch, on the device or on its way there."""
        if self._ahead is None:
            return self._fetch()
        pair, self._ahead = self._ahead, None
        return pair

    def prepare(self) -> None:
        """Draws the next one while the device computes; a processor has no time to win."""
        if self._device.name != "cpu" and self._ahead is None:
            self._before_ahead = self._generator.get_state()
            self._ahead = self._fetch()

    @property
    def state(self) -> Tensor:
        """The random numbers as they are before the next batch."""
        return self._generator.get_state() if self._ahead is None else self._before_ahead

    @state.setter
    def state(self, state: Tensor) -> None:
        self._ahead = None
        self._generator.set_state(state)

    def _fetch(self) -> Pair:
        x, y = self._draw(self._generator)
        return self._mine(x), self._mine(y)

    def _mine(self, whole: Tensor) -> Tensor:
        size = len(whole) // self._world.size
        part = whole[self._world.rank * size :][:size].long()  # a text on the disk is of a smaller type
        part = part.contiguous()  # the solution's are views of windows, and a learner's model may `view` its targets
        if self._device.name == "cuda":  # from pinned memory the copy runs beside the computation
            return part.pin_memory().to("cuda", non_blocking=True)
        return part.to(self._device.name)
