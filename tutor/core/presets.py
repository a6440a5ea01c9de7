"""Sizes of GPT worth training, and what to expect of each.

Shape      how large the model is, and the work of one token
Schedule   how long and how it is trained
Band       the losses it reaches
Duration   how long that takes on one machine
Preset     all of them under a name
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


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

    def flops_per_token(self, vocab_size: int) -> int:
        """FLOP of one token in training, forward and backward: 6N + 12·L·C·T (PaLM, appendix B).

        N leaves out the table of positions, which is looked up and not multiplied. A third of it is the forward pass.
        """
        multiplied = self.parameters(vocab_size) - self.block_size * self.n_embd
        return 6 * multiplied + 12 * self.n_layer * self.n_embd * self.block_size


@dataclass(frozen=True)
class Schedule:
    """How a model is trained: AdamW, a learning rate that warms up and then falls along a cosine, clipped gradients."""

    steps: int
    """Updates of the weights."""
    batch_size: int
    """Windows of text in one update (B), on all devices together."""
    eval_every: int
    """Steps between two estimates of the losses."""
    eval_batches: int
    """Batches in such an estimate, of each split."""
    accumulation: int = 1
    """Parts that the batch is computed in, one after the other: more parts need less memory, for the same update."""
    learning_rate: float = 1e-3
    """The highest, reached after the warm-up."""
    min_learning_rate: float = 1e-4
    """The lowest, at the end of the cosine and after it."""
    warmup: int = 0
    """Steps over which the learning rate rises to its highest."""
    decay_steps: int = 0
    """Step at which the cosine ends; 0: at the last one."""
    weight_decay: float = 0.1
    """Of matrices and tables; biases and gains have none."""
    beta1: float = 0.9
    """AdamW's memory of gradients."""
    beta2: float = 0.99
    """AdamW's memory of their squares; small batches want a longer one."""
    grad_clip: float = 1.0
    """Longest gradient, over all parameters; 0: any length."""
    log_every: int = 10
    """Steps between two lines of metrics."""
    final_batches: int = 200
    """Batches in the estimate after the last step."""
    samples: int = 4
    """Samples written on the way, besides the one before the first step."""
    checkpoint_seconds: float = 60.0
    """At most so long is lost to a crash; evaluations are followed by a checkpoint in any case."""

    @property
    def evaluated_batches(self) -> int:
        """Batches of all estimates together, both splits."""
        on_the_way = 1 + (self.steps - 1) // self.eval_every
        return 2 * (on_the_way * self.eval_batches + self.final_batches)


@dataclass(frozen=True)
class Band:
    """The validation loss after all steps."""

    expected: float
    """What to expect."""
    low: float
    """A lower loss says that validation text was seen in training."""
    high: float
    """A higher loss says that something is wrong."""
    text: str
    """The text it holds for; another one has other losses."""
    source: str
    """Where the numbers come from."""


@dataclass(frozen=True)
class Duration:
    """How long a whole training takes on one machine."""

    device: str
    seconds: tuple[float, float]
    """From, to."""
    kind: Literal["measured", "published", "estimate"]


@dataclass(frozen=True)
class Preset:
    """A shape and a schedule under a name, and what comes of them."""

    name: str
    title: str
    """What it is, in a few words."""
    shape: Shape
    schedule: Schedule
    band: Band
    time: str
    """How long it takes, in a few words."""
    durations: tuple[Duration, ...]
    """The same by device."""

    def flops(self, vocab_size: int) -> float:
        """FLOP of the whole training, estimates of the loss included."""
        return training_flops(self.shape, self.schedule, vocab_size)


def training_flops(shape: Shape, schedule: Schedule, vocab_size: int) -> float:
    """FLOP of all steps and of all estimates of the loss; those have no backward pass, so a token costs a third."""
    tokens = schedule.batch_size * shape.block_size
    return tokens * shape.flops_per_token(vocab_size) * (schedule.steps + schedule.evaluated_batches / 3)


_MINUTE, _HOUR = 60.0, 3600.0

