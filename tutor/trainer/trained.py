"""A run's model as its checkpoint has it."""

from __future__ import annotations

from dataclasses import dataclass

from torch import nn

from tutor.core.errors import RunError
from tutor.core.run_config import RunConfig
from tutor.core.runs import Run
from tutor.trainer import checkpoint, learner
from tutor.trainer.corpus import tokenizer_of
from tutor.trainer.learner import Parts
from tutor.trainer.tokenizer import Tokenizer


@dataclass(frozen=True)
class Trained:
    """A model, ready to be asked."""

    run: Run
    config: RunConfig
    parts: Parts
    model: nn.Module
    """In evaluation mode."""
    device: str
    """Where the model is: 'cuda', 'mps' or 'cpu'."""
    step: int
    """Updates that its weights have seen."""
    tokenizer: Tokenizer

    @property
    def borrowed(self) -> list[str]:
        """Exercises whose solution it is made of."""
        return [each.exercise for each in self.config.code if each.borrowed]

    @property
    def owner(self) -> str:
        """Whose model it is, in a few words."""
        if self.config.reference:
            return "the tutor's own GPT"
        borrowed = ", ".join(self.borrowed)
        return f"your GPT ({f'borrowed: {borrowed}' if borrowed else 'all of it yours'})"


def load_trained(run: Run, device: str) -> Trained:
    """The run's model. Raises RunError if nothing was saved yet, or if it does not fit."""
    config = run.config()
    if not config.vocab_size:
        raise RunError("This run has not begun yet, so it knows no characters. Train it first.")
    found = checkpoint.load(run, "model.")
    if found is None:
        raise RunError(f"{run.name} has no checkpoint yet. Train it: `tutor train --resume {run.name}`.")
    tensors, position = found
    tokenizer, parts = tokenizer_of(run, config), learner.load_parts(run, config)
    model = parts.model(tokenizer.size)
    checkpoint.fill_model(model, tensors)
    return Trained(run, config, parts, model.to(device).eval(), device, position.step, tokenizer)
