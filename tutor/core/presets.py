"""Sizes of GPT worth training, and what to expect of each.

    Shape      how large the model is
    Schedule   how long and how it is trained
    Preset     both under a name, with the loss they reach

The losses were measured on tiny Shakespeare with a constant learning rate; another text has other numbers.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Shape:
    """The size of a GPT, apart from its vocabulary, which the text decides."""

    block_size: int
    """Characters that it sees at once (T)."""
    n_layer: int
    """Blocks."""
    n_head: int
    """Attention heads of each block (H)."""
    n_embd: int
    """Channels (C)."""
    dropout: float = 0.0
    """Probability of dropping an activation while training."""
    bias: bool = True
    """Whether linear layers and layer norms have a bias."""

    def parameters(self, vocab_size: int) -> int:
        """How many numbers are trained, the tied output head counted once."""
        channels = self.n_embd
        block = 12 * channels**2 + (13 if self.bias else 2) * channels
        norm = (2 if self.bias else 1) * channels
        return (vocab_size + self.block_size) * channels + self.n_layer * block + norm


@dataclass(frozen=True)
class Schedule:
    """How a model is trained: AdamW at a constant learning rate."""

    steps: int
    """Updates of the weights."""
    batch_size: int
    """Windows of text in one update (B)."""
    eval_every: int
    """Steps between two estimates of the losses."""
    eval_batches: int
    """Batches in such an estimate, of each split."""
    learning_rate: float = 1e-3
    log_every: int = 10
    """Steps between two lines of metrics."""
    final_batches: int = 200
    """Batches in the estimate after the last step."""
    samples: int = 4
    """Samples written on the way, besides the one before the first step."""
    checkpoint_seconds: float = 60.0
    """At most so long is lost to a crash; evaluations are followed by a checkpoint in any case."""


@dataclass(frozen=True)
class Preset:
    """A shape and a schedule under a name."""

    name: str
    title: str
    """What it is, in a few words."""
    shape: Shape
    schedule: Schedule
    expected: float
    """Validation loss on tiny Shakespeare after all steps."""
    at_most: float
    """A higher loss there says that something is wrong."""
    time: str
    """How long it takes, in a few words."""


PRESETS = {
    preset.name: preset
    for preset in (
        Preset(
            "l7",
            "the small GPT of lecture 7",
            Shape(block_size=8, n_layer=3, n_head=4, n_embd=32),
            Schedule(steps=5000, batch_size=32, eval_every=500, eval_batches=50, final_batches=400),
            expected=2.10,
            at_most=2.14,
            time="1 to 4 minutes on any laptop",
        ),
        Preset(
            "cpu",
            "nanoGPT's shape for a CPU",
            Shape(block_size=64, n_layer=4, n_head=4, n_embd=128),
            Schedule(steps=2000, batch_size=12, eval_every=250, eval_batches=20),
            expected=1.88,
            at_most=1.94,
            time="1 to 5 minutes on a laptop",
        ),
        Preset(
            "baby",
            "lecture 7's last GPT",
            Shape(block_size=256, n_layer=6, n_head=6, n_embd=384, dropout=0.2),
            Schedule(steps=5000, batch_size=64, eval_every=250, eval_batches=20),
            expected=1.48,
            at_most=1.52,
            time="3 to 25 minutes on a GPU, an hour or two on an Apple chip, a night without",
        ),
    )
}