PRESETS = {
    preset.name: preset
    for preset in (
        Preset(
            "l7",
            "the small GPT of lecture 7",
            Shape(block_size=8, n_layer=3, n_head=4, n_embd=32),
            Schedule(steps=5000, batch_size=32, warmup=100, eval_every=500, eval_batches=50, final_batches=400),
            Band(2.10, 2.02, 2.14, "tiny Shakespeare", "measured"),
            "1 to 4 minutes on any laptop",
            (Duration("2 cores of a server", (0.5 * _MINUTE, 1 * _MINUTE), "measured"),),
        ),
        Preset(
            "cpu",
            "nanoGPT's shape for a CPU",
            Shape(block_size=64, n_layer=4, n_head=4, n_embd=128, bias=False),
            Schedule(steps=2000, batch_size=12, warmup=100, eval_every=250, eval_batches=20),
            Band(1.88, 1.80, 1.94, "tiny Shakespeare", "measured; nanoGPT's README has 1.88"),
            "1 to 5 minutes on a laptop",
            (
                Duration("2 cores of a server", (1 * _MINUTE, 2 * _MINUTE), "measured"),
                Duration("MacBook (CPU)", (3 * _MINUTE, 3 * _MINUTE), "published"),
            ),
        ),
        Preset(
            "baby",
            "lecture 7's last GPT, as nanoGPT trains it",
            Shape(block_size=256, n_layer=6, n_head=6, n_embd=384, dropout=0.2, bias=False),
            Schedule(steps=5000, batch_size=64, warmup=100, eval_every=250, eval_batches=20),
            Band(1.47, 1.44, 1.52, "tiny Shakespeare", "nanoGPT's README has 1.4697, lecture 7 has 1.48"),
            "1 to 25 minutes on a GPU, an hour or two on an Apple chip, a night without",
            (
                Duration("H100 or H200", (1 * _MINUTE, 2 * _MINUTE), "estimate"),
                Duration("A100", (3 * _MINUTE, 3 * _MINUTE), "published"),
                Duration("RTX 4090", (3 * _MINUTE, 3 * _MINUTE), "estimate"),
                Duration("RTX 3090", (6 * _MINUTE, 6 * _MINUTE), "estimate"),
                Duration("RTX 2080 Ti", (8 * _MINUTE, 8 * _MINUTE), "estimate"),
                Duration("RTX 3060", (13 * _MINUTE, 13 * _MINUTE), "estimate"),
                Duration("GTX 1080 Ti", (22 * _MINUTE, 26 * _MINUTE), "estimate"),
                Duration("Apple M1 Pro, M1 Max, M2 Max", (30 * _MINUTE, 75 * _MINUTE), "estimate"),
                Duration("Apple M1, M2, M3", (1.5 * _HOUR, 2.5 * _HOUR), "estimate"),
                Duration("2 cores of a server", (5.9 * _HOUR, 13.1 * _HOUR), "estimate"),
            ),
        ),
        Preset(
            "gpt2",
            "GPT-2's smallest, as lecture 9 trains it",
            Shape(block_size=1024, n_layer=12, n_head=12, n_embd=768),
            Schedule(
                steps=19_073,  # of 2^19 tokens: ten billion
                batch_size=512,
                accumulation=16,
                learning_rate=6e-4,
                min_learning_rate=6e-5,
                warmup=715,
                beta2=0.95,
                eval_every=1000,
                eval_batches=2,
                final_batches=20,
            ),
            Band(3.28, 3.20, 3.35, "FineWeb", "llm.c's 3.28 on FineWeb with GPT-2's tokens"),
            "hours on eight A100, days on one GPU; it needs gigabytes of text",
            (
                Duration("8 H100", (45 * _MINUTE, 45 * _MINUTE), "published"),
                Duration("8 A100", (94 * _MINUTE, 94 * _MINUTE), "published"),
                Duration("H100 or H200", (6 * _HOUR, 9 * _HOUR), "estimate"),
                Duration("A100", (12.5 * _HOUR, 21 * _HOUR), "estimate"),
                Duration("RTX 4090", (27 * _HOUR, 32 * _HOUR), "estimate"),
            ),
        ),
    )
}
