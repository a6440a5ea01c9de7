"""What is left of a submission when layout, comments and names are taken away, as two fingerprints.

`shape` is called on text that nobody trusts, after the grader has parsed it in a process of its own.
"""

from __future__ import annotations

import ast
import hashlib
import threading
import warnings
from typing import NamedTuple

from tutor.core.report import Report, Verdict

MOST_CHARACTERS = 50_000
"""A longer text is not compared."""

_QUIET = threading.Lock()
"""Held while warnings are off, which is for all threads at once."""


class Shape(NamedTuple):
    """What a submission is compared by."""

    program: str
    """Fingerprint of the syntax tree without docstrings: layout and comments do not change it."""
    renamed: str
    """Of the same without annotations, each variable called by the order in which it first appears."""
    nodes: int
    """How many parts the syntax tree has: a small one says nothing, for there is but one way to write it."""

    def __str__(self) -> str:
        """One word, which `read_shape` reads."""
        return f"{self.program}-{self.renamed}-{self.nodes}"


def shape(text: str, report: Report | None = None) -> str:
    """The shape of a text as one word; '' if it is no program, or if its report says that it was not written."""
    if len(text) > MOST_CHARACTERS or (report and report.verdict is Verdict.UNWRITTEN):
        return ""
    try:
        tree = _undocumented(_parsed(text))
        program = _fingerprint(tree)
        return str(Shape(program, _fingerprint(_Renamed(tree).visit(tree)), _size(tree)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ""


def read_shape(word: str) -> Shape | None:
    """What `shape` wrote; None for ''."""
    if not word:
        return None
    program, renamed, nodes = word.split("-")
    return Shape(program, renamed, int(nodes))


def _parsed(text: str) -> ast.Module:
    """The syntax tree, without the warnings that a strange text gives: they would go to the teacher's screen."""
    with _QUIET, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text)


def _size(tree: ast.Module) -> int:
    return sum(not isinstance(each, ast.expr_context) for each in ast.walk(tree))


def _fingerprint(tree: ast.AST) -> str:
    return hashlib.sha256(ast.dump(tree, annotate_fields=False).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _undocumented(tree: ast.Module) -> ast.Module:
    """The tree without texts that stand alone: docstrings, and comments written as texts."""
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            node.body = [each for each in body if not _is_text(each)] or [ast.Pass()]  # type: ignore[attr-defined]
    return tree


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


class _Renamed(ast.NodeTransformer):
    """Calls whatever the file binds by numbers; what it takes from elsewhere keeps its name."""

    def __init__(self, tree: ast.Module) -> None:
        self._numbers = {name: f"_{number}" for number, name in enumerate(_bound(tree))}

    def generic_visit(self, node: ast.AST) -> ast.AST:
        for field in ("id", "arg", "name", "asname", "rest"):
            if not isinstance(node, ast.keyword) and isinstance(getattr(node, field, None), str):
                self._rename(node, field)
        for field in ("annotation", "returns"):
            if not isinstance(node, ast.AnnAssign) and getattr(node, field, None) is not None:
                setattr(node, field, None)
        if isinstance(node, ast.Global | ast.Nonlocal):
            node.names = [self._numbers.get(each, each) for each in node.names]
        return super().generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST | None:
        """An annotated assignment is an assignment; an annotation alone is nothing."""
        if node.value is None:
            return None
        return self.visit(ast.Assign([node.target], node.value))  # type: ignore[no-any-return]

    def _rename(self, node: ast.AST, field: str) -> None:
        if not (isinstance(node, ast.alias) and field == "name"):
            name = getattr(node, field)
            setattr(node, field, self._numbers.get(name, name))


def _bound(tree: ast.Module) -> dict[str, None]:
    """Every name that the file itself gives to something, in the order of appearance."""
    names: dict[str, None] = {}
    for node in _in_order(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names[node.id] = None
        elif isinstance(node, ast.arg):
            names[node.arg] = None
        elif isinstance(node, ast.alias):
            names[node.asname or node.name.partition(".")[0]] = None
        elif isinstance(name := getattr(node, "name", getattr(node, "rest", None)), str):
            names[name] = None
    return names


def _in_order(tree: ast.AST) -> list[ast.AST]:
    """The tree's nodes as a reader meets them; `ast.walk` goes level by level."""
    found, todo = [], [tree]
    while todo:
        node = todo.pop()
        found.append(node)
        todo.extend(reversed(list(ast.iter_child_nodes(node))))
    return found
