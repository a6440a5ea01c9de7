"""Landlock: the kernel refuses every file that is not on a list of folders to read and one folder to write.

Source: the Linux kernel's documentation, userspace-api/landlock. What it does not stop here: files opened before,
`stat` of any path, and, before ABI 4, TCP connections. A rule only allows; nothing below an allowed folder can be
taken out again, so site-packages is never allowed whole: in an installed tutor the course lies there.
"""

from __future__ import annotations

import ctypes
import os
import sys
import sysconfig
from collections.abc import Iterable, Mapping
from pathlib import Path

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
"""System call numbers; the same on every architecture."""
RULE_PATH_BENEATH = 1
NO_NEW_PRIVS = 38
"""Of prctl."""

READ = 0b1101
"""Execute, read a file, read a folder (bits 0, 2, 3)."""


FILE_RIGHTS = 1 | 1 << 1 | 1 << 2 | 1 << 14
"""Rights that make sense on a plain file: execute, write, read, truncate."""


class _Ruleset(ctypes.Structure):
    _fields_ = (("fs", ctypes.c_uint64), ("net", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = (("access", ctypes.c_uint64), ("fd", ctypes.c_int32))


def abi() -> int:
    """The kernel's Landlock version, or 0 where there is none."""
    if not sys.platform.startswith("linux"):
        return 0
    version = ctypes.CDLL(None).syscall(CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(1))
    return max(int(version), 0)


def restrict(readable: Mapping[str, int], writable: Iterable[Path]) -> str:
    """Allow only these from now on, in this process and its children. Returns '' or the reason why it is not active.

    `readable` is what `readable_paths` found: hundreds of rules, so all that can be known before is known before.
    """
    version = abi()
    if not version:
        return "this kernel has no Landlock (Linux 5.13 or newer is needed)"
    libc = ctypes.CDLL(None, use_errno=True)
    handled = _filesystem_rights(version)
    attributes = _Ruleset(handled, 0b11 if version >= 4 else 0, 0b11 if version >= 6 else 0)
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    ruleset = libc.syscall(CREATE_RULESET, ctypes.byref(attributes), ctypes.c_size_t(size), ctypes.c_uint32(0))
    if ruleset < 0:
        return f"the kernel refused a Landlock ruleset: {os.strerror(ctypes.get_errno())}"
    for path, access in readable.items():
        _allow(libc, ruleset, path, access)
    for folder in writable:
        _allow(libc, ruleset, str(folder), handled)
    libc.prctl(NO_NEW_PRIVS, 1, 0, 0, 0)
    refused = libc.syscall(RESTRICT_SELF, ruleset, ctypes.c_uint32(0))
    os.close(ruleset)
    return f"the kernel refused to restrict: {os.strerror(ctypes.get_errno())}" if refused else ""


def _filesystem_rights(version: int) -> int:
    """Every file right that this version of Landlock knows."""
    bits = {1: 13, 2: 14, 3: 15, 4: 15}.get(version, 16)
    return (1 << bits) - 1


def _allow(libc: ctypes.CDLL, ruleset: int, path: str, access: int) -> None:
    """One rule; a path that does not exist needs none."""
    try:
        fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    rule = _PathBeneath(access, fd)
    libc.syscall(ADD_RULE, ruleset, RULE_PATH_BENEATH, ctypes.byref(rule), ctypes.c_uint32(0))
    os.close(fd)


def readable_paths() -> dict[str, int]:
    """What learner code must read to run, with rights: standard library, packages imported so far, shared objects.

    Everything is listed one by one: neither site-packages nor a checkout is ever allowed whole.
    """
    found = {*_standard_library(), *_packages(), *_mapped_files(), *_system_files()}
    return {str(path): READ if path.is_dir() else READ & FILE_RIGHTS for path in sorted(found) if path.exists()}


def _standard_library() -> Iterable[Path]:
    for name in ("stdlib", "platstdlib"):
        folder = Path(sysconfig.get_path(name))
        yield from (each for each in _children(folder) if each.name not in ("site-packages", "dist-packages"))


def _children(folder: Path) -> list[Path]:
    return list(folder.iterdir()) if folder.is_dir() else []


def _packages() -> Iterable[Path]:
    """Folders of the installed packages this process has imported, except tutor's own."""
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if "." in name or name in ("tutor", "__main__") or name.startswith("__editable__") or not file:
            continue
        place = Path(file)
        yield place.parent if place.name == "__init__.py" else place
        libraries = place.parent.with_name(f"{name}.libs")
        if libraries.is_dir():
            yield libraries


def _mapped_files() -> Iterable[Path]:
    """Shared objects mapped right now."""
    try:
        lines = Path("/proc/self/maps").read_text().splitlines()
    except OSError:
        return
    for line in lines:
        name = line.split(maxsplit=5)[5:]
        if name and name[0].startswith("/") and ".so" in name[0]:
            yield Path(name[0])


def _system_files() -> Iterable[Path]:
    names = ("/dev/null", "/dev/urandom", "/dev/zero", "/etc/localtime", "/usr/share/zoneinfo",
             "/proc/cpuinfo", "/proc/meminfo", "/sys/devices/system/cpu")  # fmt: skip
    return (Path(name) for name in names)
