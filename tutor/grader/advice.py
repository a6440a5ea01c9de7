"""Usual errors in plain words: what does not go together, by the learner's names where they are known, and what to do.

Seen     what the worker told of the line that raised, checked
advice   one or two sentences on an error, or ''
"""

from __future__ import annotations

import builtins
import difflib
import math
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Shape = tuple[int, ...]
NAME = re.compile(r"[^\W\d]\w{0,50}(\.\w{1,50})?\Z")
NAMES = 8
LARGEST = 1 << 62
"""Numbers from here on are not told: their digits would fill the screen."""
NEAR = 2000
"""Names of the file that a misspelt one is compared with: each comparison takes time."""


@dataclass(frozen=True)
class Seen:
    """The line that raised, and what its names were bound to."""

    line: str = ""
    """Its text."""
    source: str = ""
    """The file's text."""
    shapes: Mapping[str, Shape] = field(default_factory=dict)
    """Of the tensors on the line, by name."""
    dtypes: Mapping[str, str] = field(default_factory=dict)
    words: tuple[str, ...] = ()
    """Each name for a reader: 'q [2, 3, 8]', 'n = 3'."""


def seen(told: Any, line: str, source: str) -> Seen:
    """What a worker told of a line; whatever is not exactly as it should be is left out."""
    shapes, dtypes, others = dict[str, Shape](), dict[str, str](), dict[str, str]()
    for each in told[:NAMES] if type(told) is list else ():
        match each:
            case [str(name), "tensor", list(sizes), str(dtype)] if _is_name(name) and _are_sizes(sizes):
                shapes[name] = tuple(sizes)
                dtypes[name] = dtype if re.fullmatch("[a-z0-9_]{1,16}", dtype) else "?"
                others[name] = ""
            case [str(name), "list" | "tuple" as kind, int(length)] if _is_name(name) and _are_sizes([length]):
                others[name] = f"{name} ({kind} of {length})"
            case [str(name), "number", bool() | int() | float() as number] if (
                _is_name(name) and not abs(number) >= LARGEST
            ):
                others[name] = f"{name} = {number:.6g}" if isinstance(number, float) else f"{name} = {number}"
            case [str(name), "None"] if _is_name(name):
                others[name] = f"{name} = None"
    mixed = len(set(dtypes.values())) > 1 or not set(dtypes.values()) <= {"float32", "float64"}
    for name, shape in shapes.items():
        others[name] = f"{name} {list(shape)}{' ' + dtypes[name] if mixed else ''}"
    return Seen(line, source, shapes, dtypes, tuple(others.values()))


def _is_name(name: str) -> bool:
    return NAME.match(name) is not None


def _are_sizes(sizes: list[Any]) -> bool:
    return len(sizes) <= 8 and all(type(each) is int and 0 <= each < 1 << 62 for each in sizes)


TOO_MUCH = "Your code asked for more memory than the grader allows: something here is far larger than the task needs."
ENDLESS = "Your code calls itself without end: no case stops the recursion, or the input is deeper than Python allows."


def advice(kind: str, message: str, line: Seen | None = None) -> str:
    """What a usual error means and what to do, in plain words, or ''."""
    match kind:
        case "MemoryError":
            return TOO_MUCH
        case "RecursionError":
            return ENDLESS
        case "SystemExit" | "KeyboardInterrupt":
            return f"Your code raised {kind}, which would end the program. Return a value instead."
        case "EOFError" | "BdbQuit":
            return (
                "Nobody is there to answer while code is graded: take `input` and `breakpoint` out. Prints are shown."
            )
        case "AssertionError" if not message:
            return "An `assert` of yours does not hold here."
        case "KeyError":
            return f"The dictionary has no key {message[:60]}. Print its keys, or use `.get` with a default."
    for pattern, told in TABLE:
        if found := re.search(pattern, message):
            return told if isinstance(told, str) else told(found, line or Seen())
    return ""


OPERAND = r"([^\W\d]\w*(?:\.\w+)?)"


def _product(found: re.Match[str], line: Seen) -> str:
    """Which two tensors of the line cannot be multiplied, and whether one of them transposed could."""
    pairs = re.findall(rf"(?<![\w.\])]){OPERAND}\s*@\s*{OPERAND}(?![\w.(\[])", line.line)
    pairs += re.findall(rf"(?:matmul|mm|bmm)\(\s*{OPERAND}\s*,\s*{OPERAND}\s*\)", line.line)
    for left, right in pairs:
        a, b = line.shapes.get(left), line.shapes.get(right)
        if a and b and a[-1] != (b[-2] if len(b) > 1 else b[0]):
            return _mismatched(left, a, right, b)
    return (
        "In a matrix product the last axis of the left side must be as long as the last but one of the right side. "
        "Compare the shapes: one of the two may need `.mT`, or another axis."
    )


