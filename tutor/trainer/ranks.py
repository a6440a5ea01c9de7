"""The processes that train one model together, as `torchrun` starts them; usually there is just one.

Gradients go over the devices' own group (NCCL, or gloo on CPUs). Few words and numbers, which every process must know
at the same step, go over a second group of the processors.
"""

from __future__ import annotations

import datetime
import os
from dataclasses import dataclass
from typing import Any

import torch
import torch.distributed as dist

from tutor.core.errors import RunError


@dataclass(frozen=True)
class World:
    """This process among those that train together."""

    rank: int = 0
    """Its number; 0 writes the run's folder."""
    size: int = 1
    """How many there are."""
    local_rank: int = 0
    """Its number on this machine, and that of its GPU."""
    local_size: int = 1
    """How many there are on this machine."""
    words: Any = None
    """The group of the processors, None for a single process."""

    @property
    def first(self) -> bool:
        """Whether this is the process that speaks and writes."""
        return self.rank == 0

    def any(self, here: bool) -> bool:
        """Whether it is true in at least one process; all must ask at the same step."""
        return here if self.size == 1 else bool(max(self.gather(here)))

    def mean(self, here: float) -> float:
        """The mean over all processes."""
        return here if self.size == 1 else sum(self.gather(here)) / self.size

    def gather(self, here: Any) -> list[Any]:
        """What each process has, in order of rank; plain values and small tensors of the CPU."""
        found: list[Any] = [here] * self.size
        if self.size > 1:
            dist.all_gather_object(found, here, group=self.words)
        return found

    def wait(self) -> None:
        """Until all processes have come here."""
        if self.size > 1:
            dist.barrier(group=self.words)


def is_one_of_many() -> bool:
    """Whether torchrun started this process with others."""
    return int(os.environ.get("WORLD_SIZE", "1")) > 1


def join(device: str) -> World:
    """Meets the other processes. Raises RunError if they cannot be reached."""
    if not is_one_of_many():
        return World()
    rank, size, local_rank, local_size = (int(os.environ[f"{name}"]) for name in _VARIABLES)
    if device == "cuda":
        torch.cuda.set_device(local_rank)
    if device == "mps":
        raise RunError("Apple GPUs cannot train together. Start it without torchrun, or with --device cpu.")
    patience = datetime.timedelta(minutes=30)  # rank 0 may have to download a text
    try:
        dist.init_process_group("nccl" if device == "cuda" else "gloo", timeout=patience)
        words = dist.new_group(backend="gloo", timeout=patience)
    except (dist.DistError, RuntimeError, ValueError) as error:
        raise RunError(f"The {size} processes cannot meet ({_first_line(error)}). Check torchrun's options.") from error
    return World(rank, size, local_rank, local_size, words)


def leave(world: World) -> None:
    """Parts from the others."""
    if world.size > 1 and dist.is_initialized():
        dist.destroy_process_group()


def is_a_lost_rank(error: BaseException) -> bool:
    """Whether an exception says that another process went away."""
    return (
        is_one_of_many()
        and isinstance(error, dist.DistError | RuntimeError)
        and any(sign in str(error) for sign in _SIGNS)
    )


def _first_line(error: BaseException) -> str:
    return str(error).strip().partition("\n")[0]


_VARIABLES = ("RANK", "WORLD_SIZE", "LOCAL_RANK", "LOCAL_WORLD_SIZE")

_SIGNS = ("Connection closed by peer", "Connection reset by peer", "Broken pipe", "NCCL", "Timed out", "timed out")
"""In the messages of gloo and NCCL when a process that they wait for is gone."""
