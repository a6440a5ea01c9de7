"""Small functions that run beside the learner's objects in the worker, and beside the oracle in the grader.

They hold no answers: they load weights, take gradients, count operations. `BUILTIN` names those a grader may call.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

LEARNER_FILES = ("exercises/", "<string>")
"""How the paths of the learner's code begin."""


class Unusable(Exception):
    """What the learner's code returned cannot be used as asked; the message says what it should have been."""


def load(module: Any, values: dict[str, Any]) -> None:
    """Put tensors into the module under their dotted names ('c_attn.weight'), whatever it held before.

    A tensor that requires a gradient takes the parameter's place everywhere in the module, so that gradients flow back
    to it; any other is copied. Raises Unusable if a name is missing, is no tensor, or has another shape.
    """
    import torch

    shared = _holders(module) if any(value.requires_grad for value in values.values()) else {}
    for name, value in values.items():
        owner, last = _owner(module, name)
        target = getattr(owner, last, None)
        if not isinstance(target, torch.Tensor):
            kind = "there is none" if target is None else f"yours is of type {type(target).__name__}"
            raise Unusable(f"`{name}` of {type(module).__name__} should be a tensor; {kind}.")
        if target.shape != value.shape:
            raise Unusable(f"`{name}` should have the shape {tuple(value.shape)}; yours has {tuple(target.shape)}.")
        if value.requires_grad:
            shared[id(value)] = shared.get(id(target), []) + [(owner, last)]
            _replace(shared[id(value)], value)
        else:
            with torch.no_grad():
                target.copy_(value)


def _owner(module: Any, name: str) -> tuple[Any, str]:
    """The object that holds the last part of a dotted name."""
    *parts, last = name.split(".")
    owner = module
    for part in parts:
        owner = owner[int(part)] if part.isdigit() and hasattr(owner, "__getitem__") else getattr(owner, part, None)
        if owner is None:
            raise Unusable(f"{type(module).__name__} has no `{name}`; the exercise asks for a tensor of that name.")
    return owner, last


def _holders(module: Any) -> dict[int, list[tuple[Any, str]]]:
    """For each parameter and buffer, by identity, the modules that hold it and under which name: several if tied."""
    found: dict[int, list[tuple[Any, str]]] = {}
    for part in module.modules() if hasattr(module, "modules") else ():
        for name, each in (*part._parameters.items(), *part._buffers.items()):
            found.setdefault(id(each), []).append((part, name))
    return found


def _replace(holders: list[tuple[Any, str]], value: Any) -> None:
    """Let `value` stand wherever they hold something else now."""
    for holder, name in {(id(each), name): (each, name) for each, name in holders}.values():
        if name in getattr(holder, "_parameters", ()):
            del holder._parameters[name]
        setattr(holder, name, value)


def gradient(function: Callable[..., Any], *args: Any, weights: Any, **kwargs: Any) -> list[Any]:
    """Gradients of sum(function(*args) · weights) by every floating tensor among the arguments, in order.

    `weights` is a tensor of the result's shape, or a tuple of them if the function returns a tuple. An argument that
    the result does not depend on has a gradient of zeros. Raises Unusable if the result is no such tensor.
    """
    import torch

    leaves: list[Any] = []
    fresh = _with_leaves((args, kwargs), leaves)
    result = function(*fresh[0], **fresh[1])
    results, weighted = _pair(result, weights)
    total = sum((each * w).sum() for each, w in zip(results, weighted, strict=True))
    if not isinstance(total, torch.Tensor) or not total.requires_grad:
        raise Unusable(
            "The result does not carry a gradient back to its inputs: it was detached, or built under no_grad, "
            "or made of plain numbers. Compute it with tensor operations on the inputs."
        )
    found = torch.autograd.grad(total, leaves, allow_unused=True)
    return [torch.zeros_like(leaf) if grad is None else grad for leaf, grad in zip(leaves, found, strict=True)]


def _pair(result: Any, weights: Any) -> tuple[list[Any], list[Any]]:
    import torch

    results = list(result) if isinstance(result, tuple | list) else [result]
    weighted = list(weights) if isinstance(weights, tuple | list) else [weights]
    if len(results) != len(weighted):
        raise Unusable(f"The result should have {len(weighted)} part(s); yours has {len(results)}.")
    for each, weight in zip(results, weighted, strict=True):
        if not isinstance(each, torch.Tensor):
            raise Unusable(f"The result should be a tensor; yours is of type {type(each).__name__}.")
        if each.shape != weight.shape:
            raise Unusable(f"The result should have the shape {tuple(weight.shape)}; yours has {tuple(each.shape)}.")
    return results, weighted


def _with_leaves(value: Any, leaves: list[Any]) -> Any:
    """The same arguments with every floating tensor replaced by a fresh one that requires a gradient."""
    import torch

    if isinstance(value, torch.Tensor) and value.is_floating_point():
        leaves.append(value.detach().clone().requires_grad_())
        return leaves[-1]
    if type(value) in (list, tuple):
        return type(value)(_with_leaves(each, leaves) for each in value)
    if type(value) is dict:
        return {name: _with_leaves(each, leaves) for name, each in value.items()}
    return value


def changed(function: Callable[..., Any], *args: Any, **kwargs: Any) -> list[str]:
    """Which tensors among the arguments the call changed in place: '1st argument', 'argument `mask`', …"""
    before = [(name, each, each.clone(), each._version) for name, each in _tensors(args, kwargs)]
    function(*args, **kwargs)
    return [
        name
        for name, each, copy, version in before
        if each._version != version or each.shape != copy.shape or not _bitwise_equal(each, copy)
    ]


def _tensors(args: Any, kwargs: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    import torch

    named = [(f"argument {number}", each) for number, each in enumerate(args, 1)]
    named += [(f"argument `{name}`", each) for name, each in kwargs.items()]
    for name, each in named:
        parts = each.values() if isinstance(each, dict) else each if isinstance(each, list | tuple) else [each]
        yield from ((name, part) for part in parts if isinstance(part, torch.Tensor))


def _bitwise_equal(left: Any, right: Any) -> bool:
    import torch

    return bool(torch.equal(left.nan_to_num(), right.nan_to_num()) and torch.equal(left.isnan(), right.isnan()))


def work(function: Callable[..., Any], *args: Any, **kwargs: Any) -> tuple[int, list[tuple[str, int, int]]]:
    """What a call costs, without a clock: tensor operations, and steps of bytecode as (file, line, steps).

    Only the learner's files are counted, and what they make with `exec`.
    """
    from torch.utils._python_dispatch import TorchDispatchMode

    class Count(TorchDispatchMode):  # type: ignore[no-untyped-call]
        total = 0

        def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            self.total += 1
            return func(*args, **(kwargs or {}))

    steps: dict[tuple[str, int], int] = {}

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        path = frame.f_code.co_filename
        if not path.startswith(LEARNER_FILES):
            return None
        frame.f_trace_opcodes = True
        if event == "opcode":
            steps[path, frame.f_lineno] = steps.get((path, frame.f_lineno), 0) + 1
        return trace

    before = sys.gettrace()
    with Count() as count:  # type: ignore[no-untyped-call]
        sys.settrace(trace)
        try:
            function(*args, **kwargs)
        finally:
            sys.settrace(before)
    return int(count.total), [(path, line, number) for (path, line), number in sorted(steps.items())]


def type_name(value: Any) -> str:
    """The name of the value's type."""
    return type(value).__name__


BUILTIN: dict[str, Callable[..., Any]] = {
    "gradient": gradient,
    "changed": changed,
    "work": work,
    "type_name": type_name,
    "load": load,
}
