"""Everything before the first step of a run, for those who only measure steps."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace

import torch

from tutor.core.run_config import RunConfig
from tutor.core.runs import Run
from tutor.trainer import devices, learner
from tutor.trainer.corpus import Corpus, open_corpus
from tutor.trainer.descent import Forward
from tutor.trainer.devices import Device
from tutor.trainer.learner import Parts
from tutor.trainer.ranks import World
from tutor.trainer.session import check_lengths
from tutor.trainer.settling import settle


@dataclass(frozen=True)
class Ready:
    """A run that could train now."""

    run: Run
    config: RunConfig
    """With the device as it was settled."""
    device: Device
    parts: Parts
    corpus: Corpus
    model: torch.nn.Module
    forward: Forward
    """The model, or what was made of it to run faster."""


def make_ready(run: Run, config: RunConfig) -> Ready:
    """Finds text, device and model, and settles how to compute, as the trainer does. Raises RunError."""
    device = devices.choose(config.asked_device, config.shape.n_embd, config.asked_precision)
    parts = learner.load_parts(run, config)
    corpus = open_corpus(run, config, parts, lambda text: print(text, file=sys.stderr))
    check_lengths(corpus.config, len(corpus.val))
    torch.manual_seed(config.seed)
    model = parts.model(corpus.config.vocab_size)
    parts.tools.init_weights(model, torch.Generator().manual_seed(config.seed))
    config = replace(corpus.config, parameters=sum(each.numel() for each in model.parameters()))
    model = model.to(device.name)
    record, forward = settle(config, device, model, World())
    device = replace(device, precision=getattr(torch, record.precision))
    return Ready(run, replace(config, device=record), device, parts, corpus, model, forward)
