"""A training that is only timed: the real updates, estimates of the loss and drawn tokens of a run, some of each."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import torch
from torch import nn

from tutor.core.run_config import RunConfig
from tutor.trainer import memory
from tutor.trainer.batches import Batches
from tutor.trainer.corpus import Corpus
from tutor.trainer.descent import Descent, Forward
from tutor.trainer.devices import Device
from tutor.trainer.learner import Parts

_GROUP_SECONDS = 0.3
"""About how long work goes on between two looks at the clock."""


class Trial:
    """One model with its optimizer and its batches."""

    def __init__(
        self, config: RunConfig, corpus: Corpus, parts: Parts, model: nn.Module, forward: Forward, device: Device
    ) -> None:
        """The schedule's batch is drawn whole; it should be of a size whose step does not take minutes."""
        self.config, self.parts, self.model, self.device = config, parts, model.train(), device
        self.descent = Descent(model, forward, parts.tools, config.schedule, device)
        self.batches = self._row(corpus.train, config.seed)
        self._measured = self._row(corpus.val, config.seed + 1)
        self.losses: list[torch.Tensor] = []
        """Of all steps."""

    def step(self) -> None:
        """One real update."""
        x, y = self.batches.next()
        loss, _ = self.descent.update(x, y, len(self.losses), self.config.schedule.accumulation)
        self.losses.append(loss)
        self.batches.prepare()

    def estimate(self) -> None:
        """One batch of an estimate of the loss."""
        self.model.eval()
        with torch.no_grad():
            self.descent.measured(*self._measured.next(), self.config.schedule.accumulation)
        self.model.train()

    def draw(self, context: int, count: int) -> None:
        """Tokens as the samples on the way are drawn, after so many others."""
        idx = torch.zeros(1, context, dtype=torch.long, device=self.device.name)
        self.model.eval()
        with torch.no_grad(), self.device.autocast():
            self.parts.generate(self.model, idx, count, torch.Generator(self.device.name))
        self.model.train()

    def _row(self, data: torch.Tensor, seed: int) -> Batches:
        draw, shape, size = self.parts.get_batch, self.config.shape, self.config.schedule.batch_size
        return Batches(lambda generator: draw(data, shape.block_size, size, generator), seed, self.device)


def seconds_of(work: Callable[[], object], device: Device, seconds: float, warm: int = 2) -> float:
    """Mean time of one, measured for about so long between synchronised points, in two groups at least.

    The mean and not the median: a machine that is disturbed now and then will be so in a long training too.
    """
    for _ in range(warm):
        work()
    device.wait()
    start = time.perf_counter()
    work()
    device.wait()
    group = max(1, int(_GROUP_SECONDS / max(time.perf_counter() - start, 1e-6)))
    start, groups = time.perf_counter(), 0
    while groups < 2 or time.perf_counter() - start < seconds:
        for _ in range(group):
            work()
        device.wait()
        groups += 1
    return (time.perf_counter() - start) / (groups * group)


def with_room(config: RunConfig, windows: int, work: Callable[[RunConfig], Trial]) -> Trial:
    """What `work` makes of the run with so many windows in a batch, or with as many as there is memory for."""
    while True:
        try:
            return work(replace(config, schedule=replace(config.schedule, batch_size=windows, accumulation=1)))
        except Exception as error:
            if windows == 1 or not memory.is_out_of_memory(error):
                raise
        windows = max(1, windows // 2)
