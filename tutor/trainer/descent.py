"""One update of the weights: gradients of a batch in parts, their length limited, a step of AdamW at its rate."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

from tutor.core.errors import RunError
from tutor.core.presets import Schedule
from tutor.trainer import checkpoint
from tutor.trainer.devices import Device
from tutor.trainer.ranks import World
from tutor.trainer.state_tree import flatten, rebuild
from tutor.trainer.tools import Tools

Forward = Callable[[Tensor, Tensor], tuple[Tensor, Tensor | None]]


class Descent:
    """Changes a model's weights, one batch at a time."""

    def __init__(
        self,
        model: nn.Module,
        forward: Forward,
        tools: Tools,
        schedule: Schedule,
        device: Device,
        world: World | None = None,
    ) -> None:
        """`forward` is the model, or what was made of it to run faster."""
        self.model, self.tools, self.schedule, self.device = model, tools, schedule, device
        self.alone = forward
        self.forward = _shared(forward, device, world) if world and world.size > 1 else forward
        self.parameters: list[Tensor] = [each for each in model.parameters() if each.requires_grad]
        groups = tools.param_groups(model, schedule.weight_decay)
        betas = (schedule.beta1, schedule.beta2)
        self.optimizer = tools.adamw(groups, lr=schedule.learning_rate, betas=betas)
        self.scaler = torch.amp.GradScaler(device.name) if device.scales_loss else None
        self.matrices = [(name, each) for name, each in model.named_parameters() if each.dim() >= 2]

    def rate(self, step: int) -> float:
        """The learning rate of the update after so many."""
        plan = self.schedule
        end = plan.decay_steps or plan.steps
        return self.tools.get_lr(step, plan.learning_rate, plan.min_learning_rate, plan.warmup, end)

    def update(self, x: Tensor, y: Tensor, step: int, parts: int = 1) -> tuple[Tensor, Tensor | float | None]:
        """Changes the weights; returns the batch's loss, and the length of the gradient before it was limited.

        A batch may be computed in equal parts, for less memory: the update is the same.
        Neither is read here, so a GPU is not waited for.
        """
        for parameter in self.parameters:
            parameter.grad = None
        loss = self._gradients(x, y, parts)
        length = self._clipped()
        rate = self.rate(step)
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        if self.scaler is None:
            self.optimizer.step()
        else:
            self.scaler.step(self.optimizer)
            self.scaler.update()
        return loss, length

    @torch.no_grad()
    def measured(self, x: Tensor, y: Tensor, parts: int = 1) -> Tensor:
        """The mean loss over these windows, without a graph and without a word to other processes."""
        pairs = zip(x.chunk(parts), y.chunk(parts), strict=True)
        return torch.stack([self._loss(self.alone, part_x, part_y) for part_x, part_y in pairs]).mean()

    @torch.no_grad()
    def update_ratios(self, update: Callable[[], object]) -> dict[str, float]:
        """Makes an update, and says how large it was beside the weights: std of the change over std, by matrix."""
        before = [each.detach().clone() for _, each in self.matrices]
        with torch.enable_grad():
            update()
        changes = [(new - old).std() / old.std() for (_, new), old in zip(self.matrices, before, strict=True)]
        return dict(
            zip(
                (name for name, _ in self.matrices),
                [float(f"{each:.3g}") for each in torch.stack(changes).tolist()],
                strict=True,
            )
        )

    def state(self) -> tuple[dict[str, Tensor], dict[str, Any]]:
        """All tensors that decide the next update, by name, and what else does, as plain JSON."""
        tensors = {f"model.{name}": each for name, each in checkpoint.unique_tensors(self.model).items()}
        outline = flatten(self.optimizer.state_dict(), "optimizer", tensors)
        return tensors, {"optimizer": outline, "scaler": self.scaler.state_dict() if self.scaler else {}}

    def restore(self, tensors: dict[str, Tensor], plain: dict[str, Any]) -> None:
        """The reverse of `state`. Raises RunError if it is another model's."""
        checkpoint.fill_model(self.model, tensors)
        try:
            self.optimizer.load_state_dict(rebuild(plain["optimizer"], tensors, self.device.name))
        except (KeyError, TypeError, ValueError) as error:
            raise RunError(
                f"The checkpoint's optimizer does not fit this run's ({error}). Start a new run with `tutor train`."
            ) from error
        if self.scaler and plain["scaler"]:
            self.scaler.load_state_dict(plain["scaler"])

    def _gradients(self, x: Tensor, y: Tensor, parts: int) -> Tensor:
        """Adds up the gradients of the mean loss over the batch, part after part; returns the loss."""
        losses = []
        for number, (part_x, part_y) in enumerate(zip(x.chunk(parts), y.chunk(parts), strict=True), 1):
            with self._exchange(number == parts):
                loss = self._loss(self.forward, part_x, part_y)
                self._backward(loss / parts if parts > 1 else loss)
            losses.append(loss.detach())
        return losses[0] if parts == 1 else torch.stack(losses).mean()

    def _loss(self, forward: Forward, x: Tensor, y: Tensor) -> Tensor:
        with self.device.autocast():
            _, loss = forward(x, y)
        if not isinstance(loss, Tensor):
            raise RunError("The model returned no loss for targets. Check gpt/model: forward returns (logits, loss).")
        return loss

    def _backward(self, loss: Tensor) -> None:
        scaled = self.scaler.scale(loss) if self.scaler else loss
        scaled.backward()  # type: ignore[no-untyped-call]

    def _clipped(self) -> Tensor | float | None:
        if self.scaler:
            self.scaler.unscale_(self.optimizer)
        return self.tools.clip_grad_norm(self.parameters, self.schedule.grad_clip) if self.schedule.grad_clip else None

    def _exchange(self, last: bool) -> AbstractContextManager[object]:
        """Between processes, gradients are exchanged with the last part only."""
        if last or not isinstance(self.forward, DistributedDataParallel):
            return nullcontext()
        return self.forward.no_sync()


def _shared(forward: Forward, device: Device, world: World) -> Forward:
    """The model, with gradients averaged over all processes."""
    ids = [world.local_rank] if device.name == "cuda" else None
    return DistributedDataParallel(
        forward,
        device_ids=ids,
        gradient_as_bucket_view=True,
        broadcast_buffers=False,
    )
