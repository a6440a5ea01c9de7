"""What can be said of a submission before it runs: does it parse, define what the stub defines, use what it may not.

Everything is read with `ast`; nothing is imported.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from tutor.core.report import LearnerError, Line, Verdict
from tutor.grader.explain import clean

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Objection:
    """Why a submission is not run."""

    verdict: Verdict
    message: str
    error: LearnerError | None = None


def object_to(text: str, stub: str, forbidden: tuple[str, ...], path: str) -> Objection | None:
    """The first reason not to run the submission, or None."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return _unparsable(error, text, path)
    message = next(_differences(tree, ast.parse(stub)), "")
    if message:
        return Objection(Verdict.FAILED, message)
    return next(_forbidden(tree, forbidden, text, path), None)


def _unparsable(error: BaseException, text: str, path: str) -> Objection:
    number = getattr(error, "lineno", None) or 1
    lines = text.splitlines()
    line = clean(lines[number - 1].strip()) if 0 < number <= len(lines) else ""
    told = LearnerError(
        type(error).__name__, clean(getattr(error, "msg", str(error))), (Line(path, number, "<module>", line),)
    )
    return Objection(Verdict.RAISED, f"Python cannot read the file: {told.message} (line {number}).", told)


def _differences(mine: ast.Module, stub: ast.Module) -> Iterator[str]:
    """Sentences on public names of the stub that are missing, or take other arguments."""
    have = _defined(mine)
    for name, wanted in _defined(stub).items():
        if name.startswith("_") or not isinstance(wanted, ast.ClassDef | Function):
            continue
        if name not in have:
            yield f"`{name}` is missing from your file. Write it back: `{_heading(wanted)}`."
        elif isinstance(wanted, Function):
            yield from _other_arguments(name, have[name], wanted)
        elif isinstance(wanted, ast.ClassDef):
            yield from _class_differences(name, have[name], wanted)


def _class_differences(name: str, mine: ast.AST, wanted: ast.ClassDef) -> Iterator[str]:
    if not isinstance(mine, ast.ClassDef):
        return
    methods = {each.name: each for each in mine.body if isinstance(each, Function)}
    for method in (each for each in wanted.body if isinstance(each, Function)):
        if method.name in methods:
            yield from _other_arguments(f"{name}.{method.name}", methods[method.name], method)
        elif not mine.bases and not mine.decorator_list:
            yield f"`{name}.{method.name}` is missing from your file. Write it back: `{_heading(method)}`."


def _defined(tree: ast.Module) -> dict[str, ast.AST]:
    """Top-level names by what defines them; assignments and imports count as anything."""
    names: dict[str, ast.AST] = {}
    for node in ast.walk(tree):
        match node:
            case ast.ClassDef() | ast.FunctionDef() | ast.AsyncFunctionDef() if node in tree.body:
                names[node.name] = node
            case ast.Name(ctx=ast.Store(), id=name) | ast.alias(asname=str(name)) | ast.alias(asname=None, name=name):
                names.setdefault(name, node)
    return names


def _heading(node: ast.AST) -> str:
    match node:
        case ast.ClassDef():
            bases = ", ".join(ast.unparse(each) for each in node.bases)
            return f"class {node.name}({bases}):" if bases else f"class {node.name}:"
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
            return f"def {node.name}({ast.unparse(node.args)}){returns}:"
    return ""


def _other_arguments(name: str, mine: ast.AST, wanted: Function) -> Iterator[str]:
    """A sentence if a call that suits the stub would not suit the submission."""
    if not isinstance(mine, Function) or mine.args.vararg or mine.args.kwarg:
        return
    ours, theirs = _parameters(wanted), _parameters(mine)
    same = [each for each, _ in theirs[: len(ours)]] == [each for each, _ in ours]
    optional = all(default for _, default in theirs[len(ours) :])
    kept = all(default is not None for (_, default), (_, given) in zip(theirs, ours, strict=False) if given)
    if not (same and optional and kept):
        yield f"`{name}` should take `({ast.unparse(wanted.args)})`; yours takes `({ast.unparse(mine.args)})`."


def _parameters(function: Function) -> list[tuple[str, str | None]]:
    """Names in order with their defaults as text; None for those without."""
    spec = function.args
    positional = [*spec.posonlyargs, *spec.args]
    defaults: list[str | None] = [None] * (len(positional) - len(spec.defaults))
    defaults += [ast.unparse(each) for each in spec.defaults]
    keyword = [
        (each.arg, None if default is None else ast.unparse(default))
        for each, default in zip(spec.kwonlyargs, spec.kw_defaults, strict=True)
    ]
    named = [(each.arg, default) for each, default in zip(positional, defaults, strict=True)]
    return named + keyword


def _forbidden(tree: ast.Module, forbidden: tuple[str, ...], text: str, path: str) -> Iterator[Objection]:
    """Uses of forbidden names, resolved through the file's imports and simple aliases."""
    aliases = _aliases(tree)
    for node in ast.walk(tree):
        for name in _used(node, aliases):
            hit = next((each for each in forbidden if _hits(name, each)), None)
            number = getattr(node, "lineno", 1)
            if hit is not None:
                yield forbidden_use(hit, number, text, path)


def forbidden_use(name: str, number: int, text: str, path: str) -> Objection:
    """The objection to a use of a forbidden name in line `number`, wherever it was found out."""
    lines = text.splitlines()
    shown = clean(lines[number - 1].strip()) if 0 < number <= len(lines) else ""
    message = (
        f"`{name}` may not be used here (line {number}): it would do the work for you. "
        "Build it from simpler operations, and from what you wrote before."
    )
    return Objection(Verdict.FORBIDDEN, message, LearnerError("forbidden", message, (Line(path, number, "", shown),)))


def _aliases(tree: ast.Module) -> dict[str, str]:
    """Local name → dotted name it stands for."""
    aliases: dict[str, str] = {}
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                for each in names:
                    aliases[each.asname or each.name.partition(".")[0]] = (
                        each.name if each.asname else each.name.partition(".")[0]
                    )
            case ast.ImportFrom(module=str(module), names=names, level=0):
                aliases.update({each.asname or each.name: f"{module}.{each.name}" for each in names})
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Attribute() | ast.Name() as value):
                dotted = _dotted(value, aliases)
                if dotted and dotted.partition(".")[0] in ("torch", "numpy", "math"):
                    aliases.setdefault(name, dotted)
    return aliases


def _dotted(node: ast.AST, aliases: dict[str, str]) -> str:
    match node:
        case ast.Name(id=name):
            return aliases.get(name, name)
        case ast.Attribute(value=value, attr=attr):
            start = _dotted(value, aliases)
            return f"{start}.{attr}" if start else f"?.{attr}"
    return ""


def _used(node: ast.AST, aliases: dict[str, str]) -> Iterator[str]:
    """Dotted names that a node uses or imports."""
    match node:
        case ast.Import(names=names):
            yield from (each.name for each in names)
        case ast.ImportFrom(module=str(module), names=names):
            yield from (f"{module}.{each.name}" for each in names)
        case ast.Attribute() | ast.Name(ctx=ast.Load()):
            yield _dotted(node, aliases) or f"?.{getattr(node, 'attr', '')}"


def _hits(name: str, forbidden: str) -> bool:
    """Whether a use is forbidden: 'torch' forbids the module and all in it, 'Tensor.softmax' the method on anything."""
    if forbidden.startswith("Tensor."):
        method = forbidden.removeprefix("Tensor.")
        return name.rpartition(".")[2] == method and not name.startswith(("torch.", "math.", "numpy.")) and "." in name
    return name == forbidden or name.startswith(forbidden + ".")
