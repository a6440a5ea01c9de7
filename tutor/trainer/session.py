"""One sitting of a training: find the text, the device and the model, then train until done or stopped."""

from __future__ import annotations

import copy
import hashlib
import os
from collections.abc import Callable
from dataclasses import replace

import torch
from torch import nn

from tutor.core.errors import RunError
from tutor.core.metrics import Tail
from tutor.core.presets import PRESETS
from tutor.core.runs import CodeRecord, DeviceRecord, Run, RunConfig, RunState
from tutor.trainer import devices, learner
from tutor.trainer.devices import Device
from tutor.trainer.loop import Setting, Training
from tutor.trainer.text import find_text
from tutor.trainer.voice import Voice


def train(run: Run, device_name: str | None, voice: Voice, stopping: Callable[[], bool]) -> bool:
    """Trains the run from where it is. False if it was stopped before its last step. Raises RunError."""
    config, content = _with_text(run, run.config(), voice)
    parts = learner.load_parts(run, config)
    train_split, val_split, stoi, itos = parts.char_corpus(content)
    _check_lengths(config, len(val_split))
    config = replace(config, vocabulary="".join(itos[number] for number in range(len(stoi))))
    device = _device(config, device_name, voice)
    torch.manual_seed(config.seed)
    model = parts.model(len(stoi))
    learner.apply_init(model, config.shape.n_layer, config.seed)
    parameters = sum(each.numel() for each in model.parameters())
    config = replace(config, parameters=parameters, device=_device_record(config, device, model))
    run.save_config(config)
    devices.set_up(device, config.device.threads if config.device else 0)
    setting = Setting(run, config, device, parts, train_split, val_split, voice, stopping)
    return _train(Training(setting, model), setting)


def _train(training: Training, setting: Setting) -> bool:
    config, voice = setting.config, setting.voice
    _introduce(config, voice)
    if training.restore():
        voice.say(f"Resumed at step {training.step}.")
    setting.run.save_state(RunState("training", training.step, os.getpid()))
    finished = training.train()
    if finished:
        voice.say(_verdict(setting.run, config))
    return finished


def _with_text(run: Run, config: RunConfig, voice: Voice) -> tuple[RunConfig, str]:
    """The run's text, found when it first starts and kept in its folder."""
    if config.text is not None:
        try:
            content = run.text.read_bytes().decode()
        except OSError as error:
            raise RunError(f"{run.text} cannot be read ({error.strerror}). Start a new run.") from error
        if hashlib.sha256(content.encode()).hexdigest() != config.text.sha256:
            raise RunError(f"{run.text} was changed since the run began. Start a new run with `tutor train`.")
        return config, content
    text = find_text(config.asked_text)
    run.text.write_bytes(text.content.encode())
    config = replace(config, text=text.record)
    run.save_config(config)
    return config, text.content


def _check_lengths(config: RunConfig, val_length: int) -> None:
    needed = config.shape.block_size + 1
    if val_length < needed:
        raise RunError(
            f"The text is too short: its last tenth, kept for validation, has {val_length} characters and the preset "
            f"{config.preset} needs {needed}. Give a longer one with --data."
        )


def _device(config: RunConfig, name: str | None, voice: Voice) -> Device:
    before = config.device.name if config.device else None
    device = devices.choose(name or before or config.asked_device, config.shape.n_embd)
    if before not in (None, device.name):
        voice.say(f"The run began on {before}: on {device.name} it goes on, but not equal to the last bit.")
    return device


def _device_record(config: RunConfig, device: Device, model: nn.Module) -> DeviceRecord:
    if config.device is not None and config.device.name == device.name:
        return config.device
    threads, reason = config.asked_threads, device.reason
    if device.name == "cpu" and not threads:
        with devices.untouched_randomness(device):
            threads, times = devices.fastest_threads(_trial(config, model))
        if len(times) > 1:
            tried = ", ".join(f"{count}: {time:.1f} ms" for count, time in times.items())
            reason += f" Fastest with {threads} thread{'s' * (threads > 1)} (a step with {tried})."
    return DeviceRecord(device.name, device.label, device.precision_name, reason, threads or torch.get_num_threads())


def _trial(config: RunConfig, model: nn.Module) -> Callable[[], None]:
    """A step on a copy of the model with made-up text."""
    model, vocabulary = copy.deepcopy(model), len(config.vocabulary)
    tokens = torch.randint(vocabulary, (config.schedule.batch_size, config.shape.block_size + 1))

    def step() -> None:
        _, loss = model(tokens[:, :-1], tokens[:, 1:])
        loss.backward()

    return step


def _introduce(config: RunConfig, voice: Voice) -> None:
    text, device, shape = config.text, config.device, config.shape
    assert text is not None
    assert device is not None
    preset = PRESETS.get(config.preset)
    voice.say(
        f"Run     {config.name}: preset {config.preset}{f', {preset.title}' if preset else ''}\n"
        f"Text    {text.title}, {text.characters:,} characters, {len(config.vocabulary)} different. {text.origin}\n"
        f"Model   {config.parameters:,} parameters: {shape.n_layer} layers, {shape.n_head} heads, {shape.n_embd} "
        f"channels, {shape.block_size} characters at once\n"
        + _code_lines(config)
        + f"Device  {device.name}, {device.label}: {device.reason}"
    )
    if preset:
        voice.say(f"Time    {preset.time}. Ctrl-C stops and keeps everything.\n")


def _code_lines(config: RunConfig) -> str:
    if config.reference:
        return "Code    the tutor's own GPT (--reference), for comparison with yours\n"

    def named(borrowed: bool) -> str:
        return ", ".join(_name(each) for each in config.code if each.borrowed is borrowed)

    lines = f"Yours   {named(False) or 'nothing yet: none of the files it is made of has passed'}\n"
    if named(True):
        lines += f"Borrowed from the course's solutions: {named(True)}\n"
    return lines + "Ours    the first weights (as gpt/init asks) and the loop (fit cannot stop and go on)\n"


def _name(code: CodeRecord) -> str:
    return code.exercise


def _verdict(run: Run, config: RunConfig) -> str:
    tail = Tail(run.metrics)
    tail.read()
    losses = [each.val for each in tail.records if each.val is not None]
    preset = PRESETS.get(config.preset)
    line = f"Done. Validation loss {losses[-1]:.4f}"
    full = preset is not None and preset.schedule == config.schedule and preset.shape == config.shape
    if preset and full and config.text and config.text.title == "tiny Shakespeare":
        expected = f" (expected about {preset.expected:.2f}, at most {preset.at_most:.2f})"
        warn = "" if losses[-1] <= preset.at_most else " That is too high: something in the model learns badly."
        line += expected + "." + warn
    else:
        line += "."
    return f"{line}\nSample it with `tutor sample {run.name}`."
