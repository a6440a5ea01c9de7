"""What a property is tried on: tensors by shape, kind and seed; their entries follow from the three.

A shape is written in letters, 'B T C': each letter is a dimension that all arguments of a case share. Letters are drawn
pairwise distinct in most cases, and all equal in about one of eight, so that neither a transposed axis nor a square
special case can hide. Arithmetic is allowed ('4*C', 'C+H', 'H*D'), and so are plain numbers.
"""

from __future__ import annotations

import ast
import operator
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from hypothesis import strategies as st

DEFAULT_RANGE = (1, 5)
"""Smallest and largest size of a dimension that `dim` says nothing about."""
MODES = 8
"""How the letters of a case go together: one mode of eight is free (cases shrink to it), one square, six distinct."""
FREE, SQUARE = 0, MODES - 1
SEEDS = 1 << 16

_OPERATORS: dict[type[ast.operator], Callable[[int, int], int]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.FloorDiv: operator.floordiv,
}  # fmt: skip


@dataclass(frozen=True)
class Dim:
    """The range of a dimension."""

    low: int
    high: int


@dataclass(frozen=True)
class Tensor:
    """A tensor to be drawn."""

    shape: tuple[str, ...]
    """Sizes as expressions over letters."""
    kinds: tuple[str, ...]
    """Which fillings may be drawn; cases shrink to the first."""
    dtype: str = "float64"
    low: str = "0"
    """Least entry of the kinds 'uniform', 'indices' and 'counts', as an expression."""
    high: str = "1"
    """Entries are below this."""


def dim(low: int, high: int) -> Dim:
    """The range of the dimension whose letter is the keyword: `@prop(T=dim(2, 8), x=tensor("B T C"))`."""
    return Dim(low, high)


def tensor(
    shape: str,
    *,
    kinds: tuple[str, ...] = ("normal", "ties"),
    dtype: str = "float64",
    low: float | None = None,
    high: float | None = None,
) -> Tensor:
    """A floating tensor; kinds: normal, ties, mixed (rows of very different scale), positive, uniform (low to high)."""
    if low is not None or high is not None:
        kinds = ("uniform",)
    return Tensor(tuple(shape.split()), kinds, dtype, str(low or 0.0), str(1.0 if high is None else high))


def indices(shape: str, *, below: int | str) -> Tensor:
    """A tensor of int64 in [0, below), with repeats on purpose."""
    return Tensor(tuple(shape.split()), ("indices",), "int64", "0", str(below))


def counts(shape: str, *, most: int = 9) -> Tensor:
    """A tensor of int64 in [0, most], with many zeros."""
    return Tensor(tuple(shape.split()), ("counts",), "int64", "0", str(most + 1))


@dataclass(frozen=True)
class Drawn:
    """A tensor that was drawn; `make` gives its entries."""

    shape: tuple[int, ...]
    kind: str
    dtype: str
    low: float
    high: float
    seed: int

    def make(self, digits: int | None = None) -> Any:
        """The tensor; `digits` rounds the entries of floating ones for reading."""
        import torch

        generator = torch.Generator().manual_seed(self.seed)
        dtype = getattr(torch, self.dtype)
        if not dtype.is_floating_point:
            return self._whole_numbers(torch, generator)
        values = _FILLINGS[self.kind](self, torch, generator)
        if digits is not None:
            values = values.round(decimals=digits) + 0.0
        return values.to(dtype)

    def _whole_numbers(self, torch: Any, generator: Any) -> Any:
        drawn = torch.randint(int(self.low), max(int(self.high), 1), self.shape, generator=generator)
        if self.kind == "counts":
            drawn *= torch.rand(self.shape, generator=generator) < 0.6
        elif drawn.numel() > 1:
            drawn.view(-1)[-1] = drawn.view(-1)[0]
        return drawn


def _normal(drawn: Drawn, torch: Any, generator: Any) -> Any:
    return torch.randn(drawn.shape, generator=generator, dtype=torch.float64)


def _ties(drawn: Drawn, torch: Any, generator: Any) -> Any:
    halves = torch.randint(-4, 5, drawn.shape, generator=generator)
    return halves.double() / 2 * (torch.rand(drawn.shape, generator=generator) < 0.75)


def _mixed(drawn: Drawn, torch: Any, generator: Any) -> Any:
    values = _normal(drawn, torch, generator)
    if not drawn.shape:
        return values * 300
    rows = drawn.shape[:-1] + (1,)
    scale = torch.tensor([1.0, 1e-3, 300.0, 0.0])[torch.randint(0, 4, rows, generator=generator)]
    offset = torch.tensor([0.0, 1000.0, -1000.0])[torch.randint(0, 3, rows, generator=generator)]
    return values * scale.double() + offset.double()


def _positive(drawn: Drawn, torch: Any, generator: Any) -> Any:
    return torch.rand(drawn.shape, generator=generator, dtype=torch.float64) * 1.9 + 0.1


def _uniform(drawn: Drawn, torch: Any, generator: Any) -> Any:
    share = torch.rand(drawn.shape, generator=generator, dtype=torch.float64)
    return share * (drawn.high - drawn.low) + drawn.low


_FILLINGS: dict[str, Callable[[Drawn, Any, Any], Any]] = {
    "normal": _normal, "ties": _ties, "mixed": _mixed, "positive": _positive, "uniform": _uniform,
}  # fmt: skip


