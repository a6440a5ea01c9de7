"""One sitting of a training: find the text, the device and the model, then train until done or stopped."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from dataclasses import replace

import torch

from tutor.core.errors import RunError
from tutor.core.figures import expected_band
from tutor.core.metrics import Tail
from tutor.core.presets import PRESETS
from tutor.core.run_config import RunConfig
from tutor.core.runlock import RunLock
from tutor.core.runs import Run, RunState
from tutor.trainer import devices, learner, ranks
from tutor.trainer.corpus import open_corpus
from tutor.trainer.devices import Device
from tutor.trainer.keeper import Keeper
from tutor.trainer.loop import Training
from tutor.trainer.ranks import World
from tutor.trainer.setting import Setting, never
from tutor.trainer.settling import settle
from tutor.trainer.tools import OURS
from tutor.trainer.voice import Voice


def train(
    run: Run,
    device_name: str | None,
    voice: Voice,
    stopping: Callable[[], bool],
    lock: RunLock | None = None,
    pausing: Callable[[], bool] = never,
) -> bool:
    """Trains the run from where it is. False if it was stopped before its last step. Raises RunError.

    Where torchrun started many processes, all of them call this; the first one finds everything, speaks and writes.
    """
    config = run.config()
    device = _device(config, device_name, voice)
    world = ranks.join(device.name)
    try:
        _refuse_uneven(config, world)
        if not world.first:
            world.wait()  # until the first has written what it found
        with prepared(run, device, voice, stopping, world, lock, pausing) as training:
            return _go(training, training.setting)
    finally:
        ranks.leave(world)


@contextlib.contextmanager
def prepared(
    run: Run,
    device: Device,
    voice: Voice,
    stopping: Callable[[], bool],
    world: World | None = None,
    lock: RunLock | None = None,
    pausing: Callable[[], bool] = never,
) -> Iterator[Training]:
    """The run's training before its first step, with text, model and files found. Raises RunError."""
    world = world or World()
    config = run.config()
    parts = learner.load_parts(run, config)
    corpus = open_corpus(run, config, parts, voice.say)
    config = corpus.config
    check_lengths(config, len(corpus.val))
    torch.manual_seed(config.seed)
    model = parts.model(config.vocab_size)
    parts.tools.init_weights(model, torch.Generator().manual_seed(config.seed))
    model = model.to(device.name)
    parameters = sum(each.numel() for each in model.parameters())
    config = replace(config, parameters=parameters)
    record, forward = settle(config, device, model, world)
    config = replace(config, device=record)
    if world.first:
        run.save_config(config)
        world.wait()
    device = replace(device, precision=getattr(torch, record.precision))
    with Keeper(run, voice.say, lock) as keeper:
        splits = (corpus.train, corpus.val)
        setting = Setting(run, config, device, parts, *splits, voice, stopping, keeper, world, pausing)
        yield Training(setting, model, forward)


def _go(training: Training, setting: Setting) -> bool:
    config, voice = setting.config, setting.voice
    _introduce(config, voice, setting.world)
    if training.restore():
        voice.say(f"Resumed at step {training.step}.")
    if setting.world.first:
        setting.run.save_state(RunState("training", training.step, os.getpid()))
    finished = training.train()
    if finished and setting.world.first:
        voice.say(_verdict(setting.run, config))
    return finished


def _refuse_uneven(config: RunConfig, world: World) -> None:
    schedule = config.schedule
    if schedule.batch_size % (world.size * schedule.accumulation):
        raise RunError(
            f"batch_size={schedule.batch_size} cannot be shared by {world.size} processes in "
            f"accumulation={schedule.accumulation} parts each. Start a new run with a --batch that can."
        )


def check_lengths(config: RunConfig, val_length: int) -> None:
    """Raises RunError if the text has no window for validation."""
    needed = config.shape.block_size + 1
    if val_length < needed:
        raise RunError(
            f"The text is too short: its last tenth, kept for validation, has {val_length} tokens and the preset "
            f"{config.preset} needs {needed}. Give a longer one with --data."
        )


def _device(config: RunConfig, name: str | None, voice: Voice) -> Device:
    before = config.device.name if config.device else None
    device = devices.choose(name or before or config.asked_device, config.shape.n_embd, config.asked_precision)
    if before not in (None, device.name):
        voice.say(f"The run began on {before}: on {device.name} it goes on, but not equal to the last bit.")
    return device


def _introduce(config: RunConfig, voice: Voice, world: World) -> None:
    text, device, shape = config.text, config.device, config.shape
    assert text is not None
    assert device is not None
    preset, many = PRESETS.get(config.preset), world.size > 1
    voice.say(
        f"Run     {config.name}: preset {config.preset}{f', {preset.title}' if preset else ''}\n"
        f"Text    {text.title}, {text.characters:,} characters, {_tokens(config)}. {text.origin}\n"
        f"Model   {config.parameters:,} parameters: {shape.n_layer} layers, {shape.n_head} heads, {shape.n_embd} "
        f"channels, {shape.block_size} {'characters' if config.tokenizer == 'char' else 'tokens'} at once\n"
        + _code_lines(config)
        + f"Device  {device.name}, {device.label}: {device.reason}"
        + (f"\nRanks   {world.size} processes, {config.schedule.batch_size // world.size} windows each" if many else "")
    )
    if preset:
        as_it_is = (shape, config.schedule) == (preset.shape, preset.schedule)
        other = "" if as_it_is else " for the preset as it is; this run has values of its own"
        voice.say(f"Time    {preset.time}{other}. Ctrl-C stops and keeps everything.\n")


def _tokens(config: RunConfig) -> str:
    """How many different tokens there are, and who made them."""
    if config.tokens is None:
        return f"{config.vocab_size} different"
    if config.tokenizer == "bpe":
        return f"{config.tokens.count:,} tokens of {config.vocab_size} byte pairs"
    return f"{config.vocab_size} different; too large for char_corpus, the tutor turned it into numbers"


def _code_lines(config: RunConfig) -> str:
    if config.reference:
        return "Code    the tutor's own GPT (--reference), for comparison with yours\n"

    def named(borrowed: bool) -> str:
        return ", ".join(each.exercise for each in config.code if each.borrowed is borrowed)

    lines = f"Yours   {named(False) or 'nothing yet: none of the files it is made of has passed'}\n"
    if named(True):
        lines += f"Borrowed from the course's solutions: {named(True)}\n"
    used = {each.exercise for each in config.code}
    ours = [title for id, title in OURS.items() if id not in used]
    return lines + f"Ours    {', '.join([*ours, 'the loop (gpt/fit cannot stop and go on)'])}\n"


def _verdict(run: Run, config: RunConfig) -> str:
    tail = Tail(run.metrics)
    tail.read()
    losses = [each.val for each in tail.records if each.val is not None]
    line, band = f"Done. Validation loss {losses[-1]:.4f}", expected_band(config)
    if config.tokens and config.text and config.tokenizer == "bpe":
        line += f" a token, {losses[-1] * config.tokens.count / config.text.characters:.4f} a character."
    elif band:
        line += f" (expected about {band.expected:.2f}, at most {band.high:.2f})."
        line += " That is too high: something in the model learns badly." if losses[-1] > band.high else ""
        line += " That is too low to be true: validation text was seen in training." if losses[-1] < band.low else ""
    else:
        line += "."
    return f"{line}\nSample it with `tutor sample {run.name}`."
