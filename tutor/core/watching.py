"""Whether files were saved: where the operating system does not tell, and which ones it was.

Stamps           what files looked like when they were last looked at
needs_polling    whether changes in a folder must be polled for
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

_SILENT = ("nfs", "cifs", "smb", "9p", "drvfs", "vboxsf", "vmhgfs", "prl_fs", "fuse.", "afs", "ceph", "gluster")
"""File systems (beginnings of their names) on which changes made elsewhere are not announced."""


def needs_polling(folder: Path, mounts: Path = Path("/proc/self/mounts")) -> bool:
    """Whether changes below `folder` must be polled for: network mounts, and Windows' drives under WSL.

    The environment variable TUTOR_POLL (1 or 0) decides it by hand.
    """
    by_hand = os.environ.get("TUTOR_POLL")
    if by_hand:
        return by_hand != "0"
    return _file_system(folder.resolve(), mounts).startswith(_SILENT)


def _file_system(folder: Path, mounts: Path) -> str:
    """The type of the file system that holds the folder; '' where the system does not say."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    found, depth = "", -1
    for line in lines:
        _, place, kind, *_ = line.split(" ")
        mount = Path(place.replace("\\040", " "))
        if folder.is_relative_to(mount) and len(mount.parts) >= depth:
            found, depth = kind, len(mount.parts)
    return found


class Stamps:
    """What files looked like when they were last looked at.

    A watcher's events only say when to look: one that polls misses a second save within the same second.
    """

    def __init__(self, files: Mapping[str, Path]) -> None:
        self._files = dict(files)
        self._known = {name: _stamp(path) for name, path in self._files.items()}

    def changed(self) -> list[str]:
        """Names of the files that differ from when this was last asked, a deleted one left out."""
        now = {name: _stamp(path) for name, path in self._files.items()}
        saved = [name for name, stamp in now.items() if stamp != self._known[name] and stamp is not None]
        self._known = now
        return saved


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
