"""How a run computes is settled once, by short trials, and kept: threads, precision, torch.compile.

All three decide the last bits of the result, so a resumed run takes what it began with.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace

import torch
from torch import nn

from tutor.core.chips import published_peak
from tutor.core.presets import training_flops
from tutor.core.run_config import DeviceRecord, RunConfig
from tutor.trainer import compiling, devices, machine, memory, pace
from tutor.trainer.descent import Forward
from tutor.trainer.devices import LARGE, Device
from tutor.trainer.ranks import World

_TRIAL_TOKENS = 4096
"""A trial of threads or precision takes no more at once; a large batch would only make it long."""
_BFLOAT16_GAIN = 1.3
"""So much faster must a processor be in bfloat16; not all can multiply it."""


_WORTH_A_PEAK = 1e11
"""FLOP of a training for which a peak is measured: a second or more of a processor's work."""


def settle(config: RunConfig, device: Device, model: nn.Module, world: World) -> tuple[DeviceRecord, Forward]:
    """What the run began with, or what trials find; and the model as it is called from now on."""
    before = config.device if config.device is not None and config.device.name == device.name else None
    if before is None:
        device, threads, reason = _threads_and_precision(config, device, model, world)
        record = DeviceRecord(device.name, device.label, device.precision_name, reason, threads)
    else:
        record, device = before, replace(device, precision=getattr(torch, before.precision))
    devices.set_up(device, record.threads, deterministic=config.deterministic)
    if before is not None and not before.compiled:
        return record, model
    forward, reason = _compiled(config, device, model, world, again=before is not None)
    if before is None:
        record = replace(record, compiled=forward is not model, reason=f"{record.reason} {reason}".strip())
        record = _with_peak(record, config, device, world)
    return record, forward


def _with_peak(record: DeviceRecord, config: RunConfig, device: Device, world: World) -> DeviceRecord:
    """With the peak that speeds are set against: the chip's published one, else what its matrix products reach now.

    That takes a second, so a training that hardly computes longer goes without.
    """
    published = published_peak(record.label, record.precision)
    if published is not None:
        return replace(record, peak=published * world.size, peak_source="data sheet")
    if training_flops(config.shape, config.schedule, config.vocab_size) < _WORTH_A_PEAK:
        return record
    with devices.untouched_randomness(device):
        return replace(record, peak=machine.matmul(device, record.precision) * world.size, peak_source="measured here")


def _threads_and_precision(
    config: RunConfig, device: Device, model: nn.Module, world: World
) -> tuple[Device, int, str]:
    """The device with its precision, the threads, and why."""
    if device.name != "cpu":
        return device, torch.get_num_threads(), device.reason
    threads, reason = config.asked_threads, device.reason
    if world.size > 1 and not threads:
        threads = max(1, pace.cores() // world.local_size)
        reason += f" {threads} of its threads for each of {world.local_size} processes."
    with devices.untouched_randomness(device):
        if not threads:
            threads, times = pace.fastest_threads(_trial(config, device, model))
            if len(times) > 1:
                tried = ", ".join(f"{count}: {time:.1f} ms" for count, time in times.items())
                reason += f" Fastest with {threads} thread{'s' * (threads > 1)} (a step with {tried})."
        torch.set_num_threads(threads)
        if config.asked_precision == "auto" and config.shape.n_embd >= LARGE:
            device, found = _faster_precision(config, device, model)
            reason += found
    return device, threads, reason


def _faster_precision(config: RunConfig, device: Device, model: nn.Module) -> tuple[Device, str]:
    """bfloat16 on a processor that is made for it."""
    reduced = replace(device, precision=torch.bfloat16)
    full, half = (pace.milliseconds(_trial(config, each, model)) for each in (device, reduced))
    gain = f" a step takes {half:.0f} ms in bfloat16 and {full:.0f} ms in float32."
    return (reduced, f" But{gain}") if full > _BFLOAT16_GAIN * half else (device, f" Rightly:{gain}")


def _trial(config: RunConfig, device: Device, model: nn.Module) -> Callable[[], None]:
    """A step on a copy of the model with made-up text."""
    model, windows = copy.deepcopy(model), max(1, _TRIAL_TOKENS // config.shape.block_size)
    return _step(config, device, model, min(windows, config.schedule.batch_size))


def _step(config: RunConfig, device: Device, forward: Forward, windows: int) -> Callable[[], None]:
    """Forward and backward, done when it returns."""
    shape = (windows, config.shape.block_size + 1)
    tokens = torch.randint(config.vocab_size, shape, generator=torch.Generator().manual_seed(0)).to(device.name)
    inputs, targets = tokens[:, :-1].contiguous(), tokens[:, 1:].contiguous()  # a learner's model may `view` them

    def step() -> None:
        with device.autocast():
            _, loss = forward(inputs, targets)
        if torch.is_grad_enabled() and loss is not None:
            loss.backward()  # type: ignore[no-untyped-call]
        device.wait()

    return step


def _compiled(config: RunConfig, device: Device, model: nn.Module, world: World, *, again: bool) -> tuple[Forward, str]:
    """The compiled model or the model, and a sentence about it; '' where nobody would expect one."""
    windows = config.schedule.batch_size // config.schedule.accumulation // world.size
    steps = config.schedule.steps * config.schedule.accumulation

    def attempt(forward: Forward) -> float:
        step = _step(config, device, forward, windows)
        model.train()
        time = pace.milliseconds(step)
        model.eval()
        with torch.no_grad():  # as the loss is estimated
            step()
        return time

    try:
        with devices.untouched_randomness(device):
            asked = "on" if again else config.compile
            expected = attempt(model) * steps / 1000 if asked == "auto" and device.name == "cuda" else 0.0
            left_out = compiling.worth_trying(asked, device.name, expected)
            if left_out:
                return model, f"torch.compile is {left_out}." if device.name == "cuda" else ""
            forward, found = compiling.compiled(model, attempt, even_if_slower=again)
            return forward, f"torch.compile is {found}."
    except Exception as error:
        if not memory.is_out_of_memory(error):
            raise
        return model, "torch.compile is left out: there is too little memory to try it."
    finally:
        model.zero_grad(set_to_none=True)
