"""The loop of a worker: load the learner's module, then answer calls on it until the other side hangs up.

Requests are dictionaries under 'do': layers, load, case, call, get, set. `case` forgets every object and seeds every
random generator, and has no answer. Every other request is answered by {'v': value, 'o': printed} or
{'e': error, 'o': printed}, with 'w' if forbidden names were seen used.
"""

from __future__ import annotations

import importlib
import io
import math
import os
import random
import sys
import traceback
from collections.abc import Callable, Iterator
from types import FrameType, ModuleType
from typing import Any, Protocol

from tutor import probes, wire
from tutor.promises import Promise
from tutor.worker import finder, shapes
from tutor.worker.watch import Watch

PRINTED_LIMIT = 2000
"""Characters kept of what one call prints."""
MESSAGE_LIMIT = 2000
FRAME_LIMIT = 20
"""Lines of the learner's files kept of one traceback."""


class Link(Protocol):
    """Where frames come from and go to."""

    def read_frame(self) -> bytes:
        """The next whole frame. Raises EOFError when the other side hangs up."""

    def write(self, frame: bytes) -> None:
        """Send a whole frame."""


class Printed(io.TextIOBase):
    """Takes the place of stdout and stderr: keeps the first characters, counts nothing else."""

    def __init__(self) -> None:
        self.text = ""

    def writable(self) -> bool:
        """Always."""
        return True

    def write(self, text: str) -> int:
        """Keep what there is room for."""
        room = PRINTED_LIMIT - len(self.text)
        if room > 0:
            self.text += text[:room]
        return len(text)

    def take(self) -> str:
        """What was printed since the last call."""
        text, self.text = self.text, ""
        return text


