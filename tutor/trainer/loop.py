"""The training loop: update, measure, write, so that a stop at any moment loses little and changes nothing.

It is the tutor's own loop with the same updates as the exercise gpt/fit; `fit` itself cannot stop and go on.
Everything that decides the next update is in the checkpoint, so a resumed training equals one that never stopped.
"""

from __future__ import annotations

import json
import math
import os
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from tutor.core.errors import RunError
from tutor.core.metrics import Record, Tail, duration, seconds_left
from tutor.core.runs import Run, RunConfig, RunState
from tutor.trainer import checkpoint, devices
from tutor.trainer.checkpoint import Position
from tutor.trainer.devices import Device
from tutor.trainer.learner import Parts
from tutor.trainer.voice import Voice

_SAMPLE_CHARACTERS = 250
_TALK_SECONDS = 10.0
"""A terminal hears something at least so often."""


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


class Training:
    """One training, from wherever its checkpoint left it."""

    def __init__(self, setting: Setting, model: nn.Module) -> None:
        self.setting, self.run, self.config = setting, setting.run, setting.config
        self.schedule, self.device = setting.config.schedule, setting.device
        self.model = model.to(setting.device.name)
        self.forward = _compiled(self.model, setting) if setting.config.compile else self.model
        fused = setting.device.name == "cuda"
        self.optimizer = torch.optim.AdamW(self.model.parameters(), lr=self.schedule.learning_rate, fused=fused)
        self.scaler = torch.amp.GradScaler("cuda", enabled=setting.device.precision == torch.float16)
        self.batches = torch.Generator().manual_seed(setting.config.seed)
        torch.manual_seed(setting.config.seed)
        self.step = 0
        self.pending: list[Tensor] = []
        self._seconds, self._started = 0.0, time.monotonic()
        self._saved = time.monotonic()
        self._mark = (0, time.monotonic())
        self._tail = Tail(self.run.metrics)

    def restore(self) -> bool:
        """Goes to where the checkpoint is; False if there is none."""
        found = checkpoint.load(self.run)
        _cut(self.run.metrics, found[1].metrics_bytes if found else 0)
        _cut(self.run.samples, found[1].samples_bytes if found else 0)
        if found is None:
            return False
        tensors, position = found
        checkpoint.fill_model(self.model, tensors)
        checkpoint.fill_optimizer(self.optimizer, tensors)
        self.batches.set_state(tensors["random.batches"])
        prefix = "random.torch."
        states = {name.removeprefix(prefix): each for name, each in tensors.items() if name.startswith(prefix)}
        devices.set_random_state(self.device, states)
        if position.scaler:
            self.scaler.load_state_dict(position.scaler)
        self.step, self._seconds = position.step, position.seconds
        self.pending = [torch.tensor(loss) for loss in position.pending]
        return True

    def train(self) -> bool:
        """Trains to the last step; False if it was asked to stop before. The last state is saved in both cases."""
        self._started = time.monotonic()
        if self.step == 0 and self.config.schedule.steps > 0 and not self.run.metrics.stat().st_size:
            self._evaluate(self.schedule.eval_batches)
            self._sample()
        self._restart_clock()
        while self.step < self.schedule.steps:
            self._update()
            if self.setting.stopping() and self.step < self.schedule.steps:
                self._save()
                return False
        return True

    def _update(self) -> None:
        """One step, and whatever is due after it."""
        self.model.train()
        self.pending.append(self._descend())
        self.step += 1
        last = self.step == self.schedule.steps
        if self.step % self.schedule.log_every == 0 or last:
            self._log()
        if last or self.step % self.schedule.eval_every == 0:
            self._evaluate(self.schedule.final_batches if last else self.schedule.eval_batches)
            if last or self._sample_due():
                self._sample()
            self._save()
        elif time.monotonic() - self._saved > self.schedule.checkpoint_seconds:
            self._save()

    def _descend(self) -> Tensor:
        loss = self._loss(self.setting.train, self.batches)
        self.optimizer.zero_grad(set_to_none=True)
        self.scaler.scale(loss).backward()  # type: ignore[no-untyped-call]
        self.scaler.step(self.optimizer)
        self.scaler.update()
        return loss.detach()

    def _loss(self, data: Tensor, generator: torch.Generator) -> Tensor:
        shape, schedule = self.config.shape, self.schedule
        x, y = self.setting.parts.get_batch(data, shape.block_size, schedule.batch_size, generator, self.device.name)
        with self.device.autocast():
            _, loss = self.forward(x, y)
        if not isinstance(loss, Tensor):
            raise RunError("The model returned no loss for targets. Check gpt/model: forward returns (logits, loss).")
        return loss

    def _log(self) -> None:
        loss = self._mean_pending()
        since, start = self._mark
        tokens = (self.step - since) * self.schedule.batch_size * self.config.shape.block_size
        now = time.monotonic()  # after the loss was read, so all work of these steps is done
        pace = tokens / (now - start) if self.step > since else None
        self._write(Record(self.step, self._elapsed(), loss=loss, tokens_per_second=pace))
        self._mark = (self.step, now)
        if self.setting.voice.silent_for() > _TALK_SECONDS:
            self.setting.voice.say(self._line(f"loss {loss:.4f}"))

    def _mean_pending(self) -> float:
        losses = [float(loss) for loss in self.pending]
        self.pending = []
        return self._finite(sum(losses) / len(losses))

    def _finite(self, loss: float) -> float:
        if math.isfinite(loss):
            return loss
        elsewhere = "" if self.device.name == "cpu" else " --device cpu"
        raise RunError(
            f"The loss is {loss} at step {self.step}: a number overflowed. The last checkpoint is from before; "
            f"continue with `tutor train --resume {self.run.name}{elsewhere}`."
        )

    def _evaluate(self, batches: int) -> None:
        train, val = (self._estimate(data, batches) for data in (self.setting.train, self.setting.val))
        self._write(Record(self.step, self._elapsed(), train=train, val=val))
        self.setting.voice.say(self._line(f"train {train:.4f}  val {val:.4f}"))
        self._restart_clock()

    def _estimate(self, data: Tensor, batches: int) -> float:
        """Mean loss over the same random batches each time, so that two estimates differ by the weights alone."""
        generator = torch.Generator().manual_seed(self.config.seed + 1)
        self.model.eval()
        with torch.no_grad(), devices.untouched_randomness(self.device):
            losses = [float(self._loss(data, generator)) for _ in range(batches)]
        return self._finite(sum(losses) / len(losses))

    def _sample_due(self) -> bool:
        """At evaluations, spread over the training."""
        parts, steps = self.schedule.samples, self.schedule.steps
        return self.step * parts // steps > (self.step - self.schedule.eval_every) * parts // steps

    def _sample(self) -> None:
        text = self._written_text()
        with self.run.samples.open("a", encoding="utf-8") as file:
            file.write(f"--- step {self.step} ---\n{text}\n\n")
        self.setting.voice.say("\n" + "\n".join(f"    {line}" for line in text.strip("\n").split("\n")) + "\n")
        self._restart_clock()

    def _written_text(self) -> str:
        vocabulary = self.config.vocabulary
        start = torch.tensor([[max(0, vocabulary.find("\n"))]], device=self.device.name)
        generator = torch.Generator(self.device.name).manual_seed(self.config.seed + 2)
        self.model.eval()
        with torch.no_grad(), devices.untouched_randomness(self.device), self.device.autocast():
            tokens = self.setting.parts.generate(self.model, start, _SAMPLE_CHARACTERS, generator)
        return "".join(vocabulary[number] for number in tokens[0, 1:].tolist())

    def _save(self) -> None:
        losses = tuple(self._finite(float(loss)) for loss in self.pending)
        tensors = {f"model.{name}": each for name, each in checkpoint.unique_tensors(self.model).items()}
        tensors |= checkpoint.optimizer_tensors(self.optimizer)
        tensors |= {f"random.torch.{name}": each for name, each in devices.random_state(self.device).items()}
        tensors["random.batches"] = self.batches.get_state()
        scaler = self.scaler.state_dict() if self.scaler.is_enabled() else {}
        metrics, samples = _synced_size(self.run.metrics), _synced_size(self.run.samples)
        position = Position(self.step, self._elapsed(), losses, metrics, samples, scaler)
        checkpoint.save(self.run, tensors, position)
        self.run.save_state(RunState("training", self.step, os.getpid()))
        self._saved = time.monotonic()
        self._restart_clock()

    def _write(self, record: Record) -> None:
        known = {name: value for name, value in asdict(record).items() if value is not None}
        with self.run.metrics.open("a", encoding="utf-8") as file:
            file.write(json.dumps(known) + "\n")

    def _line(self, losses: str) -> str:
        self._tail.read()
        line = f"step {self.step:>{len(str(self.schedule.steps))}}/{self.schedule.steps}  {losses}"
        paces = [each.tokens_per_second for each in self._tail.records[-5:] if each.tokens_per_second]
        if paces:
            line += f"  {sum(paces) / len(paces):,.0f} tokens/s"
        left = seconds_left(self._tail.records, self.schedule.steps)
        return line if left is None or self.step == self.schedule.steps else f"{line}  {duration(left)} left"

    def _elapsed(self) -> float:
        return round(self._seconds + time.monotonic() - self._started, 3)

    def _restart_clock(self) -> None:
        self._mark = (self.step, time.monotonic())


def _compiled(model: nn.Module, setting: Setting) -> Callable[..., tuple[Tensor, Tensor | None]]:
    """The model compiled where that can pay; whatever does not compile runs as it is."""
    if setting.config.schedule.steps < 1000:
        setting.voice.say("torch.compile is left out: it takes longer than so short a training.")
        return model
    torch._dynamo.config.suppress_errors = True
    compiled: Callable[..., tuple[Tensor, Tensor | None]] = torch.compile(model)
    return compiled


def _cut(path: Path, size: int) -> None:
    """Takes away what was written after the checkpoint, so that it is not there twice."""
    path.touch()
    if path.stat().st_size > size:
        os.truncate(path, size)


def _synced_size(path: Path) -> int:
    """The file's length, once that much of it is safely on the disk."""
    with path.open("ab") as file:
        os.fsync(file.fileno())
        return file.tell()