def _mismatched(left: str, a: Shape, right: str, b: Shape) -> str:
    place = "last but one" if len(b) > 2 else "first"
    inner = b[-2] if len(b) > 1 else b[0]
    said = f"The last axis of `{left}` is {a[-1]}, the {place} of `{right}` is {inner}"
    if len(b) > 1 and a[-1] == b[-1] and a[:-2] == b[:-2]:
        return f"{said}: did you mean `{right}.mT`?"
    if len(a) > 1 and len(b) > 1 and a[-2] == b[-2] and a[:-2] == b[:-2]:
        return f"{said}: did you mean `{left}.mT`?"
    return f"{said}; they must be equal."


def _broadcast(found: re.Match[str], line: Seen) -> str:
    one, other, axis = found.groups()
    return (
        f"These shapes do not go together: on axis {axis} one side has {one} entries and the other {other}. They must "
        "be equal, or one of them 1: `keepdim=True`, `unsqueeze` or `[:, None]` makes such an axis."
    )


def _reshape(found: re.Match[str], line: Seen) -> str:
    sizes = [int(each) for each in re.findall(r"-?\d+", found[1])]
    if -1 in sizes:
        return f"{found[2]} entries cannot be shared out over the shape [{found[1]}]. Check the other sizes in it."
    return f"The shape [{found[1]}] has {math.prod(sizes)} entries; the tensor has {found[2]}. They must be equal."


def _index(found: re.Match[str], line: Seen) -> str:
    number, axis, size = found.groups()
    return f"There is no index {number} on axis {axis}, which has {size}: the last index is {int(size) - 1}."


def _dtypes(found: re.Match[str], line: Seen) -> str:
    kinds = [f"`{name}` is {dtype}" for name, dtype in line.dtypes.items()]
    which = f" ({', '.join(kinds)})" if len(set(line.dtypes.values())) > 1 else ""
    return (
        f"Two tensors of different dtypes meet here{which}. Make the ones you create like the input: "
        "`dtype=x.dtype`, `torch.zeros_like(x)`, or `.to(x.dtype)`."
    )


def _no_value(found: re.Match[str], line: Seen) -> str:
    asked = re.findall(rf"{OPERAND}\.{re.escape(found[1])}\b", line.line)
    who = f"`{asked[0]}`" if asked else "Something here"
    return f"{who} is None, which has no `{found[1]}`. Was it never set, or did a function forget its `return`?"


def _missing(found: re.Match[str], line: Seen) -> str:
    return f"`{found[1]}` was called without {found[2]}. Add what is missing, or a default to its definition."


def _name(found: re.Match[str], line: Seen) -> str:
    name = found[1]
    if name in ("torch", "math", "random", "numpy"):
        return f"`{name}` is not imported: write `import {name}` at the top of the file."
    if name in ("np", "nn", "F"):
        text = {"np": "import numpy as np", "nn": "from torch import nn", "F": "import torch.nn.functional as F"}[name]
        return f"`{name}` is not imported: write `{text}` at the top of the file."
    known = {*re.findall(r"\b[^\W\d]\w{0,39}\b", line.source), *dir(builtins)} - {name}
    near = difflib.get_close_matches(name[:40], sorted(known)[:NEAR], 1, 0.75)
    ask = f": did you mean `{near[0]}`?" if near else ". Define it before this line, or check its spelling."
    return f"There is no name `{name}` here{ask}"


def _method(found: re.Match[str], line: Seen) -> str:
    torch = sys.modules.get("torch")
    known = [each for each in dir(torch.Tensor) if not each.startswith("_")] if torch else []
    near = difflib.get_close_matches(found[1][:40], known, 1, 0.75)
    ask = f": did you mean `{near[0]}`?" if near else ". Look it up in the documentation of torch.Tensor."
    return f"A tensor has no `{found[1]}`{ask}"


def _unpack(found: re.Match[str], line: Seen) -> str:
    return (
        f"The right side has {'fewer' if found[0].startswith('not') else 'more'} parts than the {found[1]} names on "
        "the left. Compare with the shape, or the tuple, that is unpacked."
    )


def _joined(found: re.Match[str], line: Seen) -> str:
    axis, one, other = found.groups()
    return (
        f"To be joined along axis {axis}, tensors must agree on every other axis; here one has {one} where another "
        f"has {other}. Is it the right `dim`?"
    )


def _stacked(found: re.Match[str], line: Seen) -> str:
    return (
        f"`stack` needs tensors of one shape; here are {found[1]} and {found[2]}. Use `cat` to join along an axis that "
        "is there already."
    )


def _axis(found: re.Match[str], line: Seen) -> str:
    return (
        f"There is no axis {found[3]}: this tensor has axes {found[1]} to {found[2]} only. Count from the end "
        "(`dim=-1`), or keep the axis with `keepdim=True`."
    )