@dataclass(eq=False)
class Case:
    """One drawn input of a property."""

    dims: dict[str, int]
    drawn: dict[str, Any]
    """By argument: a Drawn, a plain value, or a list, tuple or dict of them."""
    digits: int | None = None
    """Floating entries are rounded to so many decimals; None leaves them."""
    values: dict[str, Any] = field(default_factory=dict)
    """The arguments as the property receives them; made on first use."""
    memo: dict[Any, Any] = field(default_factory=dict)
    """What oracles returned on this case."""
    script: list[bytes] | None = None
    """The requests that the property made of a submission, as frames; the same for every one that behaves."""

    def arguments(self) -> dict[str, Any]:
        """Name → value."""
        if not self.values:
            self.values = {name: _made(each, self.digits) for name, each in self.drawn.items()}
        return self.values

    def key(self) -> str:
        """Equal for equal cases."""
        return repr((self.dims, self.drawn, self.digits))

    def seed(self) -> int:
        """What every random generator in the worker starts from."""
        return zlib.crc32(self.key().encode())

    def rounded(self, digits: int) -> Case:
        """The same case with rounded entries."""
        return replace(self, digits=digits, values={}, memo={}, script=None)


def _made(drawn: Any, digits: int | None) -> Any:
    if isinstance(drawn, Drawn):
        return drawn.make(digits)
    if type(drawn) in (list, tuple):
        return type(drawn)(_made(each, digits) for each in drawn)
    if type(drawn) is dict:
        return {name: _made(each, digits) for name, each in drawn.items()}
    return drawn


def cases(arguments: dict[str, Any], letters: frozenset[str]) -> st.SearchStrategy[Case]:
    """The strategy of a property's cases: `letters` are dimensions its body asks for."""
    ranges = {letter: DEFAULT_RANGE for letter in sorted(_letters(arguments) | letters)}
    ranges |= {name: (each.low, each.high) for name, each in arguments.items() if isinstance(each, Dim)}
    specs = {name: each for name, each in arguments.items() if not isinstance(each, Dim)}

    @st.composite
    def build(draw: st.DrawFn) -> Case:
        sizes = _draw_dims(draw, ranges)
        return Case(sizes, {name: _draw_spec(draw, each, sizes, name) for name, each in specs.items()})

    return build()


def _draw_dims(draw: st.DrawFn, ranges: dict[str, tuple[int, int]]) -> dict[str, int]:
    low = max((low for low, _ in ranges.values()), default=1)
    high = min((high for _, high in ranges.values()), default=1)
    mode = draw(st.integers(0, MODES - 1)) if len(ranges) > 1 else FREE
    if mode == SQUARE and low <= high:
        return dict.fromkeys(ranges, draw(st.integers(low, high)))
    sizes: dict[str, int] = {}
    for letter, (least, most) in ranges.items():
        free = [size for size in range(least, most + 1) if mode == FREE or size not in sizes.values()]
        sizes[letter] = draw(st.sampled_from(free or range(least, most + 1)))
    return sizes


def _draw_spec(draw: st.DrawFn, spec: Any, sizes: dict[str, int], name: str) -> Any:
    """One argument; its name goes into the seed, so that two arguments stay different when both seeds shrink to 0."""
    if isinstance(spec, Tensor):
        shape = tuple(int(evaluate(each, sizes)) for each in spec.shape)
        kind = draw(st.sampled_from(spec.kinds)) if len(spec.kinds) > 1 else spec.kinds[0]
        low, high = evaluate(spec.low, sizes), evaluate(spec.high, sizes)
        return Drawn(shape, kind, spec.dtype, low, high, draw(st.integers(0, SEEDS)) + zlib.crc32(name.encode()))
    if isinstance(spec, st.SearchStrategy):
        return draw(spec)
    if type(spec) in (list, tuple):
        return type(spec)(_draw_spec(draw, each, sizes, f"{name}[{number}]") for number, each in enumerate(spec))
    if type(spec) is dict:
        return {key: _draw_spec(draw, each, sizes, f"{name}[{key}]") for key, each in spec.items()}
    return spec


def _letters(spec: Any) -> set[str]:
    """The dimensions that a specification names."""
    if isinstance(spec, Tensor):
        expressions = (*spec.shape, spec.low, spec.high)
        return {node.id for each in expressions for node in ast.walk(ast.parse(each)) if isinstance(node, ast.Name)}
    parts: Iterator[Any] = iter(
        spec.values() if isinstance(spec, dict) else spec if isinstance(spec, list | tuple) else ()
    )
    return {letter for each in parts for letter in _letters(each)}


def evaluate(expression: str, sizes: dict[str, int]) -> float:
    """An expression of numbers, letters, + - * // as a number. Raises ValueError on anything else."""
    return _value(ast.parse(expression, mode="eval").body, sizes)


def _value(node: ast.expr, sizes: dict[str, int]) -> float:
    match node:
        case ast.Constant(value=int() | float() as number):
            return number
        case ast.Name(id=letter) if letter in sizes:
            return sizes[letter]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand, sizes)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            return _OPERATORS[type(op)](_value(left, sizes), _value(right, sizes))  # type: ignore[arg-type]
    raise ValueError(f"{ast.unparse(node)!r} is not a size; use letters, whole numbers, + - * and //")
