"""What a training is made of, found before its first step and the same until its last."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from torch import Tensor

from tutor.core.run_config import RunConfig
from tutor.core.runs import Run
from tutor.trainer.devices import Device
from tutor.trainer.keeper import Keeper
from tutor.trainer.learner import Parts
from tutor.trainer.ranks import World
from tutor.trainer.voice import Voice


def never() -> bool:
    """Nobody asks."""
    return False


@dataclass(frozen=True)
class Setting:
    """All that a training is made of and that it does not change."""

    run: Run
    config: RunConfig
    device: Device
    parts: Parts
    train: Tensor
    """Numbers of the training split."""
    val: Tensor
    """Numbers of the validation split."""
    voice: Voice
    stopping: Callable[[], bool]
    """Asked after every step."""
    keeper: Keeper
    world: World = World()
    pausing: Callable[[], bool] = never
    """Asked after every step, and while it is true the next one waits."""