Told = str | Callable[[re.Match[str], Seen], str]
TABLE: tuple[tuple[str, Told], ...] = (
    (r"allocate memory|DefaultCPUAllocator|not enough memory|^Unable to allocate", TOO_MUCH),
    (
        r"a leaf Variable that requires grad",
        "Your code changes a tensor in place that gradients are wanted of. Compute a new tensor instead.",
    ),
    (
        r"probability tensor contains",
        "`torch.multinomial` needs probabilities: none negative, inf or nan. Apply softmax to the logits first.",
    ),
    (
        r"Tensors must have same number of dimensions: got (\d+) and (\d+)",
        "To be joined, tensors must have equally many axes. `keepdim=True`, `unsqueeze` or `[:, None]` adds one.",
    ),
    (
        r"modified by an inplace operation",
        "Your code changes a tensor in place that the backward pass still needs. Compute a new tensor instead.",
    ),
    (
        r"view size is not compatible",
        "`view` needs the entries side by side in memory, and after `transpose` or `split` they may not be: use "
        "`reshape`, or `contiguous()` first.",
    ),
    (
        r"~ \(operator\.invert\) is only implemented on",
        "`~` turns True into False, and this tensor holds numbers. Make a mask of bools first: `mask == 1`, or "
        "`mask.bool()`.",
    ),
    (r"same dtype|expected scalar type|Expected object of scalar type|same scalar type|inputs must share", _dtypes),
    (
        r"tensors used as indices must be|have one of the following scalar types: Long",
        "What indexes must hold whole numbers (int64), or be a mask of bools; this holds others. Use `.long()`, or "
        "compare to make a mask.",
    ),
    (
        r"could not infer output dtype|not implemented for '(?:Long|Int|Bool)'",
        "This operation is for floating numbers, and the tensor holds whole ones. Use `.float()` or `.double()` first.",
    ),
    (
        r"shapes cannot be multiplied|first two dimensions of batch2|^size mismatch, got|inconsistent tensor size",
        _product,
    ),
    (
        r"size of tensor a \((\d+)\) must match the size of tensor b \((\d+)\) at non-singleton dimension (\d+)",
        _broadcast,
    ),
    (r"shape '\[([-\d, ]*)\]' is invalid for input of size (\d+)", _reshape),
    (r"index (-?\d+) is out of bounds for dimension (\d+) with size (\d+)", _index),
    (
        r"index out of range in self",
        "An index is as large as the table it looks into, or negative: compare with its rows.",
    ),
    (
        r"^(?:list|tuple|string) (?:assignment )?index out of range",
        "The index is beyond the end: with n entries the last index is n - 1. Is the list empty, or the loop one too "
        "long?",
    ),
    (r"Dimension out of range \(expected to be in range of \[(-?\d+), (-?\d+)\], but got (-?\d+)\)", _axis),
    (
        r"too many indices for tensor",
        "There are more indices in the brackets than the tensor has axes. Compare with its shape.",
    ),
    (
        r"does not require grad and does not have a grad_fn",
        "No gradient can flow back from here: the result was detached, built under `no_grad`, or made of plain "
        "numbers. Keep to tensor operations on the inputs.",
    ),
    (
        r"grad can be implicitly created only for scalar",
        "`backward` starts from one number. Take the `sum` or `mean` first, or pass it a gradient.",
    ),
    (r"'NoneType' object has no attribute '(\w+)'", _no_value),
    (
        r"unsupported operand type\(s\) for .*NoneType|^'NoneType' object is not|must be Tensor, not NoneType",
        "Something here is None. Was it never set, or did a function forget its `return`? Methods that change a list, "
        "such as `reverse`, `sort` and `append`, return None too.",
    ),
    (r"(\w+)\(\) missing \d+ required (?:positional|keyword-only) arguments?: (.+)", _missing),
    (r"name '(\w+)' is not defined", _name),
    (
        r"^No module named",
        "Your code may import the standard library, the course's packages (torch, numpy), and earlier exercises.",
    ),
    (r"'Tensor' object has no attribute '(\w+)'", _method),
    (
        r"before Module\.__init__\(\) call",
        "Call `super().__init__()` on the first line of your `__init__`, before you set layers or parameters.",
    ),
    (
        r"Trying to backward through the graph a second time",
        "`backward` ran twice over one graph, which is freed after the first time. Compute the result anew each time.",
    ),
    (
        r"local variable '(\w+)' (?:where it is not|referenced before)",
        lambda found, _: f"`{found[1]}` has no value yet on this line. Set it on every way that leads here.",
    ),
    (r"(?:not enough|too many) values to unpack \(expected (?:at least )?(\d+)", _unpack),
    (r"Sizes of tensors must match except in dimension (\d+)\. Expected size (\d+) but got size (\d+)", _joined),
    (r"stack expects each tensor to be equal size, but got (\[[\d, ]*\]) at entry 0 and (\[[\d, ]*\])", _stacked),
    (
        r"Boolean value of Tensor with more than one value",
        "`if`, `and`, `or` and `not` need one truth value, and this tensor has many. Use `.any()` or `.all()`, or "
        "`torch.where`, `&`, `|` and `~` entry by entry.",
    ),
    (
        r"only one element tensors can be converted|with \d+ elements cannot be converted to Scalar",
        "Only a tensor of one entry can become a plain number. Reduce it first, or stay with tensors.",
    ),
)
"""Pattern of an exception's text → what it means, the first that fits."""