class Loop:
    """One submission in one process."""

    def __init__(self, link: Link, box: int, layers: list[Any]) -> None:
        """`box` is the descriptor of the black box: the last words of a process that is about to be killed."""
        self.link, self.box, self.layers = link, box, layers
        self.printed = Printed()
        self.objects: list[Any] = []
        self.probes: dict[str, Any] = {}
        self.seen_by_probes: Any = None
        self.paths: set[str] = set()
        self.watch = Watch([], "")
        self.watching = False

    def run(self) -> None:
        """Answer until the other side hangs up."""
        sys.stdout = sys.stderr = self.printed
        actions: dict[str, Callable[[dict[str, Any]], Any]] = {
            "layers": lambda _: self.layers, "load": self._load, "call": self._call, "get": self._get, "set": self._set,
        }  # fmt: skip
        while True:
            try:
                request = wire.decode(self.link.read_frame())
            except EOFError:
                return
            if request["do"] == "case":
                self._begin(request["seed"], request["watch"])
                continue
            self.link.write(self._answer(actions[request["do"]], request))

    def _answer(self, action: Callable[[dict[str, Any]], Any], request: dict[str, Any]) -> bytes:
        try:
            if self.watching:
                with self.watch:
                    answer = {"v": action(request)}
            else:
                answer = {"v": action(request)}
            return wire.encode({**answer, **self._beside()}, self._keep)
        except BaseException as error:  # noqa: BLE001  learner code may raise anything, and the loop must go on
            return wire.encode({"e": self._told(error), **self._beside()})

    def _beside(self) -> dict[str, Any]:
        """What goes with every answer: the text printed, and forbidden names used."""
        return {"o": self.printed.take(), **({"w": uses} if (uses := self.watch.take()) else {})}

    def _load(self, request: dict[str, Any]) -> None:
        sources = {name: (text.decode(), path) for name, (text, path) in request["sources"].items()}
        self.paths = {path for _, path in sources.values()}
        finder.install(sources)
        if request["trace"]:
            sys.settrace(self._trace)
        self.watch = Watch(request["forbidden"], request["sources"][request["main"]][1])
        self._begin(0, watch=False)
        with self.watch:
            module = importlib.import_module(request["main"])
        self.probes = _probe_functions(request["probes"].decode())
        self.seen_by_probes = Held(module, {name: Promise(name, text) for name, text in request["returns"].items()})
        self.objects = [module]

    def _begin(self, seed: int, watch: bool) -> None:
        self.watching = watch
        del self.objects[1:]
        random.seed(seed)
        if "torch" in sys.modules:
            # torch.manual_seed also queues work for every kind of GPU, with a traceback each: 0.25 ms a case.
            sys.modules["torch"].default_generator.manual_seed(seed)
        if "numpy" in sys.modules:
            sys.modules["numpy"].random.seed(seed % (1 << 32))

    def _call(self, request: dict[str, Any]) -> Any:
        function, args = self._resolve(request["f"]), self._resolve(request["a"])
        if type(request["f"]) is wire.Named:
            args = tuple(self.seen_by_probes if each is self.objects[0] else each for each in args)
        return function(*args, **self._resolve(request["k"]))

    def _get(self, request: dict[str, Any]) -> Any:
        return self._resolve(request["r"])

    def _set(self, request: dict[str, Any]) -> None:
        setattr(self._resolve(request["r"]), request["name"], self._resolve(request["value"]))

    def _resolve(self, value: Any) -> Any:
        """The value with every reference replaced by what it refers to."""
        kind = type(value)
        if kind in (list, tuple):
            return kind(self._resolve(each) for each in value)
        if kind is dict:
            return {name: self._resolve(each) for name, each in value.items()}
        if kind is wire.Named:
            return probes.BUILTIN[value.name] if value.builtin else self.probes[value.name]
        if kind is wire.Path:
            target = self.objects[value.number]
            for part in value.path.split(".") if value.path else ():
                target = getattr(target, part)
            return target
        return value

    def _keep(self, value: Any) -> wire.Handle:
        self.objects.append(value)
        return wire.Handle(len(self.objects) - 1, type(value).__name__[:100])

    def _told(self, error: BaseException) -> dict[str, Any]:
        return {
            "type": type(error).__name__[:100],
            "bases": [each.__name__[:100] for each in type(error).__mro__[:12]],
            "message": _message(error),
            "frames": list(self._frames(error))[-FRAME_LIMIT:],
            "names": shapes.on_the_line(error, self.paths),
            "line": error.lineno if isinstance(error, SyntaxError) and error.filename in self.paths else None,
            "unusable": isinstance(error, probes.Unusable | wire.WireError),
        }

    def _frames(self, error: BaseException) -> Iterator[list[Any]]:
        for frame, number in traceback.walk_tb(error.__traceback__):
            if frame.f_code.co_filename in self.paths:
                yield [frame.f_code.co_filename, number, frame.f_code.co_name[:100]]

    def _trace(self, frame: FrameType, event: str, argument: Any) -> Any:
        """Write the learner's present line into the black box, so that it outlives the process."""
        code = frame.f_code
        if code.co_filename not in self.paths:
            return None
        words = f'  File "{code.co_filename}", line {frame.f_lineno} in {code.co_name}\n'
        os.pwrite(self.box, words.encode()[:250].ljust(256), 0)
        return self._trace


def _message(error: BaseException) -> str:
    try:
        return str(error)[:MESSAGE_LIMIT]
    except BaseException:  # noqa: BLE001  the text of an exception is learner code too
        return "(its message cannot be read)"


class Held:
    """The learner's module as a probe sees it: its functions are held to what their stubs promise to return.

    A probe unpacks and indexes what it gets; without this, a wrong type would break it with words of our own.
    """

    def __init__(self, module: ModuleType, promises: dict[str, Promise]) -> None:
        self._module, self._promises = module, promises

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._module, name)
        return _held(value, self._promises[name]) if name in self._promises else value


def _held(function: Callable[..., Any], promise: Promise) -> Callable[..., Any]:
    def call(*args: Any, **kwargs: Any) -> Any:
        value = function(*args, **kwargs)
        objection = promise.objection(value)
        if objection:
            raise probes.Unusable(objection)
        return value

    return call


def _probe_functions(text: str) -> dict[str, Any]:
    """The exercise's own probes, defined from their source text."""
    names: dict[str, Any] = {"math": math, "random": random, "load": probes.load, "Unusable": probes.Unusable}
    for name, short in (("torch", "torch"), ("numpy", "np")):
        if name in sys.modules:
            names[short] = sys.modules[name]
    exec(compile(text, "<probes>", "exec"), names)
    return names
