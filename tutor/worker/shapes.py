"""What a line of the learner's worked with: the names on it that are bound to tensors, lists or numbers.

Only exact types of ours are looked at, so that nothing of the learner's own runs while an error is told.
"""

from __future__ import annotations

import ast
import functools
import linecache
import sys
import traceback
from collections.abc import Collection
from types import FrameType
from typing import Any

from tutor import wire

NAMES = 8
"""At most so many names are told of one line."""
NAME_LENGTH = 60
AXES = 8
INTEGERS = 1 << 62


def on_the_line(error: BaseException, paths: Collection[str]) -> list[list[Any]]:
    """For the innermost line in one of the files: [name, kind, …] of each name on it that can be told.

    ['q', 'tensor', [2, 3], 'float64'], ['rows', 'list', 4], ['n', 'number', 3], ['x', 'None'].
    """
    try:
        frames = [each for each in traceback.walk_tb(error.__traceback__) if each[0].f_code.co_filename in paths]
        if not frames:
            return []
        frame, line = frames[-1]
        told = (
            [name, *kind] for name in _names(frame.f_code.co_filename, line) if (kind := _kind(_bound(frame, name)))
        )
        return [each for each, _ in zip(told, range(NAMES), strict=False)]
    except Exception:  # noqa: BLE001  an error must be told, with or without the shapes
        return []


@functools.lru_cache(maxsize=64)
def _names(path: str, line: int) -> tuple[str, ...]:
    """Names and dotted names of the statement on a line, in the order of the text."""
    tree = ast.parse("".join(linecache.getlines(path)))
    holds = [each for each in ast.walk(tree) if isinstance(each, ast.stmt) and _covers(each, line)]
    if not holds:
        return ()
    statement = max(holds, key=lambda each: each.lineno)
    found, todo = list[tuple[int, int, str]](), _expressions(statement)
    while todo:
        node = todo.pop()
        if name := _dotted(node):
            found.append((node.lineno, node.col_offset, name))
        else:
            todo += ast.iter_child_nodes(node)
    return tuple(dict.fromkeys(name for _, _, name in sorted(found) if len(name) <= NAME_LENGTH))


def _covers(statement: ast.stmt, line: int) -> bool:
    return statement.lineno <= line <= (statement.end_lineno or statement.lineno)


def _expressions(statement: ast.stmt) -> list[Any]:
    """The parts of a statement that are not statements themselves: of a loop, its head."""
    return [each for each in ast.iter_child_nodes(statement) if not isinstance(each, ast.stmt)]


def _dotted(node: Any) -> str:
    """'x' or 'self.weight'; of `x.shape` and `x.mT` the 'x' is found on its own."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self":
        return f"self.{node.attr}"
    return ""


def _bound(frame: FrameType, name: str) -> Any:
    """What the name is bound to, or a thing that is never told."""
    first, _, attribute = name.partition(".")
    value = frame.f_locals[first] if first in frame.f_locals else frame.f_globals.get(first, NotImplemented)
    if not attribute:
        return value
    try:
        own = object.__getattribute__(value, "__dict__")
    except AttributeError:  # a class with __slots__
        return NotImplemented
    for held in (own, own.get("_parameters"), own.get("_buffers")):
        if type(held) is dict and attribute in held:
            return held[attribute]
    return NotImplemented


def _kind(value: Any) -> list[Any]:
    kind = type(value)
    if value is None:
        return ["None"]
    if kind is bool or kind is float or (kind is int and abs(value) < INTEGERS):
        return ["number", value]
    if kind in (list, tuple):
        return [kind.__name__, len(value)]
    torch = sys.modules.get("torch")
    if torch is not None and kind in (torch.Tensor, torch.nn.Parameter) and value.dim() <= AXES:
        return ["tensor", list(map(int, value.shape)), wire.dtype_name(value)]
    return []
