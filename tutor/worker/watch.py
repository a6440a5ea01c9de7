"""Notes the uses of forbidden names while the learner's code runs, however it came by them.

The grader reads the source for forbidden names first; this sees what reading cannot: `getattr`, aliases in containers,
`importlib`, `exec`, `map`. It runs beside learner code that could switch it off, so it teaches and proves nothing:
what a submission returns is judged in any case.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from types import FrameType, ModuleType
from typing import Any, Self

USES_LIMIT = 5
"""Uses that are told of one call."""
TELLING_LENGTH = 6
"""A forbidden name of so many letters is also looked for inside longer names: `_scaled_dot_product_attention_math`."""


class Watch:
    """While it is entered, `uses` fills with (forbidden name, line of the learner's file)."""

    def __init__(self, forbidden: list[str], path: str) -> None:
        """`forbidden` as the reference lists them ('torch.nn.GELU', 'Tensor.softmax', 'numpy'); `path` is the file."""
        self.path = path
        self.uses: list[list[Any]] = []
        self.forbidden = {("torch." + name if name.startswith("Tensor.") else name): name for name in forbidden}
        self.objects: dict[int, str] = {}
        self.last_names: dict[str, str] = {}
        self.known: dict[str, str] = {}
        """Dotted name → the forbidden name that it falls under, or ''."""
        self.theirs = frozenset((path, "<string>"))
        """Names of files whose calls count: the learner's, and what it makes with `exec` or `eval`."""
        self.mode: Any = None

    def __enter__(self) -> Self:
        if self.forbidden:
            if self.mode is None:
                self._resolve()
                self.mode = _torch_mode(self) if "torch" in sys.modules else contextlib.nullcontext()
            self.mode.__enter__()
            sys.setprofile(self._profiler())
        return self

    def __exit__(self, *_: object) -> None:
        if self.forbidden:
            sys.setprofile(None)
            self.mode.__exit__(None, None, None)

    def take(self) -> list[list[Any]]:
        """What was used since the last call."""
        uses, self.uses = self.uses[:USES_LIMIT], []
        return uses

    def _resolve(self) -> None:
        """Find what the names stand for at present: a public name is often another module's."""
        for dotted, name in list(self.forbidden.items()):
            found = _found(dotted)
            if found is None or isinstance(found, ModuleType):
                continue
            self.objects[id(found)] = name
            if isinstance(found, type):
                self.forbidden.setdefault(f"{found.__module__}.{found.__qualname__}", name)
            else:
                self.last_names[dotted.rpartition(".")[2]] = name
            if code := getattr(found, "__code__", None):
                self.objects[id(code)] = name

    def _profiler(self) -> Callable[[FrameType, str, Any], None]:
        """What Python calls at every call. It looks at nothing before it knows that the learner's file is calling."""
        theirs, note, called, built_in = self.theirs, self._note, self._called, self._built_in

        def profile(frame: FrameType, event: str, argument: Any) -> None:
            if event == "call":
                caller = frame.f_back
                if caller is not None and caller.f_code.co_filename in theirs:
                    note(called(frame), caller)
            elif event == "c_call" and frame.f_code.co_filename in theirs:
                note(built_in(argument), frame)

        return profile

    def _called(self, frame: FrameType) -> str:
        """The forbidden name that a Python function stands for, or ''."""
        code, module = frame.f_code, str(frame.f_globals.get("__name__", ""))
        if module == "importlib" and code.co_name == "import_module":
            return self._by_name(str(frame.f_locals.get("name", "")))
        if module == "torch._ops":
            return self._by_last_name(str(getattr(frame.f_locals.get("self"), "__name__", ""))) or self._by_name(
                "torch.ops.aten"
            )
        return self.objects.get(id(code), "") or self._by_name(f"{module}.{code.co_qualname}")

    def _built_in(self, function: Any) -> str:
        """The forbidden name that a function in C stands for, or ''."""
        if id(function) in self.objects:
            return self.objects[id(function)]
        name, owner = str(getattr(function, "__name__", "")), getattr(function, "__self__", None)
        if isinstance(owner, ModuleType):
            place = owner.__name__
        elif isinstance(owner, type):
            place = "torch" if owner.__name__.startswith("_VariableFunctions") else owner.__module__
        elif owner is not None:
            place = f"{type(owner).__module__}.{type(owner).__name__}"
        else:
            place = str(getattr(function, "__module__", None) or "")
        if place.partition(".")[0] == "torch" and (found := self._by_last_name(name)):
            return found
        return "" if place.startswith("torch._C") else self._by_name(f"{place}.{name}")

    def _by_name(self, dotted: str) -> str:
        if dotted not in self.known:
            found = (n for each, n in self.forbidden.items() if dotted == each or dotted.startswith(each + "."))
            self.known[dotted] = next(found, "")
        return self.known[dotted]

    def _by_last_name(self, name: str) -> str:
        plain = name.strip("_")
        for last, forbidden in self.last_names.items():
            if plain == last or (len(last) >= TELLING_LENGTH and last in plain):
                return forbidden
        return ""

    def _note(self, name: str, frame: FrameType | None) -> None:
        if not name or len(self.uses) >= USES_LIMIT:
            return
        lines = (each.f_lineno for each in _outwards(frame) if each.f_code.co_filename == self.path)
        self.uses.append([name, next(lines, 1)])


def _outwards(frame: FrameType | None) -> Iterator[FrameType]:
    while frame is not None:
        yield frame
        frame = frame.f_back


def _found(dotted: str) -> Any:
    """The object of a dotted name, if the modules on the way are loaded."""
    first, *rest = dotted.split(".")
    found: Any = sys.modules.get(first)
    for part in rest:
        found = getattr(found, part, None)
    return found


def _torch_mode(watch: Watch) -> Any:
    """Sees every function that torch dispatches, also one that C code called, as `map` does."""
    from torch.overrides import TorchFunctionMode

    theirs = watch.theirs

    class Mode(TorchFunctionMode):
        def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            caller = sys._getframe(1)
            if caller.f_code.co_filename in theirs:
                watch._note(watch.objects.get(id(func), "") or watch._built_in(func), caller)
            return func(*args, **(kwargs or {}))

    return Mode()
