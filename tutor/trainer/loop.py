"""The training loop: update, measure, write, so that a stop at any moment loses little and changes nothing.

It is the tutor's own loop; the exercise gpt/fit does the same updates, but cannot stop and go on. Everything that
decides the next update is in the checkpoint, so a resumed training equals one that never stopped.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import time
from collections.abc import Callable
from dataclasses import asdict, replace

import torch
from torch import Tensor, nn

from tutor.core.errors import RunError
from tutor.core.metrics import Record, duration, seconds_left
from tutor.core.runs import RunState, Status
from tutor.trainer import checkpoint, devices
from tutor.trainer.batches import Batches
from tutor.trainer.checkpoint import Position
from tutor.trainer.corpus import tokenizer_of
from tutor.trainer.descent import Descent, Forward
from tutor.trainer.estimates import Estimates
from tutor.trainer.memory import Room
from tutor.trainer.setting import Setting
from tutor.trainer.tokenizer import line_start

SAMPLE_TOKENS = 250
_TALK_SECONDS = 10.0
"""A terminal hears something at least so often."""
_RATIO_LINES = 2
"""Every so many lines of metrics have the ratios of update to data, whose measuring costs a tenth of a step."""
_PATIENCE = 2.0
"""Seconds between two tries to write the last checkpoint."""
_LOOK = 0.2
"""Seconds between two looks whether a pause is over."""


class Training:
    """One training, from wherever its checkpoint left it."""

    def __init__(self, setting: Setting, model: nn.Module, forward: Forward) -> None:
        """`forward` is the model, or what was made of it to run faster."""
        self.setting, self.config, self.world = setting, setting.config, setting.world
        self.schedule, self.device, self.keeper = setting.config.schedule, setting.device, setting.keeper
        self.model = model.train()
        self.descent = Descent(model, forward, setting.parts.tools, self.schedule, setting.device, setting.world)
        self.batches = self._batches(setting.train, setting.config.seed)
        torch.manual_seed(setting.config.seed + 1_000_003 * setting.world.rank)
        self._room = Room(self.schedule.accumulation, setting.device.name, setting.world)
        self._estimates = Estimates(setting, model, self.descent, self._batches)
        self.step = 0
        self._losses: list[Tensor] = []
        self._norm: Tensor | float | None = None
        self._records: list[Record] = []
        self._seconds, self._started = 0.0, time.monotonic()
        self._saved = time.monotonic()
        self._mark = (0, time.monotonic())

    def restore(self) -> bool:
        """Goes to where the checkpoint is; False if there is none. Raises RunError."""
        found = checkpoint.load(self.setting.run, tell=self.setting.voice.say)
        if self.world.first:
            self.keeper.metrics.cut(found[1].metrics_bytes if found else 0)
            self.keeper.samples.cut(found[1].samples_bytes if found else 0)
        if found is None:
            return False
        tensors, position = found
        self.descent.restore(tensors, position.plain)
        self.batches.state = tensors["random.batches"]
        if states := _named(tensors, f"random.{self.world.rank}."):  # none for a process more than there were
            devices.set_random_state(self.device, states)
        self.step, self._seconds = position.step, position.seconds
        self._losses = [torch.tensor(loss, device=self.device.name) for loss in position.pending]
        return True

    def train(self) -> bool:
        """Trains to the last step; False if it was asked to stop before. The last state is saved in both cases."""
        self._started = time.monotonic()
        if self.step == 0:
            self._evaluate(self.schedule.eval_batches)
            self._sample()
        self._restart_clock()
        while self.step < self.schedule.steps:
            self.advance()
            if self._asked(self.setting.pausing) and self.step < self.schedule.steps:
                self._pause()
            if self._asked(self.setting.stopping) and self.step < self.schedule.steps:
                self._save()
                self._save_finally(patient=False)
                return False
        self._save_finally(patient=True)
        return True

    def advance(self) -> None:
        """One step, and whatever is due after it."""
        self.step += 1
        last = self.step == self.schedule.steps
        logs = last or self.step % self.schedule.log_every == 0
        ratios = self._descend(measured=logs and self.step % (_RATIO_LINES * self.schedule.log_every) == 0)
        self.batches.prepare()
        if logs:
            self._log(ratios)
        if last or self.step % self.schedule.eval_every == 0:
            self._evaluate(self.schedule.final_batches if last else self.schedule.eval_batches)
            if last or self._sample_due():
                self._sample()
            self._save()
        elif logs and self._save_due():
            self._save()

    def _descend(self, *, measured: bool) -> dict[str, float] | None:
        """Updates the weights, in smaller parts where memory is too small; returns the ratios if they are measured."""
        x, y = self.batches.next()
        before, ratios = self._room.parts, None
        if measured:
            ratios = self.descent.update_ratios(lambda: self._room.fit(lambda parts: self._update(x, y, parts), len(x)))
        else:
            self._room.fit(lambda parts: self._update(x, y, parts), len(x))
        if self._room.parts != before:
            self._keep_smaller_parts(len(x), before)
        return ratios

    def _update(self, x: Tensor, y: Tensor, parts: int) -> None:
        loss, self._norm = self.descent.update(x, y, self.step - 1, parts)
        self._losses.append(loss)

    def _keep_smaller_parts(self, windows: int, before: int) -> None:
        """Goes on in them if that was asked for. Raises RunError if not."""
        parts = self._room.parts
        fits = f"{windows} = {windows // parts} windows × {parts} parts"
        if not self.config.auto_batch:
            raise RunError(
                f"Out of memory with {windows // before} windows at once; {fits} fits, for the same updates. Start a "
                f"new run with --accumulation {parts}, or with --auto-batch, which finds that by itself."
            )
        self.setting.voice.say(f"Out of memory with {windows // before} windows at once; from now on {fits}.")
        self.config = replace(self.config, schedule=replace(self.schedule, accumulation=parts))
        self.keeper.save_config(self.config)

    def _asked(self, whether: Callable[[], bool]) -> bool:
        """Whether to stop or to pause now; many processes ask each other only when they wait for the device anyway."""
        if self.world.size == 1:
            return whether()
        return self.step % self.schedule.log_every == 0 and self.world.any(whether())

    def _pause(self) -> None:
        """Saves, and waits between two steps until nobody wants it to pause any more, or somebody wants it to stop."""
        start = time.monotonic()
        self._save()
        self.keeper.finish()
        self.setting.voice.say(f"Paused at step {self.step}. Go on: `tutor train --resume {self.setting.run.name}`.")
        self._tell_status("paused")
        while self.world.any(self.setting.pausing()) and not self.world.any(self.setting.stopping()):
            time.sleep(_LOOK)
        self.setting.voice.say(f"Goes on after {duration(time.monotonic() - start)}.")
        self._tell_status("training")
        self._started += time.monotonic() - start
        self._restart_clock()

    def _tell_status(self, status: Status) -> None:
        if self.world.first:
            with contextlib.suppress(OSError):  # a full disk ends no training
                self.setting.run.save_state(RunState(status, self.step, os.getpid()))

    def _log(self, ratios: dict[str, float] | None) -> None:
        loss = self._mean_loss()
        since, start = self._mark
        tokens = (self.step - since) * self.schedule.batch_size * self.config.shape.block_size
        now = time.monotonic()  # after the loss was read, so all work of these steps is done
        record = Record(
            self.step,
            self._elapsed(),
            loss=loss,
            tokens_per_second=round(tokens / (now - start), 1) if self.step > since else None,
            learning_rate=self.descent.rate(self.step - 1),
            grad_norm=None if self._norm is None else float(self._norm),
            ratios=ratios,
            memory=self.device.memory(),
        )
        self._write(record)
        self._mark = (self.step, now)
        if self.setting.voice.silent_for() > _TALK_SECONDS:
            self.setting.voice.say(self._line(f"loss {loss:.4f}"))

    def _mean_loss(self) -> float:
        """Of the steps since the last line, in all processes."""
        losses, self._losses = self._losses, []
        return self._finite(self.world.mean(float(torch.stack(losses).double().mean())))

    def _finite(self, loss: float) -> float:
        if math.isfinite(loss):
            return loss
        elsewhere = "" if self.device.name == "cpu" else " --device cpu"
        raise RunError(
            f"The loss is {loss} at step {self.step}: a number overflowed. The last checkpoint is from before; "
            f"continue with `tutor train --resume {self.setting.run.name}{elsewhere}`, or start a new run with a "
            "lower --lr."
        )

    def _evaluate(self, batches: int) -> None:
        train, val = (self._finite(self.world.mean(each)) for each in self._estimates.take(batches))
        self._write(Record(self.step, self._elapsed(), train=train, val=val))
        self.setting.voice.say(self._line(f"train {train:.4f}  val {val:.4f}"))
        self._restart_clock()

    def _batches(self, data: Tensor, seed: int) -> Batches:
        draw, shape, size = self.setting.parts.get_batch, self.config.shape, self.schedule.batch_size
        return Batches(lambda generator: draw(data, shape.block_size, size, generator), seed, self.device, self.world)

    def _sample_due(self) -> bool:
        """At evaluations, spread over the training."""
        parts, steps = self.schedule.samples, self.schedule.steps
        return self.step * parts // steps > (self.step - self.schedule.eval_every) * parts // steps

    def _sample(self) -> None:
        if self.world.first:
            text = self._written_text()
            self.keeper.append(self.keeper.samples, f"--- step {self.step} ---\n{text}\n\n")
            self.setting.voice.say("\n" + "\n".join(f"    {line}" for line in text.strip("\n").split("\n")) + "\n")
        self._restart_clock()

    def _written_text(self) -> str:
        tokenizer = tokenizer_of(self.setting.run, self.config)
        start = torch.tensor([[line_start(tokenizer)]], device=self.device.name)
        generator = torch.Generator(self.device.name).manual_seed(self.config.seed + 2)
        self.model.eval()
        with torch.no_grad(), devices.untouched_randomness(self.device), self.device.autocast():
            tokens = self.setting.parts.generate(self.model, start, SAMPLE_TOKENS, generator)
        self.model.train()
        return tokenizer.decode(tokens[0, 1:].tolist())

    def _save_due(self) -> bool:
        late = time.monotonic() - self._saved > self.schedule.checkpoint_seconds and not self.keeper.busy
        return self.world.any(late and self.world.first)

    def _save(self) -> None:
        """Begins to write a checkpoint; of many processes the first one writes, and all tell their random numbers."""
        losses = tuple(self._finite(each) for each in torch.stack(self._losses).tolist()) if self._losses else ()
        losses = tuple(sum(each) / len(each) for each in zip(*self.world.gather(losses), strict=True))
        randomness = self.world.gather(devices.random_state(self.device))
        self._saved = time.monotonic()
        if not self.world.first:
            return
        tensors, plain = self.descent.state()
        for rank, states in enumerate(randomness):
            tensors |= {f"random.{rank}.{name}": each for name, each in states.items()}
        tensors["random.batches"] = self.batches.state
        sizes = (len(self.keeper.metrics), len(self.keeper.samples))
        self.keeper.save(tensors, Position(self.step, self._elapsed(), losses, *sizes, plain))
        self._restart_clock()

    def _save_finally(self, *, patient: bool) -> None:
        """Waits until the last checkpoint is on the disk, and tries again if it is not. Raises RunError.

        Patient: until asked to stop; else twice more.
        """
        tries = 0
        while self.world.first and not self.keeper.finish():
            self.keeper.report()
            tries += 1
            if self.setting.stopping() if patient else tries > 2:
                again = f"continue with `tutor train --resume {self.setting.run.name}`"
                raise RunError(f"{self.keeper.trouble} Make room, then {again}.")
            time.sleep(_PATIENCE if patient else 1.0)
            self._save()
        self.keeper.report()

    def _write(self, record: Record) -> None:
        self._records = [*self._records[-100:], record]
        known = {name: value for name, value in asdict(record).items() if value is not None}
        if self.world.first:
            self.keeper.append(self.keeper.metrics, json.dumps(known) + "\n")

    def _line(self, losses: str) -> str:
        line = f"step {self.step:>{len(str(self.schedule.steps))}}/{self.schedule.steps}  {losses}"
        paces = [each.tokens_per_second for each in self._records[-5:] if each.tokens_per_second]
        if paces:
            line += f"  {sum(paces) / len(paces):,.0f} tokens/s"
        left = seconds_left(self._records, self.schedule.steps)
        return line if left is None or self.step == self.schedule.steps else f"{line}  {duration(left)} left"

    def _elapsed(self) -> float:
        return round(self._seconds + time.monotonic() - self._started, 3)

    def _restart_clock(self) -> None:
        self._mark = (self.step, time.monotonic())


def _named(tensors: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): each for name, each in tensors.items() if name.startswith(prefix)}
