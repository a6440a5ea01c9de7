"""What can be read from a Python file of a course without running it.

Page        a stub's docstring: title, lecture, minutes, lesson
Mistake     one named wrong version of a solution, as edits of its text
Signature   one function or method: its name and parameters
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeGuard

from tutor.core.errors import CourseError

CONVENTION = "Right mathematics, but another convention than the one asked for here. "
"""Begins the sentence of a version that would be right elsewhere."""
_FIELD = re.compile(r"(Watch|Time):\s*(.*)")
_MINUTES = re.compile(r"(\d+)\s*min")


@dataclass(frozen=True)
class Page:
    """The lesson page that a stub's docstring holds."""

    title: str
    """Its first line."""
    watch: str
    """Lecture and time, from the line `Watch: …`; '' if there is none."""
    minutes: int
    """From the line `Time: … minutes`; 0 if there is none."""
    lesson: str
    """The rest, as Markdown."""


@dataclass(frozen=True)
class Mistake:
    """One named wrong version of a solution."""

    sentence: str
    """What the learner is told when their code does the same."""
    edits: tuple[tuple[str, str], ...]
    """Pairs of old and new text; each old text stands exactly once in the solution."""

    def apply(self, text: str) -> str:
        """The solution's text with the mistake made in it. Raises CourseError if an old text is not there once."""
        for old, new in self.edits:
            found = text.count(old)
            if found != 1:
                raise CourseError(
                    f"The text {old!r} stands {found} times in the solution, not once. Correct that edit."
                )
            text = text.replace(old, new)
        return text


@dataclass(frozen=True)
class Signature:
    """One function or method as it is called."""

    name: str
    """'softmax', or 'Head.forward'."""
    parameters: str
    """Names, order and defaults, without annotations: 'self, x, dim=-1'."""


def parse(path: Path) -> ast.Module:
    """The syntax tree of a course's file. Raises CourseError that names the file and the line."""
    try:
        return ast.parse(path.read_text(encoding="utf-8"))
    except SyntaxError as error:
        raise CourseError(f"{path}, line {error.lineno}: {error.msg}. Correct the file.") from error
    except UnicodeDecodeError as error:
        raise CourseError(f"{path} is not UTF-8 text. Save it as UTF-8.") from error
    except OSError as error:
        raise CourseError(f"{path} cannot be read ({error.strerror}). A course needs that file.") from error


def page(source: str | ast.Module) -> Page:
    """The page in a stub's docstring; fields that are not there are empty."""
    tree = ast.parse(source) if isinstance(source, str) else source
    title, _, rest = (ast.get_docstring(tree) or "").partition("\n")
    fields = {"Watch": "", "Time": ""}
    lines = rest.strip("\n").split("\n")
    while lines and (not lines[0].strip() or _FIELD.fullmatch(lines[0])):
        if found := _FIELD.fullmatch(lines.pop(0)):
            fields[found[1]] = found[2].strip()
    minutes = _MINUTES.search(fields["Time"])
    return Page(title.strip(), fields["Watch"], int(minutes[1]) if minutes else 0, "\n".join(lines).strip())


def needs(tree: ast.Module) -> tuple[str, ...]:
    """Ids of the exercises that a file imports (`from exercises.track.name import …`), in order, each once."""
    found: dict[str, None] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            modules = [node.module]
            if node.module.count(".") == 1:  # from exercises.track import name
                modules = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        else:
            continue
        for module in modules:
            parts = module.split(".")
            if parts[0] == "exercises" and len(parts) >= 3:
                found.setdefault("/".join(parts[1:3]))
    return tuple(found)


def literal(tree: ast.Module, name: str, default: Any) -> Any:
    """The value of the top-level assignment `name = <literal>`; `default` if there is none."""
    value = _assigned(tree, name)
    if value is None:
        return default
    try:
        return ast.literal_eval(value)
    except ValueError as error:
        raise CourseError(f"{name}, line {value.lineno}: write it as plain text, so that it can be read.") from error


def sentences(tree: ast.Module, name: str) -> tuple[str, ...]:
    """A top-level tuple or list of texts, () if there is none."""
    value = literal(tree, name, ())
    if not isinstance(value, tuple | list) or not all(isinstance(each, str) for each in value):
        raise CourseError(f"{name} must be a tuple of texts, even if it is one: write {name} = ('…',).")
    return tuple(value)


def mistakes(tree: ast.Module) -> tuple[Mistake, ...]:
    """The calls `mistake(sentence, old, new, …)` and `convention(…)` in MISTAKES."""
    value = _assigned(tree, "MISTAKES")
    if value is None:
        return ()
    if not isinstance(value, ast.Tuple | ast.List):
        raise CourseError(f"MISTAKES, line {value.lineno}: write a tuple of mistake(sentence, old, new) calls.")
    return tuple(_mistake(each) for each in value.elts)


def whys(tree: ast.Module) -> dict[str, str]:
    """What follows the first paragraph of a property's docstring, as one line, by the name of the property."""
    said = {node.name: (ast.get_docstring(node) or "").partition("\n\n")[2] for node in tree.body if _is_property(node)}
    return {name: " ".join(text.split()) for name, text in said.items() if text}


def _is_property(node: ast.stmt) -> TypeGuard[ast.FunctionDef]:
    """Whether it is a function under `@prop(…)`."""
    if not isinstance(node, ast.FunctionDef):
        return False
    calls = (each.func for each in node.decorator_list if isinstance(each, ast.Call))
    return any(isinstance(each, ast.Name) and each.id == "prop" for each in calls)


def _mistake(node: ast.expr) -> Mistake:
    wrong = CourseError(f"MISTAKES, line {node.lineno}: write mistake(sentence, old, new) with texts only.")
    if not isinstance(node, ast.Call) or node.keywords:
        raise wrong
    try:
        texts = [ast.literal_eval(each) for each in node.args]
    except ValueError as error:
        raise wrong from error
    if len(texts) < 3 or len(texts) % 2 == 0 or not all(isinstance(each, str) for each in texts):
        raise wrong
    prefix = CONVENTION if isinstance(node.func, ast.Name) and node.func.id == "convention" else ""
    return Mistake(prefix + texts[0], tuple(zip(texts[1::2], texts[2::2], strict=True)))


def signatures(tree: ast.Module) -> tuple[Signature, ...]:
    """Functions and methods that a file offers, private ones left out (dunder methods stay)."""
    found: list[Signature] = []
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
            found.append(Signature(node.name, _parameters(node)))
        elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            found.append(Signature(node.name, "class"))
            found.extend(
                Signature(f"{node.name}.{each.name}", _parameters(each))
                for each in node.body
                if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef) and _offered(each.name)
            )
    return tuple(found)


def _offered(name: str) -> bool:
    return not name.startswith("_") or (name.startswith("__") and name.endswith("__"))


def _parameters(node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    bare = ast.parse(ast.unparse(node.args).join(("def f(", "): pass"))).body[0]
    assert isinstance(bare, ast.FunctionDef)
    for each in ast.walk(bare.args):
        if isinstance(each, ast.arg):
            each.annotation = None
    return ast.unparse(bare.args)


def _assigned(tree: ast.Module, name: str) -> ast.expr | None:
    for node in tree.body:
        if isinstance(node, ast.Assign):
            targets = node.targets
        elif isinstance(node, ast.AnnAssign):
            targets = [node.target]
        else:
            continue
        if any(isinstance(each, ast.Name) and each.id == name for each in targets):
            return node.value
    return None
