"""What a function returns must be of the type that the stub's annotation promises; grader and worker both ask here.

Only plain annotations are checked (Tensor, numbers, str, bool, None, list, tuple, dict and unions of them); any other
accepts everything, and the comparison with the oracle stays strict in any case.
"""

from __future__ import annotations

import ast
from typing import Any

from tutor import wire

PLAIN = {"float": float, "int": int, "bool": bool, "str": str, "bytes": bytes}
CONTAINERS = {"list": list, "tuple": tuple, "dict": dict}
UNREADABLE = "tensor whose numbers cannot be read (sparse, complex, or on a device without them)"
"""What a tensor is that did not cross the wire."""


def promises(stub: str) -> dict[str, str]:
    """Functions of the stub ('probs') and methods ('Block.forward'), with the annotation of what they return."""
    found: dict[str, str] = {}
    for node in ast.parse(stub).body:
        inner = node.body if isinstance(node, ast.ClassDef) else [node]
        prefix = f"{node.name}." if isinstance(node, ast.ClassDef) else ""
        functions = [each for each in inner if isinstance(each, ast.FunctionDef) and each.returns is not None]
        found.update({prefix + each.name: ast.unparse(each.returns) for each in functions if each.returns})
    return found


def called(kind: str, path: str) -> tuple[str, ...]:
    """Under which names the promise of a call may be found: `path` of an object of that kind; '' is the object."""
    return (f"{kind}.{path}",) if path else (f"{kind}.__call__", f"{kind}.forward")


class Promise:
    """What one function returns, by its annotation."""

    def __init__(self, name: str, annotation: str) -> None:
        self.name, self.annotation = name, annotation
        self.parsed = ast.parse(annotation, mode="eval").body

    def objection(self, value: Any) -> str:
        """A sentence if the value is not what the annotation says, else ''."""
        if suits(self.parsed, value):
            return ""
        forgot = " Did you forget a `return`?" if value is None else ""
        return f"`{self.name}` should return {self.annotation}; yours returned {kind(value)}.{forgot}"


def kind(value: Any) -> str:
    """The type of a value in a reader's words."""
    if value is None:
        return "None"
    if type(value) is wire.Handle:
        return UNREADABLE if value.type == "Tensor" else value.type
    if type(value) is tuple:
        return f"tuple of {len(value)} ({', '.join(kind(each) for each in value[:4])})"
    return type(value).__name__


def suits(annotation: ast.expr, value: Any) -> bool:
    """Whether the value is of the annotated type, as far as it is checked."""
    match annotation:
        case ast.Constant(value=None):
            return value is None
        case ast.Constant(value=str(text)):
            return suits(ast.parse(text, mode="eval").body, value)
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return suits(left, value) or suits(right, value)
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return _is_named(name, value)
        case ast.Subscript(value=ast.Name(id="tuple"), slice=ast.Tuple(elts=parts)) if not _open_ended(parts):
            fits = type(value) is tuple and len(value) == len(parts)
            return fits and all(suits(part, each) for part, each in zip(parts, value, strict=True))
        case ast.Subscript(value=ast.Name(id="list"), slice=part):
            return type(value) is list and all(suits(part, each) for each in value)
        case ast.Subscript(value=outer):
            return suits(outer, value)
    return True


def _open_ended(parts: list[ast.expr]) -> bool:
    return any(isinstance(part, ast.Constant) and part.value is Ellipsis for part in parts)


def _is_named(name: str, value: Any) -> bool:
    if name == "Tensor":
        return wire.is_tensor(value)
    if name in PLAIN:
        return type(value) is PLAIN[name]
    return name not in CONTAINERS or type(value) is CONTAINERS[name]
