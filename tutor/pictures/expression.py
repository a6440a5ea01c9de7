"""Expressions of Values as a person types them: `a=2; b=-3; (a*b + 1)`. Nothing is evaluated by Python itself.

A Value of the course knows +, * and tanh; a minus is made of those.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tutor.core.errors import PictureError

MOST_NODES = 60
"""More do not fit on any screen."""


@dataclass(frozen=True)
class Expression:
    """Numbers with names, and what is computed of them."""

    inputs: dict[str, float]
    steps: tuple[tuple[str, ast.expr], ...]
    """Named values in between, the result last with the name that was given to it or ''."""
    text: str
    """The last part as typed."""

    def evaluate(self, make: Callable[[float], Any], inputs: dict[str, Any]) -> Any:
        """The result; `make` turns a number that stands in the text into a value. Named values get their label."""
        known = dict(inputs)
        result: Any = None
        for name, body in self.steps:
            result = _value(body, known, make)
            if name:
                known[name] = result
                result.label = name
        return result


def parse(text: str) -> Expression:
    """Raises PictureError with what is wrong."""
    inputs: dict[str, float] = {}
    steps: list[tuple[str, ast.expr]] = []
    parts = [part.strip() for part in text.split(";") if part.strip()]
    for part in parts:
        name, body = _part(part)
        _check(body, {*inputs, *(each for each, _ in steps)})
        number = _number(body)
        if name and number is not None:
            inputs[name] = number
        else:
            steps.append((name, body))
    if not steps:
        raise PictureError(f"There is nothing to compute in {text!r}. {_EXAMPLE}")
    if sum(len(list(ast.walk(body))) for _, body in steps) > 4 * MOST_NODES:
        raise PictureError("This expression has too many parts to be drawn. Take a shorter one.")
    return Expression(inputs, tuple(steps), parts[-1])


def _part(text: str) -> tuple[str, ast.expr]:
    try:
        (statement,) = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise PictureError(f"{text[:60]!r} cannot be read as an expression. {_EXAMPLE}") from None
    if isinstance(statement, ast.Expr):
        return "", statement.value
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1 and isinstance(statement.targets[0], ast.Name):
        return statement.targets[0].id, statement.value
    raise PictureError(f"{text[:60]!r} is no expression. {_EXAMPLE}")


def _number(body: ast.expr) -> float | None:
    if isinstance(body, ast.UnaryOp) and isinstance(body.op, ast.USub):
        inner = _number(body.operand)
        return None if inner is None else -inner
    if isinstance(body, ast.Constant) and isinstance(body.value, int | float) and not isinstance(body.value, bool):
        return float(body.value)
    return None


def _check(body: ast.expr, known: set[str]) -> None:
    """Raises PictureError at the first thing that is neither a number, a known name, + - * nor tanh()."""
    if _number(body) is not None:
        return
    if isinstance(body, ast.Name):
        if body.id not in known:
            raise PictureError(f"{body.id!r} has no value. Give it one before: {body.id}=1; …")
    elif isinstance(body, ast.BinOp) and isinstance(body.op, ast.Add | ast.Sub | ast.Mult):
        _check(body.left, known)
        _check(body.right, known)
    elif isinstance(body, ast.UnaryOp) and isinstance(body.op, ast.USub):
        _check(body.operand, known)
    elif _is_tanh(body):
        _check(body.args[0], known)  # type: ignore[attr-defined]
    else:
        raise PictureError(f"{ast.unparse(body)[:60]!r} is more than a Value knows. {_EXAMPLE}")


def _is_tanh(body: ast.expr) -> bool:
    named = isinstance(body, ast.Call) and isinstance(body.func, ast.Name) and body.func.id == "tanh"
    return named and len(body.args) == 1 and not body.keywords  # type: ignore[attr-defined]


def _value(body: ast.expr, known: dict[str, Any], make: Callable[[float], Any]) -> Any:
    number = _number(body)
    if number is not None:
        return make(number)
    match body:
        case ast.Name(id=name):
            return known[name]
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _value(left, known, make) + _value(right, known, make)
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            return _value(left, known, make) * _value(right, known, make)
        case ast.BinOp(left=left, right=right):
            return _value(left, known, make) + _value(right, known, make) * make(-1.0)
        case ast.UnaryOp(operand=operand):
            return _value(operand, known, make) * make(-1.0)
        case ast.Call(args=[argument]):
            return _value(argument, known, make).tanh()
    raise AssertionError("checked before")


_EXAMPLE = "Write it like this: a=2; b=-3; tanh(a*b + 1)"
