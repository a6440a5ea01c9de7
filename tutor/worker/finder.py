"""Imports of `exercises.<track>.<exercise>` from texts in memory: the learner's own file, or a borrowed solution.

Only the texts it was given exist: nothing else under `exercises` can be imported, whatever lies on the disk.
"""

from __future__ import annotations

import importlib.abc
import importlib.util
import linecache
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from types import CodeType, ModuleType

PACKAGE = "exercises"


class SourceFinder(importlib.abc.MetaPathFinder):
    """Finds the modules of `sources` and the packages above them."""

    def __init__(self, sources: dict[str, tuple[str, str]]) -> None:
        """`sources` maps 'exercises.gpt.block' to (source text, path shown in tracebacks)."""
        self.sources = sources
        self.packages = {PACKAGE} | {name.rpartition(".")[0] for name in sources}

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The spec of one of ours; raises ModuleNotFoundError for any other name under `exercises`."""
        if fullname.partition(".")[0] != PACKAGE:
            return None
        if fullname in self.packages:
            return importlib.util.spec_from_loader(fullname, _PackageLoader(), is_package=True)
        if fullname in self.sources:
            return importlib.util.spec_from_loader(fullname, _TextLoader(*self.sources[fullname]))
        raise ModuleNotFoundError(
            f"{fullname} is not among the earlier exercises that this one builds on", name=fullname
        )


class _PackageLoader(importlib.abc.Loader):
    def exec_module(self, module: ModuleType) -> None:
        """A package made of nothing."""


class _TextLoader(importlib.abc.InspectLoader):
    def __init__(self, text: str, path: str) -> None:
        self.text, self.path = text, path

    def get_source(self, fullname: str) -> str:
        return self.text

    def get_code(self, fullname: str) -> CodeType:
        return compile(self.text, self.path, "exec", dont_inherit=True)

    def exec_module(self, module: ModuleType) -> None:
        module.__file__ = self.path
        linecache.cache[self.path] = (len(self.text), None, self.text.splitlines(keepends=True), self.path)
        exec(self.get_code(module.__name__), module.__dict__)


def install(sources: dict[str, tuple[str, str]]) -> None:
    """Make `sources` importable, in place of whatever this process imported under `exercises` before."""
    for old in [each for each in sys.meta_path if isinstance(each, SourceFinder)]:
        # Not by a search through sys.modules: in a forked process that would copy a page for each of its names.
        for name in old.packages | set(old.sources):
            sys.modules.pop(name, None)
        sys.meta_path.remove(old)
    sys.meta_path.insert(0, SourceFinder(sources))
