"""A model as the `transformers` library's GPT-2: its configuration and its tensors, checked against the model.

The names are those of GPT2LMHeadModel. Its linear layers keep their weights transposed, [in, out] ("Conv1D"), and have
biases always: where the model has none they are zeros.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812 (its usual name)
from torch import Tensor, nn

from tutor.core.errors import RunError
from tutor.core.presets import Shape

_ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "gelu_new": lambda x: F.gelu(x, approximate="tanh"),
    "gelu": F.gelu,
    "relu": F.relu,
    "silu": F.silu,
}
"""By their names in `transformers`; the first is GPT-2's own."""

_TOLERANCE = 1e-3
"""Largest difference of logits, in standard deviations of the logits; float32 sums in another order differ by 1e-6."""


@dataclass(frozen=True)
class GPT2:
    """What is written."""

    shape: Shape
    vocab_size: int
    activation: str
    epsilon: float
    """Of the layer norms."""
    tied: bool
    """Whether the output head is the token table."""
    tensors: dict[str, Tensor]

    @property
    def config(self) -> dict[str, Any]:
        """The content of config.json."""
        return {
            "architectures": ["GPT2LMHeadModel"],
            "model_type": "gpt2",
            "vocab_size": self.vocab_size,
            "n_positions": self.shape.block_size,
            "n_embd": self.shape.n_embd,
            "n_layer": self.shape.n_layer,
            "n_head": self.shape.n_head,
            "n_inner": None,
            "activation_function": self.activation,
            "layer_norm_epsilon": self.epsilon,
            "embd_pdrop": self.shape.dropout,
            "attn_pdrop": self.shape.dropout,
            "resid_pdrop": self.shape.dropout,
            "tie_word_embeddings": self.tied,
            "bos_token_id": None,
            "eos_token_id": None,
            "dtype": "float32",
        }

    def logits(self, idx: Tensor) -> Tensor:
        """What such a GPT-2 computes: tokens [B,T] to logits [B,T,V]."""
        get, activate = self.tensors, _ACTIVATIONS[self.activation]
        x = F.embedding(idx, get["transformer.wte.weight"]) + get["transformer.wpe.weight"][: idx.shape[1]]
        for number in range(self.shape.n_layer):
            place = f"transformer.h.{number}"
            x = x + self._attend(f"{place}.attn", self._norm(f"{place}.ln_1", x))
            hidden = activate(self._linear(f"{place}.mlp.c_fc", self._norm(f"{place}.ln_2", x)))
            x = x + self._linear(f"{place}.mlp.c_proj", hidden)
        head = get["transformer.wte.weight" if self.tied else "lm_head.weight"]
        return F.linear(self._norm("transformer.ln_f", x), head)

    def _attend(self, place: str, x: Tensor) -> Tensor:
        heads = (*x.shape[:2], self.shape.n_head, -1)
        parts = self._linear(f"{place}.c_attn", x).chunk(3, dim=-1)
        q, k, v = (part.reshape(heads).transpose(1, 2) for part in parts)
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        return self._linear(f"{place}.c_proj", y.transpose(1, 2).flatten(2))

    def _linear(self, place: str, x: Tensor) -> Tensor:
        return x @ self.tensors[f"{place}.weight"] + self.tensors[f"{place}.bias"]

    def _norm(self, place: str, x: Tensor) -> Tensor:
        weight, bias = self.tensors[f"{place}.weight"], self.tensors[f"{place}.bias"]
        return F.layer_norm(x, weight.shape, weight, bias, self.epsilon)


@torch.no_grad()
def as_gpt2(model: nn.Module, shape: Shape, vocab_size: int) -> tuple[GPT2, float]:
    """The GPT-2 that computes what the model (on the CPU, in evaluation mode) computes, and by how much they differ.

    Tried are all activations that GPT-2 may have. Raises RunError if the model has other parts, or computes something
    else.
    """
    parameters = dict(model.named_parameters(remove_duplicate=False))
    head = parameters.get("lm_head.weight")
    tied = head is None or head is parameters.get("wte.weight")
    tensors = _tensors(parameters, shape, vocab_size, tied)
    epsilon = float(getattr(model.get_submodule("ln_f"), "eps", 1e-5))
    found = GPT2(shape, vocab_size, "gelu_new", epsilon, tied, tensors)
    draw = torch.Generator().manual_seed(0)
    idx = torch.randint(vocab_size, (2, shape.block_size), generator=draw)
    wanted: Tensor = model(idx, idx)[0]
    gaps = {name: float((replace(found, activation=name).logits(idx) - wanted).abs().max()) for name in _ACTIVATIONS}
    best = min(gaps, key=lambda name: gaps[name])
    if not gaps[best] < _TOLERANCE * float(wanted.std()):
        raise RunError(
            f"No GPT-2 computes what this model computes: the logits differ by up to {gaps[best]:.3g}, and their "
            f"standard deviation is {float(wanted.std()):.3g}. {_WHAT_IT_IS} {_REMEDY}"
        )
    return replace(found, activation=best), gaps[best]


def _tensors(parameters: dict[str, nn.Parameter], shape: Shape, vocab_size: int, tied: bool) -> dict[str, Tensor]:
    """The model's parameters under GPT-2's names, in GPT-2's layout. Raises RunError if they are others."""
    places = dict(_places(shape, vocab_size))
    if not tied:
        places["lm_head.weight"] = (vocab_size, shape.n_embd)
    extra = [name for name in parameters if name not in places and name != "lm_head.weight"]
    missing = [name for name in places if name not in parameters and not name.endswith("bias")]
    if extra or missing:
        has = [f"it has no {name}" for name in missing[:3]]
        has += [f"GPT-2 has no {name}" for name in extra[:3]]
        raise RunError(f"This model is not made of GPT-2's parts: {'; '.join(has)}. {_WHAT_IT_IS} {_REMEDY}")
    tensors = {}
    for name, size in places.items():
        tensor = parameters[name].detach().float() if name in parameters else torch.zeros(size)
        if tensor.shape != torch.Size(size):
            raise RunError(f"{name} is {list(tensor.shape)}, and GPT-2's is {list(size)}. {_REMEDY}")
        turned = tensor.T if name.split(".")[-2].startswith("c_") and tensor.dim() == 2 else tensor
        tensors[name if name == "lm_head.weight" else f"transformer.{name}"] = turned.contiguous().clone()
    return tensors


def _places(shape: Shape, vocab_size: int) -> Iterator[tuple[str, tuple[int, ...]]]:
    """GPT-2's parameters, by the names and in the layout that the course asks for."""
    channels = shape.n_embd
    yield "wte.weight", (vocab_size, channels)
    yield "wpe.weight", (shape.block_size, channels)
    for number in range(shape.n_layer):
        for name, rows, columns in (
            ("attn.c_attn", 3 * channels, channels),
            ("attn.c_proj", channels, channels),
            ("mlp.c_fc", 4 * channels, channels),
            ("mlp.c_proj", channels, 4 * channels),
        ):
            yield f"h.{number}.{name}.weight", (rows, columns)
            yield f"h.{number}.{name}.bias", (rows,)
        for name in ("ln_1", "ln_2"):
            yield f"h.{number}.{name}.weight", (channels,)
            yield f"h.{number}.{name}.bias", (channels,)
    yield "ln_f.weight", (channels,)
    yield "ln_f.bias", (channels,)


_WHAT_IT_IS = (
    "GPT-2 adds a table of positions to the tokens; its blocks are layer norm, causal attention, layer norm, and an "
    "MLP of four times the width with one activation; a layer norm comes last."
)
_REMEDY = "Export it with --to safetensors, which keeps it as it is."
